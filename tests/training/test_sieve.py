"""The sieves' thresholds: each stops no more windows with a note than it says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from corpus.library import Library
from corpus.pages import PageMaker
from telltale.classifier.encoder import SIEVES
from telltale.domain import Page
from telltale.reader import Reader
from telltale.settings import default_models_dir
from training.examples import labelled
from training.sieve import OPEN, limits_of, noted_windows, shares_read


@pytest.fixture
def reader():
    before = torch.get_num_threads()
    yield Reader.load(default_models_dir(), "fp32")
    torch.set_num_threads(before)


def pages_of(recipe: str, count: int) -> list[Page]:
    maker = PageMaker(Library.load(dev=True), 12)
    return [labelled(maker.page(recipe))[0] for _ in range(count)]


def test_what_is_stopped_is_counted(reader):
    pages = pages_of("note", 40)
    noted = [found.window for page in pages for found in noted_windows(reader, page) if found.stands]
    limits, facts = limits_of(reader, pages)
    stopped = sum((reader.classifier.sift(window) < np.array(limits)[:, None]).all(1).any() for window in noted)
    assert reader.classifier.card.sieves == limits and len(limits) == len(SIEVES)
    assert facts["windows_of_notes"] == len(noted) > 20
    assert sum(facts["lost"]) == stopped <= len(SIEVES)


def test_a_window_for_review_alone_does_not_stand(reader):
    page = next(p for p in pages_of("note", 20) if any(found.stands for found in noted_windows(reader, p)))
    reader.limits = {kind: replace(limits, stand=2.0, grow=2.0) for kind, limits in reader.limits.items()}
    found = [*noted_windows(reader, page)]
    assert found and not any(window.stands for window in found)


def test_what_ordinary_pages_are_read_on_for(reader):
    pages = pages_of("ordinary", 10)
    windows = [window for page in pages for window in reader.windows(page)]
    facts = shares_read(reader, pages)
    assert facts["ordinary_sentences"] == sum(len(window.sentences) for window in windows)
    assert sorted(facts["read"], reverse=True) == facts["read"] and len(facts["read"]) == len(SIEVES)
    assert 0 <= facts["whole"] <= 0.5
    reader.classifier.card = replace(reader.classifier.card, sieves=OPEN)
    assert shares_read(reader, pages) == facts | {"read": [1.0] * len(SIEVES), "whole": 1.0}

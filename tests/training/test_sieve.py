"""The sieves' thresholds: each stops no more sentences of notes than it says."""

from __future__ import annotations

import pytest
import torch
from corpus.library import Library
from corpus.pages import PageMaker
from telltale.classifier.encoder import SIEVES
from telltale.classifier.score import NEVER
from telltale.reader import Reader
from telltale.settings import default_models_dir
from training.examples import labelled
from training.sieve import NONE, limits_of, noted_windows


@pytest.fixture
def reader():
    before = torch.get_num_threads()
    yield Reader.load(default_models_dir(), "fp32")
    torch.set_num_threads(before)


def test_what_is_stopped_is_counted(reader):
    maker = PageMaker(Library.load(dev=True), 12)
    pages = [labelled(maker.page("note"))[0] for _ in range(40)]
    known = [found for page in pages for found in noted_windows(reader, page)]
    limits, facts = limits_of(reader, pages)
    stopped = sum((reader.classifier.sift(found.window)[-1] == NEVER)[found.notes != NONE].sum() for found in known)
    assert reader.classifier.card.sieves == limits and len(limits) == len(SIEVES)
    assert facts["sentences_of_notes"] == sum((found.notes != NONE).sum() for found in known) > 40
    assert sum(facts["lost"]) == stopped <= len(SIEVES)

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
from training import sieve
from training.examples import labelled
from training.sieve import OPEN, Noted, limits_of, noted_windows, shares_read


@pytest.fixture
def reader():
    before = torch.get_num_threads()
    yield Reader.load(default_models_dir(), "fp32")
    torch.set_num_threads(before)


def pages_of(recipe: str, count: int) -> list[Page]:
    maker = PageMaker(Library.load(dev=True), 12)
    return [labelled(maker.page(recipe))[0] for _ in range(count)]


def stopped(reader: Reader, known: list[Noted], limits: tuple[float, ...]) -> int:
    shown = [reader.classifier.sift(found.window)[:, found.own] for found in known]
    return sum((odds < np.array(limits)[:, None]).all(1).any() for odds in shown)


def test_what_is_stopped_is_counted(reader, monkeypatch):
    monkeypatch.setattr(sieve, "LOST", 0.1)
    monkeypatch.setattr(sieve, "LOST_DOUBTS", 0.3)
    pages = pages_of("note", 40)
    known = [found for page in pages for found in noted_windows(reader, page)]
    limits, facts = limits_of(reader, pages)
    assert reader.classifier.card.sieves == limits and len(limits) == len(SIEVES)
    for stands, windows, lost in ((True, "windows_of_notes", "lost"), (False, "windows_of_doubts", "lost_doubts")):
        own = [found for found in known if found.stands == stands]
        assert facts[windows] == len(own)
        assert sum(facts[lost]) == stopped(reader, own, limits)
    assert 0 < sum(facts["lost"]) < 0.5 * facts["windows_of_notes"]


def test_doubts_hold_the_thresholds_down(reader, monkeypatch):
    doubt = next(f for p in pages_of("note", 60) for f in noted_windows(reader, p) if not f.stands)
    note = next(f for p in pages_of("note", 20) for f in noted_windows(reader, p) if f.stands)
    monkeypatch.setattr(sieve, "noted_windows", lambda reader, known: known)
    (free, *_), _ = limits_of(reader, [[note]])
    (held, *_), _ = limits_of(reader, [[note, doubt]])
    strongest = [float(reader.classifier.sift(found.window, 1)[0, found.own].max()) for found in (note, doubt)]
    assert held == round(min(strongest) - sieve.MARGIN, 3) and free == round(strongest[0] - sieve.MARGIN, 3)


def test_pages_without_a_note_set_no_threshold(reader):
    bare = next(page for page in pages_of("ordinary", 20) if not [*noted_windows(reader, page)])
    with pytest.raises(ValueError, match="No note stands"):
        limits_of(reader, [bare])


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
    assert 0 <= facts["to_the_end"] <= 0.5
    reader.classifier.card = replace(reader.classifier.card, sieves=OPEN)
    assert shares_read(reader, pages) == facts | {"read": [1.0] * len(SIEVES), "to_the_end": 1.0}

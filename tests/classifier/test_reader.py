"""A page in sections: a huge one is read piece by piece, an ordinary one at once."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from telltale.classifier.weights import Thresholds
from telltale.domain import LABELS, Block, Page
from telltale.reader import LONGEST_HEAD, SECTION, Reader, head_of, sentences_of


class Lengths:
    """A classifier whose score of a sentence is its length; it keeps how many it was given at once."""

    card = SimpleNamespace(name="lengths", thresholds=Thresholds(0.9, 0.9, 0.5, 0.3))
    choice = "none"

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def score(self, sentences, opens, title=""):
        assert len(sentences) == len(opens) and title == "Title"
        self.sizes.append(len(sentences))
        return np.array([[len(s)] * len(LABELS) for s in sentences], dtype=np.float32).reshape(-1, len(LABELS))


@pytest.mark.parametrize(
    ("blocks", "sizes"),
    [(0, [1]), (40, [41]), (SECTION - 1, [SECTION]), (2 * SECTION, [SECTION, SECTION, 1])],
)
def test_a_page_is_read_in_sections_and_every_sentence_keeps_its_score(blocks, sizes):
    page = Page("Title", tuple(Block("a" * (1 + i % 7)) for i in range(blocks)))
    places, texts = sentences_of(page)
    classifier = Lengths()
    scores = Reader(classifier).scores(page, places, texts)
    assert classifier.sizes == sizes
    assert scores[:, 0].tolist() == [p.end - p.start for p in places]


def test_a_title_without_end_is_no_more_work_than_a_long_one():
    title = "a" + 100_000 * "\u0315\u0300"  # NFKC would sort these for minutes
    assert head_of(Page(title, ())) == title[:LONGEST_HEAD]


def test_a_long_page_is_read_no_further_than_it_is_asked_for():
    classifier = Lengths()
    steps = Reader(classifier).steps(Page("Title", tuple(Block("a") for _ in range(5 * SECTION))))
    assert [next(steps), next(steps)] == [None, None]
    assert classifier.sizes == [SECTION, SECTION]

"""A page through all of it: texts → sentences → scores → notes → verdict. The same path for the daemon and the CLI."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .classifier.memory import give_back
from .classifier.pack import Window
from .classifier.score import Classifier
from .domain import Kind, Page, Reading
from .judge import Limits, Place, judge, verdict_of
from .text.segment import segment

LONGEST_TITLE = 200  # characters; longer first blocks are paragraphs
LONGEST_HEAD = 600  # of a given title: windows hold few of its tokens, normalising takes the square of its length
SECTION = 1000  # sentences that are read at once: articles have fewer, and a hostile page must not take all memory


class Reader:
    """Reads pages with one loaded model. Blocking and CPU heavy; owned by one thread."""

    def __init__(self, classifier: Classifier) -> None:
        self.classifier = classifier
        self.model = classifier.card.name
        self.speed = str(classifier.choice)
        t = classifier.card.thresholds
        self.limits = {
            Kind.LEAK: Limits(t.leak, t.grow, t.possible),
            Kind.DISCLOSURE: Limits(t.disclosure, t.grow, t.possible),
        }

    @classmethod
    def load(cls, folder: Path, precision: str = "auto", device: str = "cpu") -> Reader:
        """Load the model folder (about a second). Raises `classifier.weights.ModelError` with one sentence."""
        return cls(Classifier.load(folder, precision, device))

    def read(self, page: Page) -> Reading:
        """The reading of a page: which sentences of its title, byline and blocks stand as notes."""
        *_, reading = self.steps(page)
        assert reading
        return reading

    def steps(self, page: Page) -> Iterator[Reading | None]:
        """The same step by step, a section at each: the last gives the reading, those before nothing."""
        places, texts = sentences_of(page)
        scores: list[NDArray[np.float32]] = []
        for section in self._sections(page, places, texts):
            if scores:
                yield None
            scores.append(self.classifier.score(*section))
        notes, possible = judge(places, texts, np.concatenate(scores), self.limits)
        yield Reading(verdict_of(notes), notes, possible, self.model, len(places))

    def rest(self) -> None:
        """Give memory back that is kept for the next page: some 160 MB after a few of them."""
        give_back()

    def scores(self, page: Page, places: Sequence[Place], texts: Sequence[str]) -> NDArray[np.float32]:
        """Probabilities [sentences, labels] of the sentences of `sentences_of(page)`."""
        return np.concatenate([self.classifier.score(*section) for section in self._sections(page, places, texts)])

    def windows(self, page: Page) -> list[Window]:
        """The packed windows of a whole page, for measuring."""
        places, texts = sentences_of(page)
        return self.classifier.windows(quotes_of(places, texts), opens_of(places), head_of(page))

    def _sections(
        self, page: Page, places: Sequence[Place], texts: Sequence[str]
    ) -> Iterator[tuple[list[str], list[bool], str]]:
        quotes, opens, head = quotes_of(places, texts), opens_of(places), head_of(page)
        for at in range(0, max(len(quotes), 1), SECTION):
            yield quotes[at : at + SECTION], opens[at : at + SECTION], head


def head_of(page: Page) -> str:
    """What every window is told about the page: its title, else its first block if that is short enough to be one."""
    if page.title.strip() or not page.blocks:
        return page.title[:LONGEST_HEAD]
    first = page.blocks[0].text
    return first if len(first) <= LONGEST_TITLE else ""


def opens_of(places: Sequence[Place]) -> list[bool]:
    """Which sentences begin a block."""
    return [i == 0 or not place.follows(places[i - 1]) for i, place in enumerate(places)]


def quotes_of(places: Sequence[Place], texts: Sequence[str]) -> list[str]:
    """The words of each sentence of `sentences_of(page)`."""
    return [text[p.start : p.end] for p, text in zip(places, texts, strict=True)]


def sentences_of(page: Page) -> tuple[list[Place], list[str]]:
    """Each sentence's place, and the whole text it points into; title and byline come first."""
    parts: list[tuple[str, int | None, str]] = [("title", None, page.title), ("byline", None, page.byline)]
    parts += [("block", i, block.text) for i, block in enumerate(page.blocks)]
    places = [(Place(where, i, start, end), text) for where, i, text in parts for start, end in segment(text)]
    return [p for p, _ in places], [t for _, t in places]

"""Generated pages into labelled windows, by the product's own segmentation and packing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.pages import MadePage, join
from telltale.classifier.pack import Packing, Window, pack
from telltale.classifier.pieces import Pieces
from telltale.domain import LABELS, NONE, NONE_AT, Block, Page
from telltale.reader import head_of, opens_of, quotes_of, sentences_of

IGNORED = -100  # a sentence of which a part of a note is less than NOTE_SHARE teaches nothing
NOTE_SHARE = 0.6

Spans = list[tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class Example:
    """One window with the label index of each sentence it scores."""

    window: Window
    labels: list[int]


def labelled(made: MadePage) -> tuple[Page, list[Spans]]:
    """The page as the reader gets it, and the labelled spans of title, byline and each block."""
    parts = [join(run) for run in (made.title, made.byline, *made.blocks)]
    (title, _), (byline, _), *blocks = parts
    page = Page(title=title, byline=byline, blocks=tuple(Block(text) for text, _ in blocks), lang=made.lang)
    return page, [spans for _, spans in parts]


def sentence_labels(page: Page, spans: Sequence[Spans]) -> list[int]:
    """The label index of each sentence of `sentences_of(page)`, or IGNORED."""
    places, _ = sentences_of(page)
    order = {"title": 0, "byline": 1}
    return [_label(p.start, p.end, spans[order[p.where] if p.block is None else p.block + 2]) for p in places]


def _label(start: int, end: int, spans: Spans) -> int:
    """A note that stands whole in a sentence makes it one, however much of the sentence is none, as a label does before a
    paragraph; the longest of several. Otherwise the greatest share decides."""
    shares: Counter[tuple[bool, str]] = Counter()
    for a, b, label in spans:
        inside = min(b, end) - max(a, start)
        if label != NONE and inside > 0:
            shares[inside == b - a, label] += inside
    if not shares:
        return NONE_AT
    (whole, note), most = max(shares.items(), key=lambda share: (share[0][0], share[1]))
    return LABELS.index(note) if whole or most >= NOTE_SHARE * (end - start) else IGNORED


def examples_of(made: MadePage, pieces: Pieces, sizes: Packing) -> list[Example]:
    """The windows of a page with their labels; windows without any labelled sentence are left out."""
    page, spans = labelled(made)
    labels = sentence_labels(page, spans)
    places, texts = sentences_of(page)
    given = [*quotes_of(places, texts), head_of(page)]
    *ids, head = pieces.numbers(given)
    made_windows = [Example(w, [labels[i] for i in w.sentences]) for w in pack(ids, opens_of(places), head, sizes)]
    return [e for e in made_windows if any(label != IGNORED for label in e.labels)]

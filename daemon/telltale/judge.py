"""Scores into notes, notes into a verdict. Pure: no model, no web."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .domain import DISCLOSURES_AT, LABELS, LEAKS_AT, Kind, Note, Verdict, kind_of


@dataclass(frozen=True, slots=True)
class Limits:
    """The thresholds of one kind: a sentence stands from `stand` on, beside a standing one from `grow`, and is kept for
    review from `possible`."""

    stand: float
    grow: float
    possible: float


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence's place on the page: the text it is in (`where`, `block`) and its code points there."""

    where: str
    block: int | None
    start: int
    end: int

    def follows(self, other: Place) -> bool:
        """Whether both are in the same text."""
        return (self.where, self.block) == (other.where, other.block)


def judge(
    places: Sequence[Place], texts: Sequence[str], scores: NDArray[np.float32], limits: dict[Kind, Limits]
) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
    """The notes that stand, and those for review only. `texts[i]` is the whole text that `places[i]` points into."""
    levels = [_level(row, limits) for row in scores]
    standing = _grown(places, levels, limits)
    notes = _merge(places, texts, scores, standing)
    review = [
        None if stands or level[1] < limits[level[0]].possible else level
        for stands, level in zip(standing, levels, strict=True)
    ]
    return notes, _merge(places, texts, scores, review)


def verdict_of(notes: Sequence[Note]) -> Verdict:
    """Disclosed if a disclosure stands, else undisclosed if a leak stands, else none."""
    kinds = {note.kind for note in notes}
    if Kind.DISCLOSURE in kinds:
        return Verdict.DISCLOSED
    return Verdict.UNDISCLOSED if Kind.LEAK in kinds else Verdict.NONE


Level = tuple[Kind, float]


def _level(row: NDArray[np.float32], limits: dict[Kind, Limits]) -> Level:
    leak, disclosure = float(row[LEAKS_AT].sum()), float(row[DISCLOSURES_AT].sum())
    return (Kind.LEAK, leak) if leak >= disclosure else (Kind.DISCLOSURE, disclosure)


def _grown(places: Sequence[Place], levels: Sequence[Level], limits: dict[Kind, Limits]) -> list[Level | None]:
    standing = [level if level[1] >= limits[level[0]].stand else None for level in levels]
    for order in (range(1, len(levels)), range(len(levels) - 2, -1, -1)):
        step = order.step
        for i in order:
            beside, level = standing[i - step], levels[i]
            if standing[i] is None and beside and beside[0] == level[0] and places[i].follows(places[i - step]):
                standing[i] = level if level[1] >= limits[level[0]].grow else None
    return standing


def _merge(
    places: Sequence[Place], texts: Sequence[str], scores: NDArray[np.float32], levels: Sequence[Level | None]
) -> tuple[Note, ...]:
    """Neighbouring sentences of one text and one family become one note, with the highest confidence of them."""
    notes: list[Note] = []
    last: Place | None = None
    for place, text, row, level in zip(places, texts, scores, levels, strict=True):
        if level is None:
            last = None
            continue
        family = _family(row, level[0])
        start = place.start
        if last and place.follows(last) and notes[-1].family == family:
            previous = notes.pop()
            start, level = previous.start, (level[0], max(level[1], previous.confidence))
        quote = text[start : place.end]
        notes.append(Note(place.where, place.block, start, place.end, quote, level[0], family, round(level[1], 4)))
        last = place
    return tuple(notes)


def _family(row: NDArray[np.float32], kind: Kind) -> str:
    columns = LEAKS_AT if kind is Kind.LEAK else DISCLOSURES_AT
    family = LABELS[max(columns, key=lambda c: row[c])]
    assert kind_of(family) is kind
    return family

"""The sieves' thresholds: what each says of sentences that stand as notes, and how many ordinary ones are read on at it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from telltale.classifier.encoder import SIEVES
from telltale.classifier.pack import Window
from telltale.classifier.score import NEVER
from telltale.domain import Note, Page
from telltale.judge import Place, judge
from telltale.reader import Reader, sentences_of
from tqdm import tqdm

NONE = -1
OPEN = (NEVER,) * len(SIEVES)
LOST = 0.0005  # share of the notes whose strongest sentence may lie under a sieve's threshold, before the margin
LOST_SENTENCES = 0.003  # the same of all their sentences: a note may lose one in hundreds and stands
MARGIN = 0.1  # logits


@dataclass(frozen=True, slots=True)
class Noted:
    """A window, and for each of its sentences the number of the note it stands in when the page is read whole, or NONE."""

    window: Window
    notes: NDArray[np.int64]


def limits_of(reader: Reader, noted: Sequence[Page]) -> tuple[tuple[float, ...], dict[str, Any]]:
    """The threshold of each sieve, as those before it let through, and what of the notes they stop; the reader has them then."""
    known = [found for page in tqdm(noted, unit="page", desc="noted") for found in noted_windows(reader, page)]
    limits, lost = OPEN, []
    for sieve in range(len(SIEVES)):
        _use(reader, limits)
        notes = [note for found in tqdm(known, desc=f"sieve {sieve + 1}") for note in _odds(reader, found, sieve)]
        limit = round(_limit(notes) - MARGIN, 3)
        lost.append(int(sum((note < limit).sum() for note in notes)))
        limits = (*limits[:sieve], limit, *limits[sieve + 1 :])
    _use(reader, limits)
    return limits, {"sentences_of_notes": int(sum((found.notes != NONE).sum() for found in known)), "lost": lost}


def _limit(notes: Sequence[NDArray[np.float32]]) -> float:
    strongest, each = np.array([note.max() for note in notes]), np.concatenate(notes)
    return float(min(np.quantile(strongest, LOST), np.quantile(each, LOST_SENTENCES)))


def shares_read(reader: Reader, ordinary: Sequence[Page]) -> dict[str, Any]:
    """How many sentences pages without a note have, and the share of them that each sieve lets through."""
    pages = tqdm(ordinary, unit="page", desc="sifted")
    odds = np.hstack([reader.classifier.sift(window) for page in pages for window in reader.windows(page)])
    return {"ordinary_sentences": odds.shape[1], "read": (odds[1:] > NEVER).mean(1).round(4).tolist()}


def _use(reader: Reader, limits: tuple[float, ...]) -> None:
    reader.classifier.card = replace(reader.classifier.card, sieves=limits)
    reader.classifier.sifting = True


def noted_windows(reader: Reader, page: Page) -> Iterator[Noted]:
    """The windows of a page that hold a note when it is read whole."""
    reader.classifier.sifting = False
    places, texts = sentences_of(page)
    notes, _ = judge(places, texts, reader.scores(page, places, texts), reader.limits)
    numbers = np.array([next((i for i, n in enumerate(notes) if _holds(n, place)), NONE) for place in places])
    for window in reader.windows(page):
        if (numbers[window.sentences] != NONE).any():
            yield Noted(window, numbers[window.sentences])


def _holds(note: Note, place: Place) -> bool:
    return (note.where, note.block) == (place.where, place.block) and note.start <= place.start < note.end


def _odds(reader: Reader, found: Noted, sieve: int) -> Iterator[NDArray[np.float32]]:
    """The log odds at a sieve of those sentences of each note that reach it."""
    odds = reader.classifier.sift(found.window)[sieve]
    for note in {*found.notes.tolist()} - {NONE}:
        reached = odds[(found.notes == note) & (odds > NEVER)]
        if len(reached):
            yield reached

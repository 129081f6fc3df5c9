"""The sieves' thresholds: what each says of windows that hold a note, and how much of ordinary pages is read on at them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from telltale.classifier.cascade import NEVER, OPEN
from telltale.classifier.pack import Window
from telltale.classifier.sizes import SIEVES
from telltale.domain import Note, Page
from telltale.judge import Place, judge
from telltale.reader import Reader, sentences_of
from tqdm import tqdm

LOST = 0.003  # share of the windows with a note that a sieve may stop, before the margin
LOST_DOUBTS = 0.05  # the same of those in which sentences are only kept for review
MARGIN = 0.5  # logits; with less, six of 858 pages with a note lost it, none of them English


@dataclass(frozen=True, slots=True)
class Noted:
    """A window in which, the page read whole, a note `stands`, or else a sentence is kept for review; `own` are the positions of
    these sentences in the window."""

    window: Window
    stands: bool
    own: list[int]


def limits_of(reader: Reader, noted: Sequence[Page]) -> tuple[tuple[float, ...], dict[str, Any]]:
    """The threshold of each sieve, as those before it let through, and how many windows with a note, or only with sentences for
    review, it stops; the reader has them then. Raises ValueError where no note stands on the pages."""
    known = [found for page in tqdm(noted, unit="page", desc="noted") for found in noted_windows(reader, page)]
    if not any(found.stands for found in known):
        raise ValueError("No note stands on the pages that the sieves' thresholds are to be set on; train longer.")
    limits, lost, lost_doubts = OPEN, [], []
    for sieve in range(len(SIEVES)):
        _use(reader, limits)
        shown = [(found.stands, _strongest(reader, found, sieve)) for found in tqdm(known, desc=f"sieve {sieve + 1}")]
        notes, doubts = ([odds for stands, odds in shown if stands == kind and odds > NEVER] for kind in (True, False))
        limit = round(min(_limit(notes, LOST), _limit(doubts, LOST_DOUBTS)) - MARGIN, 3)
        lost.append(sum(odds < limit for odds in notes))
        lost_doubts.append(sum(odds < limit for odds in doubts))
        limits = (*limits[:sieve], limit, *limits[sieve + 1 :])
    _use(reader, limits)
    stands = sum(found.stands for found in known)
    windows = {"windows_of_notes": stands, "windows_of_doubts": len(known) - stands}
    return limits, {**windows, "lost": lost, "lost_doubts": lost_doubts}


def _strongest(reader: Reader, found: Noted, sieve: int) -> float:
    """The highest log odds that a sieve gives a sentence of the note; NEVER where none reaches it. That another sentence passes
    keeps the window in the race, but the sieves behind would have to let all through to keep it there."""
    return float(reader.classifier.sift(found.window, sieve + 1)[sieve, found.own].max())


def shares_read(reader: Reader, ordinary: Sequence[Page]) -> dict[str, Any]:
    """How many sentences pages without a note have, the share of them that each sieve lets through, and the share of their
    windows of which something is read to the end."""
    pages = tqdm(ordinary, unit="page", desc="sifted")
    limits = np.array(reader.classifier.card.sieves)[:, None]
    passed = [reader.classifier.sift(window) >= limits for page in pages for window in reader.windows(page)]
    every = np.hstack(passed)
    ended = float(np.mean([own[-1].any() for own in passed]))
    return {
        "ordinary_sentences": every.shape[1],
        "read": every.mean(1).round(4).tolist(),
        "to_the_end": round(ended, 4),
    }


def _limit(odds: Sequence[float], share: float) -> float:
    return float(np.quantile(odds, share)) if odds else np.inf


def _use(reader: Reader, limits: tuple[float, ...]) -> None:
    reader.classifier.card = replace(reader.classifier.card, sieves=limits)
    reader.classifier.sifting = True


def noted_windows(reader: Reader, page: Page) -> Iterator[Noted]:
    """The windows of a page that hold a note, or a sentence for review, when it is read whole."""
    reader.classifier.sifting = False
    places, texts = sentences_of(page)
    standing, possible = judge(places, texts, reader.scores(page, places, texts), reader.limits)
    for window in reader.windows(page):
        given = [places[i] for i in window.sentences]
        stands = _held(standing, given)
        if own := stands or _held(possible, given):
            yield Noted(window, bool(stands), own)


def _held(notes: Sequence[Note], places: Sequence[Place]) -> list[int]:
    """The positions of the places that lie in a note."""
    return [i for i, place in enumerate(places) if any(_lies_in(place, note) for note in notes)]


def _lies_in(place: Place, note: Note) -> bool:
    return (note.where, note.block) == (place.where, place.block) and note.start <= place.start < note.end

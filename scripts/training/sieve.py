"""The sieves' thresholds: what each says of sentences that stand as notes, and how many ordinary ones are read on at it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from telltale.classifier.encoder import SIEVES
from telltale.classifier.pack import Window
from telltale.classifier.score import NEAR, NEVER
from telltale.domain import Page
from telltale.judge import judge
from telltale.reader import Reader, sentences_of
from tqdm import tqdm

OPEN = (NEVER,) * len(SIEVES)
LOST = 0.0005  # share of the sentences of notes that may lie under a sieve's threshold, before the margin
MARGIN = 0.1  # logits


@dataclass(frozen=True, slots=True)
class Noted:
    """A window, and which of its sentences stand as notes when it is read whole."""

    window: Window
    stands: NDArray[np.bool_]


def limits_of(reader: Reader, noted: Sequence[Page]) -> tuple[tuple[float, ...], dict[str, Any]]:
    """The threshold of each sieve, as those before it let through, and what of the notes they stop; the reader has them then."""
    known = [found for page in tqdm(noted, unit="page", desc="noted") for found in noted_windows(reader, page)]
    limits, lost = OPEN, []
    for sieve in range(len(SIEVES)):
        _use(reader, limits)
        peaks = np.array(
            [peak for found in tqdm(known, desc=f"sieve {sieve + 1}") for peak in _peaks(reader, found, sieve)]
        )
        limit = round(float(np.quantile(peaks, LOST)) - MARGIN, 3)
        lost.append(int((peaks < limit).sum()))
        limits = (*limits[:sieve], limit, *limits[sieve + 1 :])
    _use(reader, limits)
    return limits, {"sentences_of_notes": int(sum(found.stands.sum() for found in known)), "lost": lost}


def shares_read(reader: Reader, ordinary: Sequence[Page]) -> dict[str, Any]:
    """How many sentences pages without a note have, and the share of them that each sieve lets through, with those near."""
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
    stands = np.array(
        [any((n.where, n.block) == (p.where, p.block) and n.start <= p.start < n.end for n in notes) for p in places]
    )
    for window in reader.windows(page):
        if stands[window.sentences].any():
            yield Noted(window, stands[window.sentences])


def _peaks(reader: Reader, found: Noted, sieve: int) -> Iterator[float]:
    """Of each sentence that stands and reaches a sieve the greatest log odds there that are near enough to have it read on."""
    odds = reader.classifier.sift(found.window)[sieve]
    reached = odds > NEVER
    odds = odds[reached]
    for i in np.flatnonzero(found.stands[reached]):
        yield float(odds[max(0, i - NEAR) : i + NEAR + 1].max())

"""Temperature and thresholds, from generated pages of held-out templates and from ordinary text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from telltale.classifier.weights import Thresholds
from telltale.domain import DISCLOSURES_AT, LEAKS_AT, Page
from telltale.history.wilson import unrounded
from telltale.reader import Reader, sentences_of
from tqdm import tqdm

FALSE_BADGES = 1 / 5000  # pages; the goal for ordinary news
NEAR_MISSES = 0.025  # of each kind, so that both together stay within one in twenty
GROW = 0.8  # of the lower threshold, for a sentence beside one that stands; from 0.4 on words of the article were marked too
LOWEST, HIGHEST = 0.5, 0.999


@dataclass(frozen=True, slots=True)
class Peaks:
    """The highest probability of each kind on each page: arrays [pages]."""

    leak: NDArray[np.float64]
    disclosure: NDArray[np.float64]


def peaks(reader: Reader, pages: Sequence[Page]) -> Peaks:
    """Read pages that carry no note and keep how near each came to a badge."""
    leak, disclosure = [], []
    for page in tqdm(pages, unit="page", desc="ordinary"):
        places, texts = sentences_of(page)
        scores = reader.scores(page, places, texts)
        leak.append(float(scores[:, LEAKS_AT].sum(1).max(initial=0.0)))
        disclosure.append(float(scores[:, DISCLOSURES_AT].sum(1).max(initial=0.0)))
    return Peaks(np.array(leak), np.array(disclosure))


def thresholds(ordinary: Peaks, near_misses: Peaks) -> Thresholds:
    """The lowest thresholds at which so few ordinary pages would get a badge of a kind that FALSE_BADGES of all may be the truth
    (the lower end of the 95 % interval), and at most NEAR_MISSES of the pages made to be mistaken."""
    leak, disclosure = (_limit(getattr(ordinary, kind), getattr(near_misses, kind)) for kind in ("leak", "disclosure"))
    return Thresholds(leak=leak, disclosure=disclosure, grow=round(GROW * min(leak, disclosure), 3), possible=0.3)


def badges(found: Peaks, limits: Thresholds) -> int:
    """How many pages would get a badge. Thresholds are 0.5 or more, so no sentence reaches those of both kinds."""
    return int(((found.leak >= limits.leak) | (found.disclosure >= limits.disclosure)).sum())


def _limit(ordinary: NDArray[np.float64], near_misses: NDArray[np.float64]) -> float:
    return max(_lowest(ordinary, _allowed(len(ordinary))), _lowest(near_misses, int(len(near_misses) * NEAR_MISSES)))


def _allowed(pages: int) -> int:
    return max(k for k in range(pages + 1) if unrounded(k, pages)[0] <= FALSE_BADGES)


def _lowest(values: NDArray[np.float64], allowed: int) -> float:
    """Just above all but `allowed` of the values."""
    worst = float(np.sort(values)[::-1][allowed]) if len(values) > allowed else 0.0
    return round(float(np.clip(worst + 0.05 * (1 - worst), LOWEST, HIGHEST)), 4)


def temperature(logits: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """The divisor of the logits [sentences, labels] with the least cross-entropy (Guo et al. 2017), by golden section."""
    from scipy.optimize import minimize_scalar

    def loss(t: float) -> float:
        z = logits / t
        z = z - z.max(1, keepdims=True)
        return float((np.log(np.exp(z).sum(1)) - z[np.arange(len(labels)), labels]).mean())

    return round(float(minimize_scalar(loss, bounds=(0.3, 5.0), method="bounded").x), 4)

"""Temperature and thresholds, from generated pages of held-out templates and from ordinary text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from telltale.classifier.weights import Thresholds
from telltale.domain import DISCLOSURE_FAMILIES, LABELS, LEAK_FAMILIES, Page
from telltale.reader import Reader, sentences_of
from tqdm import tqdm

FALSE_BADGES = 1 / 5000  # pages; the goal for ordinary news
LOWEST, HIGHEST = 0.5, 0.995
_LEAKS = [LABELS.index(f) for f in LEAK_FAMILIES]
_DISCLOSURES = [LABELS.index(f) for f in DISCLOSURE_FAMILIES]


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
        leak.append(float(scores[:, _LEAKS].sum(1).max(initial=0.0)))
        disclosure.append(float(scores[:, _DISCLOSURES].sum(1).max(initial=0.0)))
    return Peaks(np.array(leak), np.array(disclosure))


def thresholds(ordinary: Peaks) -> Thresholds:
    """The lowest thresholds at which at most FALSE_BADGES of the ordinary pages would get a badge, half for each kind.

    With fewer pages than one in FALSE_BADGES allows none of them may: the threshold then lies above all of them.
    """
    leak, disclosure = (_lowest(values) for values in (ordinary.leak, ordinary.disclosure))
    return Thresholds(leak=leak, disclosure=disclosure, grow=round(0.4 * min(leak, disclosure), 3), possible=0.3)


def _lowest(values: NDArray[np.float64]) -> float:
    allowed = int(len(values) * FALSE_BADGES / 2)
    worst = float(np.sort(values)[::-1][allowed]) if len(values) > allowed else 0.0
    return round(float(np.clip(worst + 0.01, LOWEST, HIGHEST)), 3)


def temperature(logits: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """The divisor of the logits [sentences, labels] with the least cross-entropy (Guo et al. 2017), by golden section."""
    from scipy.optimize import minimize_scalar

    def loss(t: float) -> float:
        z = logits / t
        z = z - z.max(1, keepdims=True)
        return float((np.log(np.exp(z).sum(1)) - z[np.arange(len(labels)), labels]).mean())

    return round(float(minimize_scalar(loss, bounds=(0.3, 5.0), method="bounded").x), 4)

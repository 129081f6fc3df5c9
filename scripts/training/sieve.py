"""The sieve's threshold: what it says of sentences that stand as notes, and how many ordinary ones are read at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from telltale.classifier.pack import near
from telltale.classifier.score import NEAR
from telltale.domain import Page
from telltale.judge import judge
from telltale.reader import Reader, sentences_of
from tqdm import tqdm

Odds = list[NDArray[np.float32]]  # of each window's sentences


@dataclass(frozen=True, slots=True)
class Sifted:
    """What the sieve says of some pages, in log odds: of each sentence that stands as a note the greatest that is near enough
    to have it read; and of pages without a note the odds of each window's sentences."""

    notes: NDArray[np.float64]
    ordinary: Odds

    def read(self, limit: float) -> float:
        """The share of the ordinary sentences that are read to the end at a limit: those that pass and those near them."""
        kept = [keep for window in self.ordinary for keep in near((window >= limit).tolist(), NEAR)]
        return sum(kept) / max(1, len(kept))


def sifted(reader: Reader, noted: Sequence[Page], ordinary: Sequence[Page]) -> Sifted:
    """Read the noted pages whole, and sift both."""
    reader.classifier.sifting = False
    notes = [peak for page in tqdm(noted, unit="page", desc="noted") for peak in _note_peaks(reader, page)]
    reader.classifier.sifting = True
    return Sifted(np.array(notes), [odds for page in ordinary for odds, _ in _odds(reader, page)])


def _note_peaks(reader: Reader, page: Page) -> list[float]:
    places, texts = sentences_of(page)
    notes, _ = judge(places, texts, reader.scores(page, places, texts), reader.limits)
    stands = [
        any((n.where, n.block) == (p.where, p.block) and n.start <= p.start < n.end for n in notes) for p in places
    ]
    return [
        float(odds[max(0, i - NEAR) : i + NEAR + 1].max())
        for odds, sentences in _odds(reader, page)
        for i, sentence in enumerate(sentences)
        if stands[sentence]
    ]


@torch.inference_mode()
def _odds(reader: Reader, page: Page) -> list[tuple[NDArray[np.float32], list[int]]]:
    """Of each window of a page the odds of its sentences, and which sentences these are."""
    return [(reader.classifier.sift([window]), window.sentences) for window in reader.windows(page)]

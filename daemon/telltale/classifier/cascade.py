"""The network read stage by stage: behind each of the first ones a sieve, and only what passes goes on (Viola & Jones 2001)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..domain import NONE_AT
from .model import Batch, SentenceTagger, collate
from .pack import Window, passing
from .sizes import SIEVES

BATCH_TOKENS = 1024  # bounds the memory of one forward pass; larger batches were no faster on 2 cores
NEAR = 3  # sentences on each side of one that passes a sieve, which the layers behind it see as they were
NEVER = float("-inf")

Limits = Sequence[float]
OPEN = (NEVER,) * len(SIEVES)  # the limits at which every sentence passes
Odds = NDArray[np.float32]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Part:
    """Some windows, the states [T, hidden] of their tokens behind the stages so far, and the batch of them."""

    windows: Sequence[Window]
    states: Tensor
    batch: Batch

    @property
    def read(self) -> list[int]:
        """The sentences that are read on."""
        return [i for window in self.windows for i in window.read]


class Cascade:
    """A network that reads windows whose sentences are numbered from 0, each once."""

    def __init__(self, network: SentenceTagger) -> None:
        self._network = network.eval()
        self._device = next(network.parameters()).device

    def read(self, windows: Sequence[Window], limits: Limits, sentences: int) -> Iterator[tuple[list[int], Tensor]]:
        """Those of so many sentences that every sieve lets pass, and their logits, part by part."""
        _, parts = self._through(windows, limits, sentences)
        for part in parts:
            yield part.read, self._network.head(part.states, part.batch)

    def sift(self, windows: Sequence[Window], limits: Limits, sentences: int) -> Odds:
        """How much each sentence looks like a note to each of the first sieves, those that have `limits`, [sieves, sentences]:
        log odds against `none`, or NEVER where a sieve before stops it."""
        odds, _ = self._through(windows, limits, sentences)
        return odds

    def _through(self, windows: Sequence[Window], limits: Limits, sentences: int) -> tuple[Odds, Iterator[Part]]:
        """What the sieves say, and what passes them, read by the stage behind the last of them once it is asked for."""
        odds = np.full((len(limits), sentences), NEVER, dtype=np.float32)
        passed = self._first(windows)
        for stage, limit in enumerate(limits):
            parts = [*passed]
            for part in parts:
                logits = self._network.sieves[stage](part.states, part.batch)
                odds[stage, part.read] = odds_of(logits).cpu().numpy()
            passed = self._behind(stage, parts, odds[stage] >= limit)
        return odds, passed

    def _first(self, windows: Sequence[Window]) -> Iterator[Part]:
        for some in batches(windows, tokens_of, BATCH_TOKENS):
            batch = self._collate(some)
            yield Part(some, self._network.first(batch), batch)

    def _behind(self, stage: int, parts: Sequence[Part], passes: NDArray[np.bool_]) -> Iterator[Part]:
        """What passes the sieve behind a stage, read on by the next one; put together to as much as a batch holds, as small
        products cost more than their share."""
        for some in batches(self._narrowed(parts, passes), lambda kept: len(kept[1]), BATCH_TOKENS):
            windows = [window for own, _ in some for window in own]
            batch, states = self._collate(windows), torch.cat([states for _, states in some])
            yield Part(windows, self._network.go_on(stage + 1, states, batch), batch)

    def _narrowed(self, parts: Sequence[Part], passes: NDArray[np.bool_]) -> Iterator[tuple[list[Window], Tensor]]:
        """The windows narrowed to what is read on if these of all sentences pass, without those in which none does; and the
        states of their tokens."""
        for part in parts:
            windows, places = passing(part.windows, passes[part.read].tolist(), NEAR)
            if windows:
                yield windows, part.states[torch.tensor(places, device=self._device)]

    def _collate(self, windows: Sequence[Window]) -> Batch:
        return collate(windows).to(self._device)


def odds_of(logits: Tensor) -> Tensor:
    """How much each sentence looks like a note: log odds [S] against `none`, of logits [S, labels]."""
    others = torch.cat([logits[:, :NONE_AT], logits[:, NONE_AT + 1 :]], 1)
    odds: Tensor = torch.logsumexp(others, 1) - logits[:, NONE_AT]
    return odds.float()


def tokens_of(window: Window) -> int:
    """How many there are."""
    return len(window.ids)


def batches(items: Iterable[Item], tokens: Callable[[Item], int], most: int) -> Iterator[list[Item]]:
    """Consecutive items of at most so many tokens together, or one that has more."""
    batch: list[Item] = []
    held = 0
    for item in items:
        if batch and held + tokens(item) > most:
            yield batch
            batch, held = [], 0
        batch.append(item)
        held += tokens(item)
    if batch:
        yield batch

"""The network read stage by stage: behind each of the first ones a sieve, and only what passes goes on (Viola & Jones 2001)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Part:
    """Some windows, the states [T, hidden] of their tokens behind the stages so far, and the batch of them once it is made."""

    windows: Sequence[Window]
    states: Tensor
    batch: Batch | None = None

    @property
    def made(self) -> Batch:
        """The batch, once it is."""
        assert self.batch
        return self.batch

    @property
    def read(self) -> list[int]:
        """The sentences that are read on."""
        return [i for window in self.windows for i in window.read]


class Cascade:
    """A network that reads windows whose sentences are numbered from 0, each once."""

    def __init__(self, network: SentenceTagger) -> None:
        self._network = network.eval()
        self._device = next(network.parameters()).device

    def first(self, windows: Sequence[Window]) -> list[Part]:
        """The states behind the first stage."""
        made = ((some, self._collate(some)) for some in batches(windows, BATCH_TOKENS))
        return [Part(some, self._network.first(batch), batch) for some, batch in made]

    def read(self, windows: Sequence[Window], limits: Limits, sentences: int) -> Iterator[tuple[list[int], Tensor]]:
        """Those of so many sentences that every sieve lets pass, and their logits, part by part."""
        parts = self.first(windows)
        for stage, limit in enumerate(limits):
            parts = self._behind(stage, parts, self._seen(stage, parts, sentences) >= limit)
        for part in parts:
            yield part.read, self._network.head(part.states, part.made)

    def sift(self, windows: Sequence[Window], limits: Limits, sentences: int) -> Odds:
        """How much each sentence looks like a note to each of the first sieves, those that have `limits`, [sieves, sentences]:
        log odds against `none`, or NEVER where a sieve before stops it."""
        parts, odds = self.first(windows), []
        for stage, limit in enumerate(limits):
            odds.append(self._seen(stage, parts, sentences))
            if stage + 1 < len(limits):
                parts = self._behind(stage, parts, odds[stage] >= limit)
        return np.stack(odds)

    def _seen(self, stage: int, parts: Iterable[Part], sentences: int) -> Odds:
        """What the sieve behind a stage says of what reaches it; NEVER of the other sentences."""
        odds = np.full(sentences, NEVER, dtype=np.float32)
        for part in parts:
            odds[part.read] = odds_of(self._network.sieves[stage](part.states, part.made)).cpu().numpy()
        return odds

    def _behind(self, stage: int, parts: Iterable[Part], passes: NDArray[np.bool_]) -> list[Part]:
        """What passes the sieve behind a stage, read on by the next one."""
        return [self._on(stage + 1, part) for part in self._grouped(self._narrowed(parts, passes))]

    def _on(self, stage: int, part: Part) -> Part:
        return Part(part.windows, self._network.go_on(stage, part.states, part.made), part.made)

    def _narrowed(self, parts: Iterable[Part], passes: NDArray[np.bool_]) -> Iterator[Part]:
        """What of the windows is read on if these of all sentences pass, without those in which none does."""
        for part in parts:
            windows, places = passing(part.windows, passes[part.read].tolist(), NEAR)
            if windows == part.windows:
                yield part
            elif windows:
                yield Part(windows, part.states[torch.tensor(places, device=self._device)])

    def _grouped(self, parts: Iterable[Part]) -> Iterator[Part]:
        """Put together to as much as a batch holds: small products cost more than their share."""
        group: list[Part] = []
        for part in parts:
            if group and sum(len(p.states) for p in [*group, part]) > BATCH_TOKENS:
                yield self._together(group)
                group = []
            group.append(part)
        if group:
            yield self._together(group)

    def _together(self, group: Sequence[Part]) -> Part:
        if len(group) == 1 and group[0].batch:
            return group[0]
        windows = [window for part in group for window in part.windows]
        return Part(windows, torch.cat([part.states for part in group]), self._collate(windows))

    def _collate(self, windows: Sequence[Window]) -> Batch:
        return collate(windows).to(self._device)


def odds_of(logits: Tensor) -> Tensor:
    """How much each sentence looks like a note: log odds [S] against `none`, of logits [S, labels]."""
    others = torch.cat([logits[:, :NONE_AT], logits[:, NONE_AT + 1 :]], 1)
    odds: Tensor = torch.logsumexp(others, 1) - logits[:, NONE_AT]
    return odds.float()


def batches(windows: Iterable[Window], most: int) -> Iterator[list[Window]]:
    """Consecutive windows of at most so many tokens together, or one that has more."""
    batch: list[Window] = []
    tokens = 0
    for window in windows:
        if batch and tokens + len(window.ids) > most:
            yield batch
            batch, tokens = [], 0
        batch.append(window)
        tokens += len(window.ids)
    if batch:
        yield batch

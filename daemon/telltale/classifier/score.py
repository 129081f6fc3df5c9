"""Scores: the probability of each label for each sentence of a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor

from ..domain import LABELS, NONE_AT
from .cache import WindowCache
from .memory import give_back, keep
from .model import Batch, SentenceTagger, collate
from .pack import Window, pack, passing
from .pieces import Pieces
from .precision import Choice, choose
from .product import INT8
from .threads import take_threads
from .weights import TOKENIZER, WEIGHTS, ModelCard, ModelError, check_files, read_card

BATCH_TOKENS = 1024  # bounds the memory of one forward pass; larger batches were no faster on 2 cores
NEAR = 3  # sentences on each side of one that passes a sieve, which the layers behind it see as they were
NEVER = float("-inf")


class Classifier:
    """A loaded model. Not safe for use by two threads at once; one worker owns it."""

    def __init__(self, card: ModelCard, pieces: Pieces, network: SentenceTagger, choice: Choice) -> None:
        self.card, self.choice, self.threads = card, choice, choice.threads
        self._sifting = True
        self.pieces, self._network = pieces, network.eval()
        self._device = next(network.parameters()).device
        self._cache = WindowCache()

    @classmethod
    def load(cls, folder: Path, precision: str = "auto", device: str = "cpu") -> Classifier:
        """Load a model folder (about a second) and warm it up. `precision` is auto, int8, fp32 or bf16; `device` as torch names it.

        Raises ModelError with one sentence.
        """
        card = read_card(folder)
        check_files(folder, card)
        keep()
        choice = choose(precision)
        if choice.precision == INT8 and device != "cpu":
            raise ModelError(
                f"Only processors multiply 8-bit integers here; on {device} the precision must be fp32 or bf16."
            )
        try:
            network = SentenceTagger.of(card.encoder, len(LABELS), load_file(folder / WEIGHTS))
        except RuntimeError:
            raise ModelError(
                f"{folder / WEIGHTS} is of another version of Telltale; restore the models folder."
            ) from None
        pieces = Pieces((folder / TOKENIZER).read_bytes())
        loaded = cls(card, pieces, network.place(device, choice.precision), choice)
        loaded.score(["Here is the rewritten article."], [True])
        give_back()
        return loaded

    @torch.inference_mode()
    def score(self, sentences: Sequence[str], opens: Sequence[bool], title: str = "") -> NDArray[np.float32]:
        """Probabilities [sentences, labels], in the order of `domain.LABELS`.

        `opens[i]` says whether sentence i begins a block; `title` is shown to every window. The sieves see the page first;
        a window in which each lets a sentence pass is then read whole, the others have probability 1 of `none`.
        """
        scores = np.zeros((len(sentences), len(LABELS)), dtype=np.float32)
        scores[:, NONE_AT] = 1.0
        windows = self.windows(sentences, opens, title)
        for batch in _batches([w for w in windows if not self._recall(w, scores)]):
            self._read(batch, scores)
        return scores

    @property
    def sifting(self) -> bool:
        """Whether windows that can hold no note are passed over; off to measure what that changes."""
        return self._sifting

    @sifting.setter
    def sifting(self, wanted: bool) -> None:
        self._sifting = wanted
        self.forget()

    def forget(self) -> None:
        """Forget what was scored before: it was scored under other settings."""
        self._cache.clear()

    def windows(self, sentences: Sequence[str], opens: Sequence[bool], title: str) -> list[Window]:
        """The packed windows of a page, longest first."""
        *ids, head = self.pieces.numbers([*sentences, title])
        return sorted(pack(ids, opens, head, self.card.packing), key=lambda w: -len(w.ids))

    @torch.inference_mode()
    def sift(self, window: Window, count: int | None = None) -> NDArray[np.float32]:
        """How much each sentence of a window looks like a note to each of the first `count` sieves (None: all), [count, sentences]:
        log odds against `none`, or NEVER where a sieve before stops the sentence."""
        batch = self._collate([window])
        found = np.full((count or len(self.card.sieves), len(window.sentences)), NEVER, dtype=np.float32)
        for row, (parts, odds) in zip(found, self._sifted([window], batch, self._network.first(batch)), strict=False):
            row[np.searchsorted(window.sentences, parts[0].read)] = odds.cpu().numpy()
        return found

    def _recall(self, window: Window, scores: NDArray[np.float32]) -> bool:
        known = self._cache.get(window)
        if known is not None:
            scores[window.sentences] = known
        return known is not None

    def _read(self, windows: Sequence[Window], scores: NDArray[np.float32]) -> None:
        take_threads(self.threads)
        batch = self._collate(windows)
        states, wanted = self._network.first(batch), windows
        if self.sifting:
            wanted, states = self._passing(windows, batch, states)
        if wanted:
            batch = batch if len(wanted) == len(windows) else self._collate(wanted)
            found = torch.softmax(self._network.finish(states, batch) / self.card.temperature, 1)
            scores[[i for window in wanted for i in window.sentences]] = found.cpu().numpy()
        for window in windows:
            self._cache.put(window, scores[window.sentences])

    def _passing(self, windows: Sequence[Window], batch: Batch, states: Tensor) -> tuple[Sequence[Window], Tensor]:
        """The windows in which each sieve lets a sentence pass, and their part of the states of the first stage."""
        *before, (parts, odds) = self._sifted(windows, batch, states)
        if len(before) + 1 < len(self.card.sieves):
            return [], states
        sentences = (sentence for part in parts for sentence in part.read)
        passed = {*compress(sentences, (odds >= self.card.sieves[-1]).tolist())}
        passes = [not passed.isdisjoint(window.sentences) for window in windows]
        kept = torch.tensor(passes).repeat_interleave(torch.tensor([len(window.ids) for window in windows]))
        return [*compress(windows, passes)], states[kept.to(self._device)]

    def _sifted(
        self, windows: Sequence[Window], batch: Batch, states: Tensor
    ) -> Iterator[tuple[Sequence[Window], Tensor]]:
        """What reaches each sieve and the log odds [S] of its sentences there; fewer where a sieve stops all that it sees. `states`
        are those of the first stage."""
        for stage, (sieve, limit) in enumerate(zip(self._network.sieves, self.card.sieves, strict=True), 1):
            odds = odds_of(sieve(states, batch))
            yield windows, odds
            if stage == len(self.card.sieves):
                return
            windows, places = passing(windows, (odds >= limit).tolist(), NEAR)
            if not windows:
                return
            batch, states = self._collate(windows), states[torch.tensor(places, device=self._device)]
            states = self._network.go_on(stage, states, batch)

    def _collate(self, windows: Sequence[Window]) -> Batch:
        return collate(windows).to(self._device)


def odds_of(logits: Tensor) -> Tensor:
    """How much each sentence looks like a note: log odds [S] against `none`, of logits [S, labels]."""
    others = torch.cat([logits[:, :NONE_AT], logits[:, NONE_AT + 1 :]], 1)
    odds: Tensor = torch.logsumexp(others, 1) - logits[:, NONE_AT]
    return odds.float()


def _batches(windows: Sequence[Window]) -> Iterator[list[Window]]:
    batch: list[Window] = []
    tokens = 0
    for window in windows:
        if batch and tokens + len(window.ids) > BATCH_TOKENS:
            yield batch
            batch, tokens = [], 0
        batch.append(window)
        tokens += len(window.ids)
    if batch:
        yield batch

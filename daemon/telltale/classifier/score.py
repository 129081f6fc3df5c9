"""Scores: the probability of each label for each sentence of a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor

from ..domain import LABELS, NONE
from .cache import WindowCache
from .memory import give_back
from .model import Batch, SentenceTagger, collate
from .pack import Window, pack, passing
from .pieces import Pieces
from .precision import Choice, choose
from .weights import TOKENIZER, WEIGHTS, ModelCard, ModelError, check_files, read_card

BATCH_TOKENS = 1024  # bounds the memory of one forward pass; larger batches were no faster on 2 cores
# oneDNN keeps a megabyte or two for every size of a product it has seen: a daemon that met all sizes came to 5 GB.
STEP = 128  # tokens; so there are eight sizes
# Sentences read on each side of one that passes the sieve: they tell a note from a quotation, and a note goes on in them.
NEAR = 2


class Classifier:
    """A loaded model. Not safe for use by two threads at once; one worker owns it."""

    def __init__(self, card: ModelCard, pieces: Pieces, network: SentenceTagger, choice: Choice) -> None:
        self.card, self.choice = card, choice
        self._sifting = True
        self.pieces, self._network = pieces, network.eval()
        self._device = next(network.parameters()).device
        self._step = 1 if choice.precision == "fp32" else STEP
        self._cache = WindowCache()

    @classmethod
    def load(cls, folder: Path, precision: str = "auto", device: str = "cpu") -> Classifier:
        """Load a model folder (about a second) and warm it up. `precision` is auto, int8, fp32 or bf16; `device` as torch names it.

        Raises ModelError with one sentence.
        """
        card = read_card(folder)
        check_files(folder, card)
        choice = choose(precision)
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

        `opens[i]` says whether sentence i begins a block; `title` is shown to every window. A sentence far from all that
        passes the sieve has probability 1 of `none`.
        """
        scores = np.zeros((len(sentences), len(LABELS)), dtype=np.float32)
        scores[:, LABELS.index(NONE)] = 1.0
        windows = self.windows(sentences, opens, title)
        for batch in _batches([w for w in windows if not self._recall(w, scores)]):
            self._read(batch, scores)
        return scores

    @property
    def sifting(self) -> bool:
        """Whether sentences that can hold no note are passed over; off to measure what that changes."""
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

    def sift(self, windows: Sequence[Window]) -> NDArray[np.float32]:
        """How much each sentence, in the order of the windows, looks like a note to the sieve: log odds against `none`."""
        batch = self._collate(windows)
        found: NDArray[np.float32] = self._odds(self._network.lower(batch), batch).float().cpu().numpy()
        return found

    def _recall(self, window: Window, scores: NDArray[np.float32]) -> bool:
        known = self._cache.get(window)
        if known is not None:
            scores[window.sentences] = known
        return known is not None

    def _read(self, windows: Sequence[Window], scores: NDArray[np.float32]) -> None:
        batch = self._collate(windows)
        states = self._network.lower(batch)
        parts, places, _ = passing(windows, self._passes(states, batch), NEAR)
        if parts:
            self._read_on(parts, states, places, scores)
        for window in windows:
            self._cache.put(window, scores[window.sentences])

    def _passes(self, states: Tensor, batch: Batch) -> list[bool]:
        if not self.sifting:
            return [True] * len(batch.markers)
        passes: list[bool] = (self._odds(states, batch) >= self.card.sieve).tolist()
        return passes

    def _read_on(self, parts: Sequence[Window], states: Tensor, places: list[int], scores: NDArray[np.float32]) -> None:
        batch = self._collate(parts)
        filled = torch.tensor(places + [0] * (len(batch.ids) - len(places)), device=self._device)
        logits = self._network.upper(states[filled], batch)
        found = torch.softmax(logits / self.card.temperature, 1).cpu().numpy()
        scores[[i for part in parts for i in part.sentences]] = found

    def _collate(self, windows: Sequence[Window]) -> Batch:
        return collate(windows, self._step).to(self._device)

    def _odds(self, states: Tensor, batch: Batch) -> Tensor:
        logits = self._network.sieve(states, batch)
        none = LABELS.index(NONE)
        others = torch.cat([logits[:, :none], logits[:, none + 1 :]], 1)
        odds: Tensor = torch.logsumexp(others, 1) - logits[:, none]
        return odds


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

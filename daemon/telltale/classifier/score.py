"""Scores: the probability of each label for each sentence of a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file

from ..domain import LABELS, NONE_AT
from .cache import WindowCache
from .cascade import BATCH_TOKENS, OPEN, Cascade, batches, tokens_of
from .memory import give_back, keep
from .model import SentenceTagger
from .pack import Window, pack
from .pieces import Pieces
from .precision import Choice, choose
from .product import INT8
from .threads import take_threads
from .weights import TOKENIZER, WEIGHTS, ModelCard, ModelError, check_files, read_card

TOGETHER = 4 * BATCH_TOKENS  # tokens whose states are kept until all stages have seen what passes of them


class Classifier:
    """A loaded model. Not safe for use by two threads at once; one worker owns it."""

    def __init__(self, card: ModelCard, pieces: Pieces, network: SentenceTagger, choice: Choice) -> None:
        self.card, self.choice, self.threads = card, choice, choice.threads
        self._sifting = True
        self.pieces, self._cascade = pieces, Cascade(network)
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

        `opens[i]` says whether sentence i begins a block; `title` is shown to every window. A sentence that a sieve stops has
        probability 1 of `none`.
        """
        scores = np.zeros((len(sentences), len(LABELS)), dtype=np.float32)
        scores[:, NONE_AT] = 1.0
        windows = self.windows(sentences, opens, title)
        for some in batches([w for w in windows if not self._recall(w, scores)], tokens_of, TOGETHER):
            self._read(some, scores)
        return scores

    @property
    def sifting(self) -> bool:
        """Whether sentences that can be no note are passed over; off to measure what that changes."""
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
        """What the first `count` sieves (None: all) say of the sentences of a window, [count, sentences]; see `Cascade.sift`."""
        odds = self._cascade.sift([window], self.card.sieves[:count], window.sentences[-1] + 1)
        return odds[:, window.sentences]

    def _recall(self, window: Window, scores: NDArray[np.float32]) -> bool:
        known = self._cache.get(window)
        if known is not None:
            scores[window.sentences] = known
        return known is not None

    def _read(self, windows: Sequence[Window], scores: NDArray[np.float32]) -> None:
        take_threads(self.threads)
        limits = self.card.sieves if self.sifting else OPEN
        for sentences, logits in self._cascade.read(windows, limits, len(scores)):
            scores[sentences] = torch.softmax(logits / self.card.temperature, 1).cpu().numpy()
        for window in windows:
            self._cache.put(window, scores[window.sentences])

"""Scores: the probability of each label for each sentence of a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from tokenizers import Tokenizer

from ..domain import LABELS, NONE
from .cache import WindowCache
from .model import SentenceTagger, collate
from .pack import Window, near, pack
from .precision import Choice, choose
from .sieve import NEAR, Sieve
from .weights import SIEVE, TOKENIZER, WEIGHTS, ModelCard, check_files, read_card

BATCH_TOKENS = 1024  # bounds the memory of one forward pass; larger batches were no faster on 2 cores
# oneDNN keeps a megabyte or two for every size of a bfloat16 product it has seen: a daemon that met all sizes came to 5 GB.
BF16_STEP = 128  # tokens; so there are eight sizes


class Classifier:
    """A loaded model. Not safe for use by two threads at once; one worker owns it."""

    def __init__(
        self, card: ModelCard, tokenizer: Tokenizer, network: SentenceTagger, sieve: Sieve, choice: Choice
    ) -> None:
        self.card, self.choice = card, choice
        self.sifting = True  # whether sentences that can hold no note are passed over; off to measure what that changes
        self._tokenizer, self._network, self._sieve = tokenizer, network.eval(), sieve.eval()
        self._device = next(network.parameters()).device
        self._step = BF16_STEP if choice.precision == "bf16" else 1
        self._cache = WindowCache()

    @classmethod
    def load(cls, folder: Path, precision: str = "auto", device: str = "cpu") -> Classifier:
        """Load a model folder (about a second) and warm it up. `precision` is auto, fp32 or bf16; `device` as torch names it.

        Raises ModelError with one sentence.
        """
        card = read_card(folder)
        check_files(folder, card)
        choice = choose(precision)
        network, sieve = SentenceTagger(card.encoder, len(LABELS)), Sieve(card.encoder.hidden_size, len(LABELS))
        network.load_state_dict(load_file(folder / WEIGHTS))
        sieve.load_state_dict(load_file(folder / SIEVE))
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        loaded = cls(card, tokenizer, network.place(device, choice.dtype), sieve.float(), choice)
        loaded.score(["Here is the rewritten article."], [True])
        return loaded

    @torch.inference_mode()
    def score(self, sentences: Sequence[str], opens: Sequence[bool], title: str = "") -> NDArray[np.float32]:
        """Probabilities [sentences, labels], in the order of `domain.LABELS`.

        `opens[i]` says whether sentence i begins a block; `title` is shown to every window. A sentence far from all that the
        sieve lets through has probability 1 of `none`.
        """
        scores = np.zeros((len(sentences), len(LABELS)), dtype=np.float32)
        scores[:, LABELS.index(NONE)] = 1.0
        windows = self.windows(sentences, opens, title)
        for batch in _batches([w for w in windows if not self._recall(w, scores)]):
            self._read(batch, scores)
        return scores

    def windows(self, sentences: Sequence[str], opens: Sequence[bool], title: str) -> list[Window]:
        """The packed windows of the parts of a page that may hold a note, longest first."""
        if not sentences:
            return []
        *ids, head = self.pieces([*sentences, title])
        windows: list[Window] = []
        for run in self._runs(ids):
            packed = pack(ids[run], opens[run], head, self.card.packing)
            for window in packed:
                window.sentences = [run.start + i for i in window.sentences]
            windows += packed
        return sorted(windows, key=lambda w: -len(w.ids))

    def _runs(self, ids: Sequence[Sequence[int]]) -> list[slice]:
        if not self.sifting:
            return [slice(0, len(ids))]
        return near((self.sift(ids) >= self.card.sieve).tolist(), NEAR)

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """The piece numbers of each text, in one go."""
        return [e.ids for e in self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]

    def sift(self, ids: Sequence[Sequence[int]]) -> torch.Tensor:
        """How much each sentence [sentences], given as piece numbers, looks like a note: log odds against `none`."""
        logits = self._sieve(self._network.encoder.words, ids)
        none = LABELS.index(NONE)
        others = torch.cat([logits[:, :none], logits[:, none + 1 :]], 1)
        odds: torch.Tensor = torch.logsumexp(others, 1) - logits[:, none]
        return odds

    def _recall(self, window: Window, scores: NDArray[np.float32]) -> bool:
        known = self._cache.get(window)
        if known is not None:
            scores[window.sentences] = known
        return known is not None

    def _read(self, windows: Sequence[Window], scores: NDArray[np.float32]) -> None:
        logits = self._network(collate(windows, self._step).to(self._device))
        found = torch.softmax(logits / self.card.temperature, 1).cpu().numpy()
        at = 0
        for window in windows:
            part = found[at : at + len(window.sentences)].copy()
            at += len(part)
            self._cache.put(window, part)
            scores[window.sentences] = part


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

"""Scores: the probability of each label for each sentence of a page."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from tokenizers import Tokenizer

from ..domain import LABELS
from .model import SentenceTagger, collate
from .pack import Window, pack
from .weights import TOKENIZER, WEIGHTS, ModelCard, check_files, read_card

BATCH_TOKENS = 2048  # bounds the memory of one forward pass; larger batches were no faster on 2 cores
MOST_THREADS = 4  # the browser keeps the rest


class Classifier:
    """A loaded model. Not safe for use by two threads at once; one worker owns it."""

    def __init__(self, card: ModelCard, tokenizer: Tokenizer, network: SentenceTagger) -> None:
        self.card = card
        self._tokenizer = tokenizer
        self._network = network.eval()
        self.dtype = next(network.parameters()).dtype

    @classmethod
    def load(cls, folder: Path, precision: str = "auto") -> Classifier:
        """Load a model folder (seconds). `precision` is auto, fp32 or bf16. Raises ModelError with one sentence."""
        card = read_card(folder)
        check_files(folder, card)
        torch.set_num_threads(max(1, min(MOST_THREADS, os.cpu_count() or 1)))
        network = SentenceTagger(card.encoder, len(LABELS))
        network.load_state_dict(load_file(folder / WEIGHTS))
        network.to(
            fastest_dtype()
            if precision == "auto"
            else getattr(torch, {"fp32": "float32", "bf16": "bfloat16"}[precision])
        )
        return cls(card, Tokenizer.from_file(str(folder / TOKENIZER)), network)

    def score(self, sentences: Sequence[str], opens: Sequence[bool], title: str = "") -> NDArray[np.float32]:
        """Probabilities [sentences, labels], in the order of `domain.LABELS`.

        `opens[i]` says whether sentence i begins a block; `title` is shown to every window.
        """
        scores = np.zeros((len(sentences), len(LABELS)), dtype=np.float32)
        for windows in _batches(self.windows(sentences, opens, title)):
            logits = self._logits(windows)
            scores[[i for w in windows for i in w.sentences]] = torch.softmax(logits / self.card.temperature, 1).numpy()
        return scores

    def windows(self, sentences: Sequence[str], opens: Sequence[bool], title: str) -> list[Window]:
        """The packed windows of a page, longest first (batches then need little padding)."""
        encoded = self._tokenizer.encode_batch_fast([*sentences, title], add_special_tokens=False)
        *ids, head = [e.ids for e in encoded]
        return sorted(pack(ids, opens, head, self.card.packing), key=lambda w: -len(w.ids))

    @torch.inference_mode()
    def _logits(self, windows: Sequence[Window]) -> torch.Tensor:
        logits: torch.Tensor = self._network(collate(windows))
        return logits.float()


def _batches(windows: Sequence[Window]) -> Iterator[list[Window]]:
    batch: list[Window] = []
    for window in windows:
        if batch and (len(batch) + 1) * len(batch[0].ids) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(window)
    if batch:
        yield batch


def fastest_dtype() -> torch.dtype:
    """bfloat16 where this processor multiplies it clearly faster than float32 (a measurement of about 5 ms)."""
    return torch.bfloat16 if _seconds(torch.float32) > 1.3 * _seconds(torch.bfloat16) else torch.float32


def _seconds(dtype: torch.dtype) -> float:
    left, right = torch.ones(256, 384, dtype=dtype), torch.ones(384, 1536, dtype=dtype)
    torch.mm(left, right)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        torch.mm(left, right)
        times.append(time.perf_counter() - start)
    return min(times)

"""The weight products of the encoder and nothing else: no program that reads every window can be faster here."""

from __future__ import annotations

import torch
from telltale.classifier.sizes import EncoderSizes
from torch import Tensor
from torch.nn.functional import linear


class Products:
    """The layers' weights, all ones: what they hold makes no difference to the time."""

    def __init__(self, sizes: EncoderSizes, dtype: torch.dtype) -> None:
        hidden, inner = sizes.hidden_size, sizes.intermediate_size
        self._layers = sizes.num_hidden_layers
        self._rows = torch.ones(4096, hidden, dtype=dtype)
        self._wide = torch.ones(4096, inner, dtype=dtype)
        self._weights = [torch.ones(n, m, dtype=dtype) for n, m in ((3 * hidden, hidden), (hidden, hidden), (inner, hidden), (hidden, inner))]  # fmt: skip

    def run(self, tokens: int) -> None:
        """Multiply as the encoder does for so many tokens."""
        qkv, out, up, down = self._weights
        rows, wide = self._rows[:tokens], self._wide[:tokens]
        for _ in range(self._layers):
            for given, weight in ((rows, qkv), (rows, out), (rows, up), (wide, down)):
                _product(given, weight)


def _product(given: Tensor, weight: Tensor) -> None:
    linear(given, weight)

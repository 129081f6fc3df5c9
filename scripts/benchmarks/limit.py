"""The weight products of the encoder and nothing else: no program that reads every window can be faster here."""

from __future__ import annotations

import torch
from telltale.classifier.product import FLOATS, INT8, IntegerProduct, Product, in_precision
from telltale.classifier.sizes import EncoderSizes
from torch import Tensor

MOST_TOKENS = 4096


class Products:
    """The products of a layer, on states of ones: what they hold makes no difference to the time."""

    def __init__(self, sizes: EncoderSizes, precision: str) -> None:
        hidden, inner = sizes.hidden_size, sizes.intermediate_size
        shapes = ((hidden, 3 * hidden), (hidden, hidden), (hidden, inner), (inner, hidden))
        kind = torch.uint8 if precision == INT8 else FLOATS[precision]
        self._layers = sizes.num_hidden_layers
        self._products = [in_precision(Product(*shape), precision) for shape in shapes]
        self._states = [torch.ones(MOST_TOKENS, inputs, dtype=kind) for inputs, _ in shapes]

    def run(self, tokens: int) -> None:
        """Multiply as the encoder does for so many tokens."""
        for _ in range(self._layers):
            for product, states in zip(self._products, self._states, strict=True):
                _multiply(product, states[:tokens])


def _multiply(product: torch.nn.Module, states: Tensor) -> None:
    product.sums(states) if isinstance(product, IntegerProduct) else product(states)

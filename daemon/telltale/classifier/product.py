"""A layer's products: by floating numbers, or by 8-bit integers, which take half the time of bfloat16 and, unlike it, need no
instructions that only new processors have."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

INT8 = "int8"
FLOATS = {"fp32": torch.float32, "bf16": torch.bfloat16}
PRECISIONS = (INT8, *FLOATS)
# Of a weight, 7 bits: older processors add two products of 8 bits in 16, and 2 * 255 * 63 still fits there.
MOST = 63
REACH = 127  # of a state
ZERO = 128  # what stands for 0 in the unsigned bytes that oneDNN wants states in
TINY = 1e-12
ROWS = 1024  # tokens that the weights are laid out for
# oneDNN keeps a megabyte or two for every size of a product it has seen: a daemon that met all sizes came to 5 GB.
STEP = 128  # tokens; with batches of at most some 1,400 there are a dozen sizes


class Product(nn.Linear):
    """A linear layer that takes states [T, inputs] of any floating type."""

    def forward(self, x: Tensor) -> Tensor:
        """[T, outputs], of the weights' type."""
        return self.of(*self.taken(x))

    def taken(self, x: Tensor) -> tuple[Tensor, ...]:
        """The states as `of` takes them, row by row; so two products take them at once."""
        return (x.to(self.weight.dtype),)

    def of(self, x: Tensor) -> Tensor:
        """[T, outputs] of states that were `taken`."""
        if self.training or self.weight.dtype != torch.bfloat16:
            return super().forward(x)
        return super().forward(filled(x))[: len(x)]


class IntegerProduct(nn.Module):
    """The same with weights that stand on the grid of `on_grid`, for reading only and on a CPU.

    Each token's state has a grid of its own, from its greatest feature: some tokens reach ten times as far as others, and what
    a token comes to does not depend on what is read beside it.
    """

    def __init__(self, product: Product) -> None:
        super().__init__()
        weight = product.weight.detach().float()
        step = scales(weight)
        whole = (weight / step).round().to(torch.int8)
        self.weight = torch.ops.onednn.qlinear_prepack(whole, [ROWS, product.in_features])
        self.step, self.offsets = step[:, 0], torch.zeros(product.out_features, dtype=torch.int32)
        self.bias = product.bias.detach().float()

    def forward(self, x: Tensor) -> Tensor:
        """[T, outputs], float32."""
        return self.of(*self.taken(x))

    def taken(self, x: Tensor) -> tuple[Tensor, ...]:
        """The states in bytes [T, inputs], and what a step of each is worth [T, 1]."""
        step = torch.maximum(x.amax(1, keepdim=True), -x.amin(1, keepdim=True)).clamp_(min=TINY) / REACH
        # By way of int16: torch takes four times as long from floats to bytes at once.
        return (x * (1 / step)).add_(ZERO + 0.5).to(torch.int16).to(torch.uint8), step

    def of(self, whole: Tensor, step: Tensor) -> Tensor:
        """[T, outputs], float32, of states that were `taken`."""
        return torch.addcmul(self.bias, self.sums(whole), step)

    def sums(self, whole: Tensor) -> Tensor:
        """The product alone, float32 [T, outputs], of states in bytes [T, inputs] in which ZERO stands for 0."""
        sums: Tensor = torch.ops.onednn.qlinear_pointwise(
            filled(whole), 1.0, ZERO, self.weight, self.step, self.offsets, None, 1.0, 0, torch.float32, "none", [], ""
        )
        return sums[: len(whole)]


def filled(states: Tensor) -> Tensor:
    """The states [T, inputs] with rows of zeros behind them, up to a multiple of STEP."""
    rest = -len(states) % STEP
    return pad(states, (0, 0, 0, rest)) if rest else states


def in_precision(product: Product, precision: str) -> nn.Module:
    """The product as one of PRECISIONS."""
    return IntegerProduct(product) if precision == INT8 else product.to(FLOATS[precision])


def has_integers() -> bool:
    """Whether this machine's torch multiplies integers, and gets them right where the sums are greatest."""
    product = Product(64, 32)
    nn.init.constant_(product.weight, 1.0)
    nn.init.zeros_(product.bias)
    try:
        found = IntegerProduct(product)(torch.ones(2, 64))
    except (AttributeError, RuntimeError):
        return False
    return torch.allclose(found, torch.tensor(64.0))


def scales(weight: Tensor) -> Tensor:
    """What one step of the grid is worth, for each output: [outputs, 1]."""
    return weight.abs().amax(1, keepdim=True).clamp(min=TINY) / MOST


def on_grid(weight: Tensor) -> Tensor:
    """The weights as the integers will stand for them; training sees them so. Weights on the grid stay as they are."""
    step = scales(weight)
    return (weight / step).round() * step

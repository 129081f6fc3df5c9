"""The word table: the vector of each piece of the vocabulary, kept in 4 bits and unpacked as it is looked up.

The layout is the one the base model came in: 32 weights share a float16 scale, and byte j of a block holds weight j in its
lower half and weight j + 16 in its upper. Training leaves the table as it is, so nothing is lost by keeping it so.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

BLOCK = 32  # weights that share a scale


class WordTable(nn.Module):
    """`forward` gives vectors [T, hidden] for piece numbers [T]."""

    halves: Tensor
    scales: Tensor

    def __init__(self, pieces: int, hidden: int) -> None:
        super().__init__()
        self.register_buffer("halves", torch.zeros(pieces, hidden // BLOCK, BLOCK // 2, dtype=torch.uint8))
        self.register_buffer("scales", torch.zeros(pieces, hidden // BLOCK, dtype=torch.float16))

    def forward(self, ids: Tensor) -> Tensor:
        """The vectors in the table's floating type, unpacked for these pieces only."""
        halves, scales = self.halves[ids], self.scales[ids]
        weights = torch.cat([halves & 15, halves >> 4], -1).to(scales.dtype) - 8
        return (weights * scales.unsqueeze(-1)).flatten(-2)

"""The encoder: BERT's layers over packed windows, with no padding and without importing transformers.

The same sums as transformers' BertModel (a test holds the two together), on all tokens of a batch in one matrix; only
attention goes window by window. Importing transformers would take longer than loading the weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, scaled_dot_product_attention

from .product import Product, in_precision
from .sizes import SIEVES, EncoderSizes
from .words import WordTable

SKIPPED = 0.05  # share of the tokens
UNKNOWN = 0.1  # share of the words that a page hides while training
PRODUCTS = ("query", "seen", "out", "up", "down")  # of a layer


@dataclass(frozen=True, slots=True)
class Parts:
    """Runs of tokens that attend to each other: the `lengths` sum to T; of each, so many tokens are `awake`."""

    lengths: list[int]
    awake: list[int]


class Layer(nn.Module):
    """Attention within each part, then the two feed-forward products; each with its residual and norm."""

    def __init__(self, sizes: EncoderSizes) -> None:
        super().__init__()
        hidden, self.heads = sizes.hidden_size, sizes.num_attention_heads
        self.size = hidden // self.heads  # features of a head
        self.query = Product(hidden, hidden)
        self.seen = Product(hidden, 2 * hidden)
        self.out = Product(hidden, hidden)
        self.norm = nn.LayerNorm(hidden, sizes.layer_norm_eps)
        self.up = Product(hidden, sizes.intermediate_size)
        self.down = Product(sizes.intermediate_size, hidden)
        self.last_norm = nn.LayerNorm(hidden, sizes.layer_norm_eps)

    def forward(self, x: Tensor, parts: Parts, awake: Tensor | None) -> Tensor:
        """`x` [T, hidden], the `parts` one behind the other. Only the states at `awake` [A] (None: all) go on; they attend to the
        others too, which stay as they are."""
        rows = x if awake is None else x[awake]
        rows = self.norm(rows + self._some(self.out(self._attend(x, parts, awake))))
        rows = self.last_norm(rows + self._some(self.down(gelu(self.up(rows)))))
        return rows if awake is None else x.index_copy(0, awake, rows)

    def use(self, precision: str) -> None:
        """Make the products in one of PRECISIONS."""
        for name in PRODUCTS:
            setattr(self, name, in_precision(getattr(self, name), precision))

    def _attend(self, x: Tensor, parts: Parts, awake: Tensor | None) -> Tensor:
        # In float32: torch's attention on CPUs takes longer in bfloat16, and plain bfloat16 products, which are faster once
        # they are known, are prepared and kept by oneDNN for every length of a window.
        # With a 1 for a batch, because torch has its fast attention for four dimensions alone.
        taken = self.seen.taken(x)
        asking = taken if awake is None else (part[awake] for part in taken)
        query, seen = self.query.of(*asking).float(), self.seen.of(*taken).float()
        query = query.view(-1, 1, self.heads, self.size).permute(1, 2, 0, 3)  # [1, heads, A, size]
        seen = seen.view(-1, 2, 1, self.heads, self.size).permute(1, 2, 3, 0, 4)  # [2, 1, heads, T, size]
        asked = parts.lengths if awake is None else parts.awake
        split = zip(torch.split(query, asked, 2), torch.split(seen, parts.lengths, 3), strict=True)
        read = [scaled_dot_product_attention(q, k, v) for q, (k, v) in split if q.shape[2]]
        return torch.cat(read, 2)[0].transpose(0, 1).flatten(1)

    def _some(self, branch: Tensor) -> Tensor:
        """While training, the branch without some tokens' share: no token may count on one layer's view of it."""
        if not self.training:
            return branch
        kept = torch.rand(len(branch), 1, device=branch.device) >= SKIPPED
        return branch * (kept / (1 - SKIPPED)).to(branch.dtype)


class Encoder(nn.Module):
    """Its stages give hidden states [T, hidden]."""

    def __init__(self, sizes: EncoderSizes) -> None:
        super().__init__()
        self.words = WordTable(sizes.vocab_size, sizes.hidden_size)
        self.positions = nn.Embedding(sizes.max_position_embeddings, sizes.hidden_size)
        self.norm = nn.LayerNorm(sizes.hidden_size, sizes.layer_norm_eps)
        self.layers = nn.ModuleList(Layer(sizes) for _ in range(sizes.num_hidden_layers))

    def use(self, precision: str) -> None:
        """Make the products of all layers in one of PRECISIONS."""
        for layer in self.layers:
            layer.use(precision)  # type: ignore[operator]

    def start(self, ids: Tensor, lengths: list[int]) -> Tensor:
        """The states before the first layer: words and positions. `ids` [T], the windows one behind the other; `lengths` are
        their tokens, which sum to T."""
        positions = torch.cat([torch.arange(n, device=ids.device) for n in lengths])
        table = self.positions.weight
        words = self.words(ids).to(table.dtype)
        if self.training:
            words = words * (torch.rand(len(ids), 1, device=ids.device) >= UNKNOWN)
        x: Tensor = self.norm(words + self.positions(positions))
        return x

    def go_on(self, stage: int, x: Tensor, parts: Parts, awake: Tensor | None = None) -> Tensor:
        """The layers of a stage, on the states of the one before; any of its tokens may have been left out. Tokens attend to
        those of their own part, a window or a stretch of one; only those `awake` go on."""
        first, end = (0, *SIEVES)[stage], (*SIEVES, len(self.layers))[stage]
        for layer in self.layers[first:end]:
            x = layer(x, parts, awake)
        return x

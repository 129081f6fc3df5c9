"""The encoder: BERT's layers over packed windows, with no padding and without importing transformers.

The same sums as transformers' BertModel (a test holds the two together), on all tokens of a batch in one matrix; only
attention goes window by window. Importing transformers would take longer than loading the weights.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, scaled_dot_product_attention

from .product import Product, in_precision
from .sizes import EncoderSizes
from .words import WordTable

SIEVES = (1, 2, 4)  # after how many layers a sieve stands; so the layers are read in as many stages and a last one
PRODUCTS = ("qkv", "out", "up", "down")  # of a layer


class Layer(nn.Module):
    """Attention within each window, then the two feed-forward products; each with its residual and norm."""

    def __init__(self, sizes: EncoderSizes) -> None:
        super().__init__()
        hidden, self.heads = sizes.hidden_size, sizes.num_attention_heads
        self.qkv = Product(hidden, 3 * hidden)
        self.out = Product(hidden, hidden)
        self.norm = nn.LayerNorm(hidden, sizes.layer_norm_eps)
        self.up = Product(hidden, sizes.intermediate_size)
        self.down = Product(sizes.intermediate_size, hidden)
        self.last_norm = nn.LayerNorm(hidden, sizes.layer_norm_eps)

    def forward(self, x: Tensor, lengths: list[int]) -> Tensor:
        """`x` [T, hidden], the windows one behind the other; `lengths` are their tokens, which sum to T."""
        x = self.norm(x + self.out(self._attend(self.qkv(x), lengths)))
        return self.last_norm(x + self.down(gelu(self.up(x))))  # type: ignore[no-any-return]

    def use(self, precision: str) -> None:
        """Make the products in one of PRECISIONS."""
        for name in PRODUCTS:
            setattr(self, name, in_precision(getattr(self, name), precision))

    def _attend(self, qkv: Tensor, lengths: list[int]) -> Tensor:
        # In float32: torch's attention on CPUs takes longer in bfloat16, and plain bfloat16 products, which are faster once
        # they are known, are prepared and kept by oneDNN for every length of a window.
        by_head = qkv.float().view(1, len(qkv), 3, self.heads, -1).permute(2, 0, 3, 1, 4)  # [3, 1, heads, T, per head]
        # With the 1 for a batch, because torch has its fast attention for four dimensions alone.
        windows = [scaled_dot_product_attention(q, k, v) for q, k, v in torch.split(by_head, lengths, 3)]
        return torch.cat(windows, 2)[0].transpose(0, 1).flatten(1)


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
        x: Tensor = self.norm(self.words(ids).to(table.dtype) + self.positions(positions))
        return x

    def go_on(self, stage: int, x: Tensor, lengths: list[int]) -> Tensor:
        """The layers of a stage, on the states of the one before; any of its tokens may have been left out. Tokens attend to
        those of their own length, a window or a part of one."""
        first, end = (0, *SIEVES)[stage], (*SIEVES, len(self.layers))[stage]
        for layer in self.layers[first:end]:
            x = layer(x, lengths)
        return x

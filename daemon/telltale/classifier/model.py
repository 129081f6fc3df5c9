"""The network: a BERT-shaped encoder and one linear layer over each sentence's marker and the mean of its tokens."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from .pack import PAD, Window


class SentenceTagger(nn.Module):
    """`forward` gives logits [sentences, labels] for a batch of windows, sentences in the order of the windows."""

    def __init__(self, encoder: dict[str, object], labels: int) -> None:
        super().__init__()
        config = BertConfig(**encoder)  # type: ignore[arg-type]
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(2 * config.hidden_size, labels)

    def forward(self, ids: Tensor, mask: Tensor, markers: Tensor, owner: Tensor) -> Tensor:
        """`ids`, `mask` [B, T]; `markers` [S] flat positions; `owner` [B*T] sentence of each token, S for none."""
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state.flatten(0, 1)
        sums = hidden.new_zeros(len(markers) + 1, hidden.shape[1]).index_add(0, owner, hidden)
        counts = torch.bincount(owner, minlength=len(markers) + 1).clamp(min=1).unsqueeze(1).to(hidden.dtype)
        means = (sums / counts)[:-1]
        logits: Tensor = self.head(self.dropout(torch.cat([hidden[markers], means], dim=1)))
        return logits


def collate(windows: Sequence[Window]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The tensors of `SentenceTagger.forward` for some windows, padded to the longest."""
    width = max(len(w.ids) for w in windows)
    count = sum(len(w.markers) for w in windows)
    ids = torch.full((len(windows), width), PAD)
    mask = torch.zeros(len(windows), width, dtype=torch.long)
    owner = torch.full((len(windows) * width,), count)
    markers: list[int] = []
    for row, window in enumerate(windows):
        ids[row, : len(window.ids)] = torch.tensor(window.ids)
        mask[row, : len(window.ids)] = 1
        for start, end in zip(window.markers, window.ends, strict=True):
            owner[row * width + start : row * width + end] = len(markers)
            markers.append(row * width + start)
    return ids, mask, torch.tensor(markers), owner

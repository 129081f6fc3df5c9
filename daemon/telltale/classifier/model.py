"""The network: the encoder, and one linear layer over each sentence's marker and the mean of its tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from .encoder import Encoder
from .pack import PAD, Window
from .sizes import EncoderSizes


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows one behind the other: `ids` [T], `lengths` of each window, `markers` [S] positions of the sentences' markers,
    `owner` [T] the sentence of each token, S where it belongs to none that is scored."""

    ids: Tensor
    lengths: list[int]
    markers: Tensor
    owner: Tensor

    def to(self, device: torch.device) -> Batch:
        """The same batch on a device."""
        return Batch(self.ids.to(device), self.lengths, self.markers.to(device), self.owner.to(device))


class SentenceTagger(nn.Module):
    """`forward` gives logits [S, labels], sentences in the order of the windows."""

    center: Tensor
    spread: Tensor

    def __init__(self, sizes: EncoderSizes, labels: int) -> None:
        super().__init__()
        self.encoder = Encoder(sizes)
        # The base's vectors all point much the same way: the head learns many times faster once that is taken off.
        self.register_buffer("center", torch.zeros(2 * sizes.hidden_size))
        self.register_buffer("spread", torch.ones(2 * sizes.hidden_size))
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(2 * sizes.hidden_size, labels)

    def place(self, device: torch.device | str, dtype: torch.dtype) -> SentenceTagger:
        """Move to a device, the encoder's products to a floating type. All else stays in float32 and costs no time there:
        sentences of the base differ in digits of the features that bfloat16 rounds away."""
        self.to(device)
        for part in self.encoder.layers.modules():
            if isinstance(part, nn.Linear):
                part.to(dtype)
        return self

    def features(self, batch: Batch) -> Tensor:
        """What the head sees of each sentence, [S, 2 * hidden]: its marker and the mean of its tokens."""
        hidden = self.encoder(batch.ids, batch.lengths)
        count = len(batch.markers)
        sums = hidden.new_zeros(count + 1, hidden.shape[1]).index_add(0, batch.owner, hidden)
        sizes = torch.bincount(batch.owner, minlength=count + 1).clamp(min=1).unsqueeze(1)
        return torch.cat([hidden[batch.markers], (sums / sizes)[:-1]], dim=1)

    def forward(self, batch: Batch) -> Tensor:
        """The logits of the scored sentences."""
        logits: Tensor = self.head(self.dropout((self.features(batch) - self.center) / self.spread))
        return logits


def collate(windows: Sequence[Window], step: int = 1) -> Batch:
    """The batch of some windows, filled up to a multiple of `step` tokens with a window that nothing is read from."""
    count = sum(len(w.markers) for w in windows)
    ids: list[int] = []
    owner: list[int] = []
    markers: list[int] = []
    for window in windows:
        at = len(ids)
        ids += window.ids
        owner += [count] * len(window.ids)
        for start, end in zip(window.markers, window.ends, strict=True):
            owner[at + start : at + end] = [len(markers)] * (end - start)
            markers.append(at + start)
    lengths = [len(w.ids) for w in windows]
    if rest := -len(ids) % step:
        ids += [PAD] * rest
        owner += [count] * rest
        lengths.append(rest)
    return Batch(torch.tensor(ids), lengths, torch.tensor(markers), torch.tensor(owner))

"""The network: the encoder with a head behind its last layer, and others behind some of those before, the sieves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from .encoder import Encoder, Parts
from .pack import Window
from .sizes import SIEVES, EncoderSizes

_WORDS = "encoder.words."
STRETCHES = (
    64,
    128,
)  # tokens, in the first stages; attention costs their square, and the first sieves need no wider view
# Features between the two layers of a sieve. With one layer it let a seventh more of the ordinary sentences through.
INNER = 64


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows one behind the other: `ids` [T], the `windows` and for each of the first stages the `stretches` it attends to,
    `awake` the positions [A] of the tokens that are read on behind the first stage (None: all), `markers` [S] positions of the
    markers of the sentences that are, `owner` [T] the sentence of each token, S where it belongs to none of these."""

    ids: Tensor
    windows: Parts
    stretches: list[Parts]
    awake: Tensor | None
    markers: Tensor
    owner: Tensor

    def to(self, device: torch.device) -> Batch:
        """The same batch on a device."""
        awake = None if self.awake is None else self.awake.to(device)
        ids, markers, owner = (tensor.to(device) for tensor in (self.ids, self.markers, self.owner))
        return replace(self, ids=ids, awake=awake, markers=markers, owner=owner)


class Head(nn.Module):
    """One linear layer over a sentence's marker and the mean of its tokens, or two with `inner` features between them:
    `forward` gives logits [S, labels]."""

    center: Tensor
    spread: Tensor

    def __init__(self, hidden: int, labels: int, inner: int = 0) -> None:
        super().__init__()
        # The base's vectors all point much the same way: the head learns many times faster once that is taken off.
        self.register_buffer("center", torch.zeros(2 * hidden))
        self.register_buffer("spread", torch.ones(2 * hidden))
        self.dropout = nn.Dropout(0.1)
        self.inner = nn.Sequential(nn.Linear(2 * hidden, inner), nn.GELU()) if inner else nn.Identity()
        self.linear = nn.Linear(inner or 2 * hidden, labels)

    def forward(self, hidden: Tensor, batch: Batch) -> Tensor:
        """`hidden` [T, hidden] are states of the batch's tokens."""
        seen = self.dropout((features(hidden, batch) - self.center) / self.spread)
        logits: Tensor = self.linear(self.inner(seen))
        return logits


class SentenceTagger(nn.Module):
    """`forward` gives logits [S, labels], sentences in the order of the windows.

    `sieves` give such logits from the states of the stages before the last; they are too rough to stand, but low ones tell
    which sentences are none.
    """

    def __init__(self, sizes: EncoderSizes, labels: int) -> None:
        super().__init__()
        self.encoder = Encoder(sizes)
        self.sieves = nn.ModuleList(Head(sizes.hidden_size, labels, INNER) for _ in SIEVES)
        self.head = Head(sizes.hidden_size, labels)

    @classmethod
    def of(cls, sizes: EncoderSizes, labels: int, weights: dict[str, Tensor]) -> SentenceTagger:
        """The network with these weights. The word table stays where it is, in a mapped file for example: only what is looked up
        comes into memory. Raises RuntimeError where the names or sizes are not those of this version."""
        network = cls(sizes, labels)
        words = {name: t for name, t in weights.items() if name.startswith(_WORDS)}
        network.encoder.words.load_state_dict({n.removeprefix(_WORDS): t for n, t in words.items()}, assign=True)
        missing, unexpected = network.load_state_dict(
            {n: t for n, t in weights.items() if n not in words}, strict=False
        )
        if unexpected or set(missing) != set(words):
            raise RuntimeError(f"The weights have other names: {unexpected or missing}.")
        return network

    def place(self, device: torch.device | str, precision: str) -> SentenceTagger:
        """Move to a device, the encoder's products to one of PRECISIONS. All else stays in float32 and costs no time there:
        sentences of the base differ in digits of the features that bfloat16 rounds away."""
        self.to(device)
        self.encoder.use(precision)
        return self

    def first(self, batch: Batch) -> Tensor:
        """States [T, hidden] of the first stage."""
        return self.go_on(0, self.encoder.start(batch.ids, batch.windows.lengths), batch)

    def go_on(self, stage: int, states: Tensor, batch: Batch) -> Tensor:
        """States of a stage from those of the one before; what rests keeps its own. Nothing rests in the first stage."""
        parts = batch.stretches[stage] if stage < len(batch.stretches) else batch.windows
        return self.encoder.go_on(stage, states, parts, batch.awake if stage else None)

    def forward(self, batch: Batch) -> Tensor:
        """The logits of the sentences if every sieve lets them pass."""
        states = self.first(batch)
        for stage in range(1, len(SIEVES) + 1):
            states = self.go_on(stage, states, batch)
        logits: Tensor = self.head(states, batch)
        return logits


def features(hidden: Tensor, batch: Batch) -> Tensor:
    """What a head sees of each sentence, [S, 2 * hidden]: its marker and the mean of its tokens."""
    count = len(batch.markers)
    sums = hidden.new_zeros(count + 1, hidden.shape[1]).index_add(0, batch.owner, hidden)
    sizes = torch.bincount(batch.owner, minlength=count + 1).clamp(min=1).unsqueeze(1)
    return torch.cat([hidden[batch.markers], (sums / sizes)[:-1]], dim=1)


def collate(windows: Sequence[Window]) -> Batch:
    """The batch of some windows."""
    lengths = [len(w.ids) for w in windows]
    count = sum(len(w.read) for w in windows)
    awake = np.zeros(sum(lengths), dtype=bool)
    owner = np.full(len(awake), count)
    markers: list[int] = []
    for window, at in zip(windows, accumulate(lengths, initial=0), strict=False):
        for start, end, rests in zip(window.markers, window.ends, window.rests, strict=True):
            if not rests:
                owner[at + start : at + end] = len(markers)
                awake[at + start : at + end] = True
                markers.append(at + start)
    return Batch(
        torch.tensor([i for w in windows for i in w.ids]),
        _parts(lengths, awake),
        [_parts([n for w in windows for n in _stretches(w, most)], awake) for most in STRETCHES],
        None if awake.all() else torch.from_numpy(awake.nonzero()[0]),
        torch.tensor(markers),
        torch.from_numpy(owner),
    )


def _parts(lengths: list[int], awake: NDArray[np.bool_]) -> Parts:
    starts = [*accumulate(lengths[:-1], initial=0)]
    return Parts(lengths, np.add.reduceat(awake, starts, dtype=int).tolist())


def _stretches(window: Window, most: int) -> list[int]:
    """The lengths of the window's parts of whole sentences, as many to a part as `most` tokens hold."""
    cuts = [0]
    for start, end in pairwise([*window.markers, len(window.ids)]):
        if end - cuts[-1] > most and start > cuts[-1]:
            cuts.append(start)
    return [end - start for start, end in pairwise([*cuts, len(window.ids)])]

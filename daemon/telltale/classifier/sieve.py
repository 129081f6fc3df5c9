"""The sieve: a look at each sentence's words alone, hundreds of times cheaper than the encoder, that says which sentences
can hold no note. Only the others are read, each among its nearest neighbours.

Convolutions of three pieces over the word table, the strongest of each filter, one linear layer (Kim 2014, "Convolutional
Neural Networks for Sentence Classification"). Its threshold is set by `scripts/train` so low that no note which the
encoder finds on the measured pages is lost; the card says on how many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding, linear

from .pack import PAD
from .words import WordTable

WIDTH = 3  # pieces that one filter sees
FILTERS = 192
# Sentences read on each side of one that passes: they tell a note from a quotation, and a note goes on in them.
NEAR = 2
MOST_PIECES = 4096  # at once; a piece takes 7 KB on its way through, and a hostile page may have 400,000


class Sieve(nn.Module):
    """`forward` gives logits [S, labels] of sentences by their words alone."""

    def __init__(self, hidden: int, labels: int) -> None:
        super().__init__()
        self.filters = nn.Linear(WIDTH * hidden, FILTERS)
        self.dropout = nn.Dropout(0.3)
        self.head = nn.Linear(FILTERS, labels)

    def forward(self, words: WordTable, sentences: Sequence[Sequence[int]]) -> Tensor:
        """`sentences[i]` are piece numbers; none may be empty."""
        # A sentence's last place sees the first piece of the next, so each part is followed by that.
        parts = [(s, self._logits(words, [*sentences[s], *_next(sentences, s)])) for s in _parts(sentences)]
        return torch.cat([logits[: s.stop - s.start] for s, logits in parts])

    def _logits(self, words: WordTable, sentences: Sequence[Sequence[int]]) -> Tensor:
        ids, lengths = _spread(sentences)
        strongest = torch.segment_reduce(torch.relu(self._found(words, ids)), "max", lengths=lengths.to(self._device))
        logits: Tensor = self.head(self.dropout(strongest))
        return logits

    def _found(self, words: WordTable, ids: Tensor) -> Tensor:
        """The filters' values at each place but the last; a value belongs to the sentence of the place's first piece.

        A filter's sum has a part for each of its pieces, which is worked out once for each piece that occurs: a page says
        half of its words again.
        """
        pieces, at = torch.unique(ids.to(self._device), return_inverse=True)
        by_place = self.filters.weight.view(FILTERS, WIDTH, -1).transpose(0, 1).flatten(0, 1)
        parts = linear(words(pieces.cpu()).to(by_place), by_place).view(len(pieces), WIDTH, FILTERS)
        places = len(at) - WIDTH + 1
        found: Tensor = self.filters.bias
        for i in range(WIDTH):
            found = found + embedding(at[i : places + i], parts[:, i])
        return found

    @property
    def _device(self) -> torch.device:
        return self.filters.weight.device


def _parts(sentences: Sequence[Sequence[int]]) -> Iterator[slice]:
    """Consecutive sentences of MOST_PIECES together, or one that is longer by itself; never none at all."""
    start, pieces = 0, 0
    for at, sentence in enumerate(sentences):
        if at > start and pieces + len(sentence) > MOST_PIECES:
            yield slice(start, at)
            start, pieces = at, 0
        pieces += len(sentence)
    yield slice(start, len(sentences))


def _next(sentences: Sequence[Sequence[int]], part: slice) -> list[Sequence[int]]:
    return [s[:1] for s in sentences[part.stop : part.stop + 1]]


def _spread(sentences: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """All pieces with a gap of padding before and behind each sentence, and how many places each takes."""
    gap = [PAD] * (WIDTH - 2)
    ids: list[int] = []
    for sentence in sentences:
        ids += [*gap, *sentence, *gap]
    return torch.tensor([*ids, *[PAD] * (WIDTH - 1)]), torch.tensor([len(s) + 2 * len(gap) for s in sentences])

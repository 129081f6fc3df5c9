"""The sieve: a look at each sentence's words alone, hundreds of times cheaper than the encoder, that says which sentences
can hold no note. Windows in which none is left are not read.

Convolutions of three pieces over the word table, the strongest of each filter, one linear layer (Kim 2014, "Convolutional
Neural Networks for Sentence Classification"). Its threshold is set by `scripts/train` so low that no note which the
encoder finds on the measured pages is lost; the card says on how many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn

from .words import WordTable

WIDTH = 3  # pieces that one filter sees
FILTERS = 192
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
        vectors, lengths = _spread(words, sentences, self.filters.weight)
        grams = torch.cat([vectors[i : len(vectors) - WIDTH + 1 + i] for i in range(WIDTH)], 1)
        # A filter's value at a place belongs to the sentence of the place's first piece.
        found = torch.relu(self.filters(grams))
        strongest = torch.segment_reduce(found, "max", lengths=lengths)
        logits: Tensor = self.head(self.dropout(strongest))
        return logits


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


def _spread(words: WordTable, sentences: Sequence[Sequence[int]], like: Tensor) -> tuple[Tensor, Tensor]:
    """All pieces' vectors, of the type and on the device of `like`, with a gap of zeros before and behind each sentence, and how many places each takes."""
    gap = WIDTH - 2
    ids: list[int] = []
    for sentence in sentences:
        ids += [*[0] * gap, *sentence, *[0] * gap]
    vectors = words(torch.tensor([*ids, *[0] * (WIDTH - 1)])).to(like)
    lengths = torch.tensor([len(s) + 2 * gap for s in sentences], device=like.device)
    return vectors, lengths

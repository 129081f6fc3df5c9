"""Training of the sieve, and the threshold under which a sentence need not be read."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from corpus.library import Library
from corpus.pages import MadePage, PageMaker
from numpy.typing import NDArray
from telltale.classifier.pack import near
from telltale.classifier.score import Classifier
from telltale.classifier.sieve import NEAR, Sieve
from telltale.classifier.words import WordTable
from telltale.domain import LABELS, NONE, Page
from telltale.judge import judge
from telltale.reader import Reader, sentences_of
from tokenizers import Tokenizer
from torch import nn
from tqdm import tqdm

from .examples import IGNORED, labelled, sentence_labels


@dataclass(frozen=True, slots=True)
class SieveSettings:
    """`pages` are generated once and seen `epochs` times."""

    pages: int = 30_000
    epochs: int = 4
    batch: int = 256  # sentences
    rate: float = 2e-3
    none_weight: float = 0.25  # a note that is passed over is lost; an ordinary sentence that passes costs some time
    dropped: float = 0.15  # share of pieces left out, so that no single word decides
    seed: int = 11


Sentence = tuple[list[int], int]  # pieces and label


def train_sieve(
    words: WordTable, hidden: int, tokenizer: Tokenizer, ordinary: Sequence[MadePage], settings: SieveSettings
) -> Sieve:
    """A trained sieve; `ordinary` are pages without notes to learn from beside the generated ones."""
    torch.manual_seed(settings.seed)
    rng = random.Random(settings.seed)
    maker = PageMaker(Library.load(dev=False), settings.seed)
    made = (maker.page() for _ in range(settings.pages))
    sentences = [s for pages in (made, ordinary) for s in _sentences(pages, tokenizer)]
    sieve, steps = Sieve(hidden, len(LABELS)), settings.epochs * (len(sentences) // settings.batch)
    optimizer = torch.optim.AdamW(sieve.parameters(), lr=settings.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, settings.rate, total_steps=steps + 1)
    weights = torch.ones(len(LABELS))
    weights[LABELS.index(NONE)] = settings.none_weight
    loss_of = nn.CrossEntropyLoss(weights)
    for batch in tqdm(_batches(sentences, settings, rng), total=steps, unit="batch", desc="sieve"):
        ids = [_thinned(pieces, settings.dropped, rng) for pieces, _ in batch]
        loss = loss_of(sieve(words, ids), torch.tensor([label for _, label in batch]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return sieve.eval()


def _sentences(pages: Iterable[MadePage], tokenizer: Tokenizer) -> Iterator[Sentence]:
    for made in pages:
        page, spans = labelled(made)
        places, texts = sentences_of(page)
        encoded = tokenizer.encode_batch_fast(
            [t[p.start : p.end] for p, t in zip(places, texts, strict=True)], add_special_tokens=False
        )
        for one, label in zip(encoded, sentence_labels(page, spans), strict=True):
            if label != IGNORED and one.ids:
                yield one.ids, label


def _batches(sentences: list[Sentence], settings: SieveSettings, rng: random.Random) -> Iterator[list[Sentence]]:
    for _ in range(settings.epochs):
        rng.shuffle(sentences)
        for at in range(0, len(sentences) - settings.batch + 1, settings.batch):
            yield sentences[at : at + settings.batch]


def _thinned(pieces: list[int], share: float, rng: random.Random) -> list[int]:
    return [p for p in pieces if rng.random() >= share] or pieces


@dataclass(frozen=True, slots=True)
class Sifted:
    """What the sieve says of some pages, in logits: of each sentence that stands as a note the strongest one near enough to
    have it read; and of each page without a note all its sentences."""

    notes: NDArray[np.float64]
    ordinary: list[NDArray[np.float32]]

    def read(self, limit: float) -> float:
        """The share of the ordinary sentences that the encoder reads at a limit: those that pass and those near them."""
        runs = [run for page in self.ordinary for run in near((page >= limit).tolist(), NEAR)]
        return sum(run.stop - run.start for run in runs) / max(1, sum(map(len, self.ordinary)))


def sifted(reader: Reader, noted: Sequence[Page], ordinary: Sequence[Page]) -> Sifted:
    """Read the noted pages whole, and sift both."""
    reader.classifier.sifting = False
    notes = [peak for page in tqdm(noted, unit="page", desc="noted") for peak in _note_peaks(reader, page)]
    return Sifted(np.array(notes), [_logits(reader.classifier, page) for page in ordinary])


def _note_peaks(reader: Reader, page: Page) -> list[float]:
    places, texts = sentences_of(page)
    notes, _ = judge(places, texts, reader.scores(page, places, texts), reader.limits)
    logits = _logits(reader.classifier, page)
    return [
        float(logits[max(0, i - NEAR) : i + NEAR + 1].max())
        for i, p in enumerate(places)
        if any((n.where, n.block) == (p.where, p.block) and n.start <= p.start < n.end for n in notes)
    ]


def _logits(classifier: Classifier, page: Page) -> NDArray[np.float32]:
    places, texts = sentences_of(page)
    quotes = [t[p.start : p.end] for p, t in zip(places, texts, strict=True)]
    if not quotes:
        return np.zeros(0, np.float32)
    with torch.inference_mode():
        return classifier.sift(classifier.pieces(quotes)).numpy()  # type: ignore[no-any-return]

"""Training of the sieve, and the threshold under which a sentence need not be read."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from corpus.library import Library
from corpus.pages import MadePage, PageMaker
from telltale.classifier.score import Classifier
from telltale.classifier.sieve import Sieve
from telltale.classifier.words import WordTable
from telltale.domain import LABELS, NONE, Page
from telltale.judge import judge
from telltale.reader import Reader, head_of, opens_of, sentences_of
from tokenizers import Tokenizer
from torch import nn
from tqdm import tqdm

from .examples import IGNORED, labelled, sentence_labels


@dataclass(frozen=True, slots=True)
class SieveSettings:
    """`pages` are generated once and seen `epochs` times."""

    pages: int = 12_000
    epochs: int = 3
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
    """What the sieve says of some pages: of each window with a sentence that stands as a note its strongest sentence, and of
    every window of pages without a note its strongest sentence. Logits."""

    notes: np.ndarray
    ordinary: np.ndarray


def sifted(reader: Reader, noted: Sequence[Page], ordinary: Sequence[Page]) -> Sifted:
    """Read the noted pages whole, and sift both."""
    classifier = reader.classifier
    notes = [peak for page in tqdm(noted, unit="page", desc="noted") for peak in _note_peaks(reader, page)]
    plain = [max(logits) for page in ordinary for logits in _window_logits(classifier, page)[1]]
    return Sifted(np.array(notes), np.array(plain))


def _note_peaks(reader: Reader, page: Page) -> list[float]:
    classifier = reader.classifier
    classifier.sifting = False
    places, texts = sentences_of(page)
    scores = reader.scores(page, places, texts)
    notes, _ = judge(places, texts, scores, reader.limits)
    stands = [
        any((n.where, n.block) == (p.where, p.block) and n.start <= p.start < n.end for n in notes) for p in places
    ]
    windows, logits = _window_logits(classifier, page)
    return [max(found) for w, found in zip(windows, logits, strict=True) if any(stands[i] for i in w)]


def _window_logits(classifier: Classifier, page: Page) -> tuple[list[list[int]], list[list[float]]]:
    """Each window's sentences and their logits."""
    places, texts = sentences_of(page)
    if not places:
        return [], []
    quotes = [t[p.start : p.end] for p, t in zip(places, texts, strict=True)]
    classifier.sifting = False
    windows = [w.sentences for w in classifier.windows(quotes, opens_of(places), head_of(page))]
    with torch.inference_mode():
        logits = classifier.sift(classifier.pieces(quotes)).tolist()
    return windows, [[logits[i] for i in w] for w in windows]

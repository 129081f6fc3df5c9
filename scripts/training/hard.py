"""Hard pages: those on which trained weights are surest of something wrong, to go on from them (`scripts/train --hard`).

Shrivastava et al. 2016, "Training Region-based Object Detectors with Online Hard Example Mining"; here once, for whole pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from corpus.library import Library
from corpus.pages import MadePage, PageMaker
from telltale.classifier.model import SentenceTagger, collate
from telltale.classifier.pack import Packing
from tokenizers import Tokenizer
from torch import nn
from tqdm import tqdm

from .examples import IGNORED, Example, examples_of

GENERATED = 10_000  # pages to look at beside the ordinary ones
MOST_ORDINARY = 5_000
LOSS = 1.2  # of a page's worst sentence, from which it is hard; an even choice between two labels has 0.7
TOGETHER = 1_000  # tokens


def hard_pages(
    network: SentenceTagger, tokenizer: Tokenizer, ordinary: Sequence[MadePage], seed: int
) -> list[MadePage]:
    """Of fresh generated pages and of the first ordinary ones those with a sentence whose loss is at least LOSS."""
    maker = PageMaker(Library.load(dev=False), seed)
    pages = [*ordinary[:MOST_ORDINARY], *(maker.page() for _ in range(GENERATED))]
    owned = [(i, e) for i, page in enumerate(pages) for e in examples_of(page, tokenizer, Packing())]
    owned.sort(key=lambda pair: len(pair[1].window.ids))
    hard: set[int] = set()
    for part in tqdm(list(_parts(owned)), unit="batch", desc="hard pages"):
        worst = _worst(network, [e for _, e in part])
        hard |= {i for (i, _), loss in zip(part, worst, strict=True) if loss >= LOSS}
    return [pages[i] for i in sorted(hard)]


@torch.inference_mode()
def _worst(network: SentenceTagger, examples: Sequence[Example]) -> list[float]:
    """The greatest loss of a labelled sentence in each window."""
    logits = network(collate([e.window for e in examples]))
    labels = torch.tensor([label for e in examples for label in e.labels])
    losses = nn.functional.cross_entropy(logits, labels, ignore_index=IGNORED, reduction="none")
    return [float(part.max()) for part in losses.split([len(e.labels) for e in examples])]


def _parts(owned: Sequence[tuple[int, Example]]) -> Iterator[list[tuple[int, Example]]]:
    part: list[tuple[int, Example]] = []
    for pair in owned:
        if part and (len(part) + 1) * len(pair[1].window.ids) > TOGETHER:
            yield part
            part = []
        part.append(pair)
    if part:
        yield part

"""Hard pages: those on which trained weights are surest of something wrong, to go on from them (`scripts/train --hard`).

Shrivastava et al. 2016, "Training Region-based Object Detectors with Online Hard Example Mining"; here once, for whole pages.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from corpus.library import Library
from corpus.pages import MadePage, PageMaker
from telltale.classifier.model import SentenceTagger, collate
from telltale.classifier.pack import Packing
from telltale.classifier.pieces import Pieces
from torch import nn
from tqdm import tqdm

from .examples import IGNORED, Example, examples_of
from .loop import batched

GENERATED = 4_000  # pages to look at beside the ordinary ones
MOST_ORDINARY = 6_000
LOSS = 1.2  # of a page's worst sentence, from which it is hard; an even choice between two labels has 0.7
TOGETHER = 1_000  # tokens


def hard_pages(network: SentenceTagger, pieces: Pieces, ordinary: Sequence[MadePage], seed: int) -> list[MadePage]:
    """Of fresh generated pages and of the first ordinary ones those with a sentence whose loss is at least LOSS."""
    maker = PageMaker(Library.load(dev=False), seed)
    pages = [*ordinary[:MOST_ORDINARY], *(maker.page() for _ in range(GENERATED))]
    owner = {id(e): (i, e) for i, page in enumerate(pages) for e in examples_of(page, pieces, Packing())}
    examples = sorted((e for _, e in owner.values()), key=lambda e: len(e.window.ids))
    hard: set[int] = set()
    for part in tqdm(list(batched(examples, TOGETHER)), unit="batch", desc="hard pages"):
        hard |= {owner[id(e)][0] for e, loss in zip(part, _worst(network, part), strict=True) if loss >= LOSS}
    return [pages[i] for i in sorted(hard)]


@torch.inference_mode()
def _worst(network: SentenceTagger, examples: Sequence[Example]) -> list[float]:
    """The greatest loss of a labelled sentence in each window."""
    logits = network(collate([e.window for e in examples]))
    labels = torch.tensor([label for e in examples for label in e.labels])
    losses = nn.functional.cross_entropy(logits, labels, ignore_index=IGNORED, reduction="none")
    return [float(part.max()) for part in losses.split([len(e.labels) for e in examples])]

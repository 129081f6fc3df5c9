"""Ordinary pages without any note: for hard-negative mining and for setting the thresholds.

They come from the generator (held-out articles and near-misses) and, where a folder of plain text is given, from that:
one page a file, cut into pages of some paragraphs.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from corpus.library import Library
from corpus.pages import MadePage, PageMaker, Piece
from telltale.domain import NONE, Page

from .examples import labelled

PAGE_BLOCKS = 6


def generated_ordinary(count: int, seed: int, dev: bool) -> list[Page]:
    """Articles with what stands around them on a page."""
    maker = PageMaker(Library.load(dev=dev), seed, english_share=0.7)
    return [labelled(maker.page("ordinary"))[0] for _ in range(count)]


def held_out_articles(seed: int) -> list[Page]:
    """Each article that training never saw, once and whole: a fault in one counts once, as on pages of the world."""
    library = Library.load(dev=True)
    maker = PageMaker(library, seed)
    return [labelled(maker.alone(article))[0] for _, shelf in sorted(library.articles.items()) for article in shelf]


def near_misses(quoted: int, seed: int) -> list[Page]:
    """Pages made to be mistaken: each near-miss that training never saw, once, where it would stand on a page, and `quoted`
    stories that quote a note."""
    library = Library.load(dev=True)
    maker = PageMaker(library, seed)
    shelves = [s for kind, by in sorted(library.negatives.items()) if kind != "quoted" for _, s in sorted(by.items())]
    made = [maker.placed(template) for shelf in shelves for template in shelf]
    return [labelled(page)[0] for page in made + [maker.page("quoted") for _ in range(quoted)]]


def folder_pages(folder: Path, seed: int, most: int) -> list[MadePage]:
    """Pages of the *.txt files of a folder (blocks parted by blank lines), in a random order, at most `most`."""
    pages = [page for path in sorted(folder.glob("*.txt")) for page in _pages_of(path)]
    random.Random(seed).shuffle(pages)
    return pages[:most]


def _pages_of(path: Path) -> Iterator[MadePage]:
    blocks = [" ".join(b.split()) for b in path.read_text(encoding="utf-8", errors="replace").split("\n\n")]
    blocks = [b for b in blocks if len(b) > 2]
    lang = path.stem.rsplit(".", 1)[-1]
    for at in range(0, len(blocks), PAGE_BLOCKS):
        made = MadePage(lang, "ordinary", blocks=[[Piece(b[:2000], NONE)] for b in blocks[at : at + PAGE_BLOCKS]])
        if made.blocks:
            yield made

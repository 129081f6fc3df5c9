"""The pages that are read: whole articles of some 40 sentences, one in ten with a note, of templates that training never saw.

Each has a title of its own, so no window of it was read on another page.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice

from corpus.library import Library
from corpus.pages import MadePage, PageMaker
from telltale.domain import Page
from telltale.reader import sentences_of
from training.examples import labelled

SENTENCES = 40
ONE_WITH_A_NOTE_IN = 10
SEED = 2026


def articles(most: int, seed: int = SEED) -> list[Page]:
    """The first `most` pages; the same seed gives the same ones."""
    return list(islice(_made(seed), most))


def long_article(characters: int, seed: int = SEED) -> Page:
    """One page of so many characters of text, or up to a paragraph more; its last paragraphs carry a note."""
    maker = PageMaker(Library.load(dev=True), seed, english_share=1.0)
    lead, size = maker.page("ordinary"), 0
    while size < characters:
        blocks = maker.article("en").blocks
        lead.blocks += blocks
        size += sum(len(piece.text) for block in blocks for piece in block)
    lead.blocks += maker.note_page("preamble").blocks
    return labelled(lead)[0]


def _made(seed: int) -> Iterator[Page]:
    maker = PageMaker(Library.load(dev=True), seed)
    for number in count(1):
        lead = maker.page("ordinary" if number % ONE_WITH_A_NOTE_IN else "note")
        page = _filled(maker, lead)
        yield Page(f"{page.title} {number}", page.blocks, f"https://news.example/{seed}/{number}", page.byline)


def _filled(maker: PageMaker, lead: MadePage) -> Page:
    """An article goes on with the paragraphs of others in its language until it is long enough."""
    while True:
        page, _ = labelled(lead)
        if len(sentences_of(page)[0]) >= SENTENCES:
            return page
        lead.blocks += maker.article(lead.lang).blocks

"""Pages as the web has them: the corpus's articles within the navigation, advertisements, comments and scripts of six
kinds of site, so that the words that are the article are known."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.library import Library
from corpus.pages import PageMaker, Piece, join
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from telltale.domain import NONE, Page
from training.examples import labelled

SITES = ("broadsheet", "blog", "divs", "breaks", "magazine", "lists")
PARAGRAPHS = (8, 24)  # of a news page, at least and at most
SECTIONS = ("World", "Politics", "Business", "Sport", "Culture", "Science", "Opinion", "Travel", "Weather", "Video")
COMMENTS = (0, 0, 0, 5, 40)  # under an article: most sites load them by script, so the page itself has none
STATE_ITEMS = 250  # of the JSON that sites leave in a script: some 50 KB


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page of a site. `article` is what stands on it, `notes` the words in it that are notes."""

    site: str
    url: str
    html: str
    article: Page
    notes: tuple[str, ...]


class WebMaker:
    """Makes pages of the web; the same seed gives the same pages."""

    def __init__(self, seed: int, *, dev: bool = True, english_share: float = 0.7) -> None:
        """`dev`: of the templates that the model was not trained on."""
        self._maker = PageMaker(Library.load(dev=dev), seed, english_share)
        self._rng = random.Random(seed)
        self._count = 0
        folder = Path(__file__).resolve().parent / "sites"
        self._sites = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)

    def page(self, noted: bool, mark: str = "") -> WebPage:
        """One page, with notes or without; a `mark` begins each paragraph, so that no two pages have a sentence in common."""
        self._count += 1
        site = SITES[self._count % len(SITES)]
        made = self._maker.note_page() if noted else self._maker.ordinary_page()
        self._lengthen(made.blocks, made.lang)
        if mark:
            for n, run in enumerate(made.blocks):
                run.insert(0, Piece(f"({mark}.{n})", NONE))
        article, _ = labelled(made)
        runs = [made.title, made.byline, *made.blocks]
        notes = tuple(piece.text for run in runs for piece in run if piece.label != NONE)
        url = f"https://www.{site}{self._count % 97}.example/2026/11/{self._count}"
        told = {"title": article.title, "byline": article.byline, "lang": article.lang}
        blocks = [block.text for block in article.blocks]
        html = self._sites.get_template(f"{site}.html").render(
            page={**told, "blocks": blocks}, chrome=self._chrome(url)
        )
        return WebPage(site, url, html, article, notes)

    def _lengthen(self, blocks: list[Any], lang: str) -> None:
        """To the length of a news page, with other articles' paragraphs in the middle: the first and last stay."""
        wanted = self._rng.randint(*PARAGRAPHS)
        while len(blocks) < wanted:
            more = self._maker.ordinary_page(lang).blocks[: wanted - len(blocks)]
            at = len(blocks) // 2
            blocks[at:at] = more

    def _chrome(self, url: str) -> dict[str, Any]:
        cards = [self._card() for _ in range(12)]
        comments = [self._comment() for _ in range(self._rng.choice(COMMENTS))]
        return {
            "site": f"The {self._rng.choice(SECTIONS)} Courier",
            "url": url,
            "published": f"2026-11-{self._rng.randint(1, 28):02}",
            "sections": SECTIONS,
            "caption": cards[-1]["text"],
            "cards": cards,
            "comments": comments,
            "json_ld": {
                "@context": "https://schema.org",
                "@type": "NewsArticle",
                "url": url,
                "headline": cards[0]["title"],
            },
            "state": [
                {"id": i, "slug": f"story-{i}", **cards[i % 12], "tags": SECTIONS[:4]} for i in range(STATE_ITEMS)
            ],
        }

    def _card(self) -> dict[str, str]:
        page = self._maker.ordinary_page("en")
        texts = [join(run)[0] for run in page.blocks] or [""]
        return {"title": join(page.title)[0] or "In pictures", "text": texts[0][:120]}

    def _comment(self) -> dict[str, str]:
        page = self._maker.ordinary_page("en")
        text = join(self._rng.choice(page.blocks))[0] if page.blocks else "Well said."
        return {"by": f"Reader{self._rng.randint(1, 9999)}", "at": "2 days ago", "text": f"I disagree. {text}"}

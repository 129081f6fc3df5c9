"""Which library takes the article out of a page: speed, and how much of the article and of its notes is left.

`python -m benchmarks.extraction [--pages N] [--models DIR] [--json]`, in one process and one thread. The pages are
those of `web`, so the words of the article are known.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trafilatura
from resiliparse.extract.html2text import extract_plain_text
from telltale.documents import from_text

from .web import SITES, WebMaker, WebPage

ROOT = Path(__file__).resolve().parents[2]
_WORD = re.compile(r"\w+")


def by_trafilatura(html: str, **told: Any) -> str:
    """Its text, "" where it finds none."""
    return trafilatura.extract(html, include_comments=False, **told) or ""


def by_resiliparse(html: str) -> str:
    """Its text of the main content."""
    return extract_plain_text(html, preserve_formatting=True, main_content=True, comments=False, list_bullets=False)


EXTRACTORS: dict[str, Callable[[str], str]] = {
    "trafilatura, favor_recall": lambda html: by_trafilatura(html, favor_recall=True),
    "trafilatura": by_trafilatura,
    "trafilatura, fast, favor_recall": lambda html: by_trafilatura(html, favor_recall=True, fast=True),
    "resiliparse": by_resiliparse,
}


@dataclass(frozen=True, slots=True)
class Shares:
    """Of one page: how many of the article's words are in the text, how many of the text's are the article's, how many
    notes of it there are and how many of them stand whole in the text."""

    recall: float
    precision: float
    notes: int
    kept: int


def shares_of(page: WebPage, text: str) -> Shares:
    """What a text has of the page's article."""
    article, found = (
        words_of("\n".join(b.text for b in page.article.blocks)),
        words_of(text + "\n" + page.article.title),
    )
    both = (article & found).total()
    found -= words_of(page.article.title) - article  # whether the title is repeated is neither right nor wrong
    notes = [note for note in page.notes if note in "\n".join(b.text for b in page.article.blocks)]
    kept = sum(plain(note) in plain(text) for note in notes)
    return Shares(both / max(article.total(), 1), both / max(found.total(), 1), len(notes), kept)


def words_of(text: str) -> Counter[str]:
    """The words of a text, each with how often it stands there."""
    return Counter(_WORD.findall(text.casefold()))


def plain(text: str) -> str:
    """A text's words one behind the other, as markup and white space leave them."""
    return " ".join(_WORD.findall(text.casefold()))


def agreement(left: str, right: str) -> float:
    """How much alike two texts are: twice the words that are in both, of all words of both."""
    a, b = words_of(left), words_of(right)
    return 2 * (a & b).total() / max(a.total() + b.total(), 1)


def measure(pages: list[WebPage], models: Path | None) -> dict[str, Any]:
    """A row of figures for each extractor, and how much the texts agree."""
    texts: dict[str, list[str]] = {name: [] for name in EXTRACTORS}
    seconds: dict[str, list[float]] = {name: [] for name in EXTRACTORS}
    for page in pages:  # in turns, so that a busy moment of the machine hits all alike
        for name, extract in EXTRACTORS.items():
            began = time.perf_counter()
            text = extract(page.html)
            seconds[name].append(time.perf_counter() - began)
            texts[name].append(text)
    judged = verdicts(pages, texts, models) if models else {}
    rows = {n: {**figures(pages, texts[n]), "ms": 1000 * statistics.fmean(seconds[n]),
                "pages_per_second": 1 / statistics.fmean(seconds[n]), **judged.get(n, {})} for n in EXTRACTORS}  # fmt: skip
    first, *_, last = EXTRACTORS
    alike = statistics.fmean(agreement(a, b) for a, b in zip(texts[first], texts[last], strict=True))
    size = statistics.fmean(len(p.html.encode()) for p in pages)
    return {"pages": len(pages), "page_bytes": round(size), "agreement_of_first_and_last": alike, "extractors": rows}


def figures(pages: list[WebPage], texts: list[str]) -> dict[str, Any]:
    """The means of the shares; the notes that are kept by kind of site."""
    shares = [shares_of(page, text) for page, text in zip(pages, texts, strict=True)]
    lost: dict[str, int] = dict.fromkeys(SITES, 0)
    for page, share in zip(pages, shares, strict=True):
        lost[page.site] += share.notes - share.kept
    return {
        "recall": statistics.fmean(s.recall for s in shares),
        "precision": statistics.fmean(s.precision for s in shares),
        "notes_kept": sum(s.kept for s in shares),
        "notes": sum(s.notes for s in shares),
        "notes_lost_by_site": lost,
        "no_text": sum(not text.strip() for text in texts),
    }


def verdicts(pages: list[WebPage], texts: dict[str, list[str]], models: Path) -> dict[str, dict[str, int]]:
    """On how many pages the model's verdict is the one on the article itself; where it is not, what was missed or made up."""
    from telltale.reader import Reader

    reader = Reader.load(models)
    truth = [reader.read(page.article).verdict.value for page in pages]
    found: dict[str, dict[str, int]] = {}
    for name, listed in texts.items():
        pairs = Counter()
        for page, text, right in zip(pages, listed, truth, strict=True):
            read = from_text(text, title=page.article.title, byline=page.article.byline, lang=page.article.lang).page
            verdict = reader.read(read).verdict.value
            pairs["same_verdict"] += verdict == right
            pairs["missed"] += verdict == "none" != right
            pairs["made_up"] += right == "none" != verdict
        found[name] = dict(pairs)
    return found


def table(result: dict[str, Any]) -> str:
    """The figures for a person."""
    lines = [f"{result['pages']} pages of {result['page_bytes'] / 1000:.0f} kB", "",
             "| | ms a page | pages/s | words kept | words that are the article's | notes kept | same verdict, missed, made up |",
             "|---|---|---|---|---|---|---|"]  # fmt: skip
    for name, row in result["extractors"].items():
        judged = f"{row['same_verdict']}, {row['missed']}, {row['made_up']}" if "same_verdict" in row else "no model"
        lines.append(
            f"| {name} | {row['ms']:.1f} | {row['pages_per_second']:.0f} | {row['recall']:.1%} | {row['precision']:.1%} "
            f"| {row['notes_kept']} of {row['notes']} | {judged} |"
        )
    lines += ["", f"The first and the last agree on {result['agreement_of_first_and_last']:.1%} of their words."]
    return "\n".join(lines)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=600, help="how many; half of them carry notes")
    parser.add_argument("--seed", type=int, default=26)
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    maker = WebMaker(options.seed)
    pages = [maker.page(noted=n % 2 == 0) for n in range(options.pages)]
    models = options.models if (options.models / "model.json").exists() else None
    if models is None:
        print(f"extraction: no model at {options.models}, so verdicts are not compared.", file=sys.stderr)
    result = measure(pages, models)
    print(json.dumps(result, indent=1) if options.json else table(result))


if __name__ == "__main__":
    main()

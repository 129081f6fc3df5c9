"""Cost against the length of a page, up to the 5 MB that the daemon accepts."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from telltale.domain import Page
from telltale.reader import Reader, sentences_of

from .articles import long_article
from .timing import milliseconds

KILOBYTES = (5, 20, 80, 320, 1250, 5000)
TURNS = 3


def measure(models: Path) -> dict[str, Any]:
    """Milliseconds by the kilobytes of text, and the exponent: 1 is linear, 2 is quadratic."""
    rows = [_row(long_article(1000 * size), models) for size in KILOBYTES]
    return {"rows": rows, "exponent": {what: _slope(rows, what) for what in ("segment", "read")}}


def _row(page: Page, models: Path) -> dict[str, Any]:
    sentences = len(sentences_of(page)[0])
    segment = min(milliseconds(lambda: sentences_of(page)) for _ in range(TURNS))
    reader = Reader.load(models)  # fresh: a page that was read before costs nothing
    size = sum(len(block.text) for block in page.blocks)
    read = milliseconds(lambda: reader.read(page))
    return {
        "kilobytes": round(size / 1000),
        "sentences": sentences,
        "segment": round(segment, 2),
        "read": round(read, 1),
    }


def _slope(rows: list[dict[str, Any]], what: str) -> float:
    """Between 80 kB and the longest: below that the fixed costs count."""
    few, most = next(r for r in rows if r["kilobytes"] >= 80), rows[-1]
    return round(math.log(most[what] / few[what]) / math.log(most["kilobytes"] / few["kilobytes"]), 2)

"""Pages as CSV, JSON and NDJSON, piece by piece: nothing is held but the batch that is being written."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator

from ..rows import Row

Pages = list[Row]

_OF_PAGE = (
    "page_id", "url", "outlet", "title", "byline", "published", "lang", "verdict", "first_seen", "last_seen", "times_seen",
)  # fmt: skip
_OF_NOTE = ("state", "kind", "family", "confidence", "where", "quote", "before", "after")
_OF_REVISION = {"model": "model", "text_hash": "text_hash", "seen_from": "first_seen", "seen_until": "last_seen"}
COLUMNS = (*_OF_PAGE, *_OF_NOTE, *_OF_REVISION)
# A cell that begins so is a formula to a spreadsheet, which may send what stands beside it to somebody. Blanks before it
# and the full-width forms are passed over by some.
_FORMULA = tuple("=+-@\t\r＝＋－＠")
# Where the country's separator is a semicolon or a tab, quotes behind a comma hold nothing together: one in a cell, or the
# end of a line, begins another cell. Matched from the first of such marks only, so that a long run takes linear time.
_SEPARATORS = frozenset(";\t\r\n")
_BEFORE_FORMULA = re.compile(r"(?<![;\s])[;\s]++(?=[=+\-@＝＋－＠])")


class Lines:
    """NDJSON: a page a line."""

    media_type = "application/x-ndjson"

    def head(self) -> str:
        """Nothing stands before the pages."""
        return ""

    def write(self, pages: Pages) -> str:
        """A line each."""
        return "".join(f"{_json(page)}\n" for page in pages)

    def tail(self) -> str:
        """Nothing follows."""
        return ""


class Json:
    """One JSON object whose `pages` are all pages."""

    media_type = "application/json"

    def __init__(self) -> None:
        self._separator = "\n"

    def head(self) -> str:
        """The begin of the object."""
        return '{"telltale": 1, "pages": ['

    def write(self, pages: Pages) -> str:
        """The pages, each on a line of its own."""
        found = [f"{self._separator}{_json(pages[0])}", *(f",\n{_json(page)}" for page in pages[1:])] if pages else []
        self._separator = ",\n" if pages else self._separator
        return "".join(found)

    def tail(self) -> str:
        """The end of the object."""
        return "\n]}\n"


class Csv:
    """A row for each note of a page as last seen and for each that went before; a page without notes has one row."""

    media_type = "text/csv"

    def head(self) -> str:
        """The names of the columns, after the mark by which spreadsheets tell UTF-8 from their country's own letters."""
        return "\ufeff" + _table([COLUMNS])

    def write(self, pages: Pages) -> str:
        """The pages' rows."""
        return _table([cells for page in pages for cells in _cells(page)])

    def tail(self) -> str:
        """Nothing follows."""
        return ""


Text = Lines | Json | Csv
FORMATS: dict[str, Callable[[], Text]] = {"csv": Csv, "json": Json, "ndjson": Lines}


def guarded(cell: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before whatever could be one."""
    first = "'" if cell.startswith(_FORMULA) or cell.lstrip().startswith(_FORMULA) else ""
    return first + _BEFORE_FORMULA.sub(lambda m: m[0] if _SEPARATORS.isdisjoint(m[0]) else f"{m[0]}'", cell)


def _json(page: Row) -> str:
    return json.dumps(page, ensure_ascii=False)


def _table(table: list[tuple[str | int | float | None, ...]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([guarded(c) if isinstance(c, str) else c for c in cells] for cells in table)
    return out.getvalue()


def _cells(page: Row) -> Iterator[tuple[str | int | float | None, ...]]:
    of_page = tuple(page[name] for name in _OF_PAGE)
    *older, last = page["revisions"]
    found = [(note, _state(note), last) for note in last["notes"]]
    found += [(note, note["fate"], revision) for revision in older for note in revision["notes"] if note["fate"]]
    for note, state, revision in found:
        of_note = (state, *(note[name] for name in _OF_NOTE[1:]))
        yield (*of_page, *of_note, *(revision[name] for name in _OF_REVISION.values()))
    if not found:
        yield (*of_page, *([None] * len(_OF_NOTE)), *(last[name] for name in _OF_REVISION.values()))


def _state(note: Row) -> str:
    if note["decision"]:
        return str(note["decision"])
    return "stands" if note["standing"] else "possible"

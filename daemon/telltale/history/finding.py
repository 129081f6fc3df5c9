"""Full-text search: words of titles, bylines, notes and the text around them, with filters.

Results come newest recorded first and in parts. They are not ranked: ranking reads every match before it shows one,
which a common word makes a million of.
"""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass, field

from sqlite_utils import Database

from ..times import iso
from .lists import MOST_ID, PART, Part, cursor_of, number_of, part_of
from .page_state import stand_of
from .rows import Row, rows
from .schema import OWN

MOST_WORDS = 20  # of a query; more is a paragraph that was pasted
MOST_MONTHS = 240  # that one search looks at: the latest of those that are asked for
SNIPPET = 24  # tokens around the words that were looked for
_START, _END = (f"\x02{secrets.token_hex(8)}{end}" for end in "<>")  # no page can have these: it would have to guess

# Beside the word for the source in the index, because an imported page may have any word there. The plus keeps SQLite from
# starting with all pages of the source.
OF_SOURCE = "+p.source = ?"

_TERM = re.compile(r'(-?)(?:"([^"]*)"|([^\s"]+))')
_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")


class SearchError(ValueError):
    """The search cannot be made; the message is one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for. Empty fields are no filter; `since` and `until` are months, `2026-11`, of the first sight."""

    words: str = ""
    outlet: str = ""
    verdict: str = ""
    family: str = ""
    since: str = ""
    until: str = ""
    removed: bool = False
    source: int = field(default=OWN)


def search(db: Database, wanted: Search, after: str | None = None) -> Part:
    """Pages, each with its `notes` and with `snippets`, lists of (text, whether it was looked for).

    Raises SearchError, or CursorError for a made-up `after`.
    """
    last = number_of(cursor_of(after)[1]) if after else MOST_ID
    marks = f"'{_START}', '{_END}', '…', {SNIPPET}"
    found = rows(
        db,
        f"""SELECT p.id AS page_id, p.url, p.title, p.byline, p.outlet, p.verdict, p.first_seen, p.last_seen, p.removed,
            p.revision, snippet(search, 2, {marks}) AS quotes, snippet(search, 3, {marks}) AS context,
            snippet(search, 0, {marks}) AS heading, snippet(search, 1, {marks}) AS signature
        FROM search JOIN pages p ON p.id = search.rowid
        WHERE search MATCH ? AND search.rowid < ? AND {OF_SOURCE} ORDER BY search.rowid DESC LIMIT ?""",
        expression(wanted), last, wanted.source, PART + 1,
    )  # fmt: skip
    return part_of([_result(db, row) for row in found], lambda p: f"~{p['page_id']}")


def expression(wanted: Search) -> str:
    """The FTS5 expression of a search: every term is quoted, so that nothing a person types is an operator."""
    terms = _TERM.findall(wanted.words)
    if len(terms) > MOST_WORDS:
        raise SearchError(f"A search may have at most {MOST_WORDS} words.")
    texts = [(minus, _quoted(phrase or word)) for minus, phrase, word in terms if _says(phrase or word)]
    wanted_words = [text for minus, text in texts if not minus]
    unwanted = [text for minus, text in texts if minus]
    if unwanted and not wanted_words:
        raise SearchError("A search needs at least one word that is looked for, not only words to leave out.")
    parts = [f"facets : ({' AND '.join(_facets(wanted))})"]
    if wanted_words:
        parts.append(f"{{title byline quotes context}} : ({' AND '.join(wanted_words)})")
    found = " AND ".join(parts)
    return f"({found}) NOT {{title byline quotes context}} : ({' OR '.join(unwanted)})" if unwanted else found


def _says(text: str) -> bool:
    """Whether the index keeps anything of a term: it has no punctuation, and to look for nothing finds nothing."""
    return any(c.isalnum() for c in text)


def _quoted(text: str) -> str:
    """A string of FTS5; a star at its end asks for words that begin so."""
    plain = "".join(c if c.isprintable() else " " for c in text).replace('"', "")
    return f'"{plain.removesuffix("*")}" *' if plain.endswith("*") else f'"{plain}"'


def _facets(wanted: Search) -> list[str]:
    """The filters as the words that `schema.SEARCH` writes for them."""
    facets = [f'"source{wanted.source}"']
    if wanted.outlet:
        facets.append(f'"site{wanted.outlet.encode().hex()}"')
    facets += [_quoted(name) for name in (wanted.verdict, wanted.family) if name]
    if wanted.removed:
        facets.append('"removed"')
    if wanted.since or wanted.until:
        facets.append(f"({' OR '.join(_months(wanted))})")
    return facets


def _months(wanted: Search) -> list[str]:
    for month in (wanted.since, wanted.until):
        if month and not _MONTH.fullmatch(month):
            raise SearchError("A month is written like 2026-11.")
    last = _number(wanted.until) if wanted.until else _last_month(_number(wanted.since))
    first = _number(wanted.since) if wanted.since else last - MOST_MONTHS + 1
    if first > last:
        raise SearchError("The first month must not come after the last.")
    return [f'"month{n // 12}{n % 12 + 1:02}"' for n in range(first, last + 1)[-MOST_MONTHS:]]


def _last_month(first: int) -> int:
    """The end of a search without one: next month, as clocks differ, and later where there is room for it."""
    return max(_number(iso(time.time())) + 1, first + MOST_MONTHS - 1)


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _result(db: Database, row: Row) -> Row:
    texts = [row.pop(name) for name in ("heading", "signature", "quotes", "context")]
    snippets = [pieces(text) for text in texts if text and _START in text]
    return {**row, "notes": stand_of(db, row["revision"]).notes, "snippets": snippets}


def pieces(text: str) -> list[tuple[str, bool]]:
    """A snippet as (text, whether it was looked for)."""
    found: list[tuple[str, bool]] = []
    for i, part in enumerate(text.split(_START)):
        hit, _, rest = part.partition(_END) if i else ("", "", part)
        found += [(piece, mark) for piece, mark in ((hit, True), (rest, False)) if piece]
    return found

"""A page from a stranger's file, checked: every value has its kind and its bounds, and what follows from others is made
from them, so that a file can say of itself only what a browser could have seen."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from ...domain import FAMILIES, Kind, kind_of
from ...outlets import Address, AddressError, address_of
from ...text.clean import clean
from ..page_state import verdict_of
from ..rows import Row
from ..store import LONGEST_LINE

LONGEST_TEXT = 5 * 1024 * 1024  # of a quote or the words around it; a page is no longer
LONGEST_WORD = 100
LONGEST_URL = 8_192
MOST_NOTES = 10_000  # of a revision
MOST = 2**53  # what JSON's numbers hold exactly
PLACES = ("title", "byline", "block")
_TIME = re.compile(r"(19|20)\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_FAMILY = re.compile(r"[a-z_]+")  # also of a newer version; other words would mean a filter in the index
_HEX = re.compile(r"[0-9a-f]+")


class BadPage(ValueError):
    """The page cannot be taken; the message is one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A row of `revisions` and its rows of `notes`, without their numbers."""

    row: Row
    notes: list[Row]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A page of the history that is called `history`, with its `address`; its revisions are oldest first."""

    history: str
    address: Address
    row: Row
    revisions: list[Revision]
    decisions: list[Row]


def checked(raw: Any) -> Incoming:
    """The page that a file holds. Raises BadPage."""
    page = _object(raw, "A page")
    history = _text(page, "history", 32)
    if len(history) != 32 or not _HEX.fullmatch(history):
        raise BadPage("'history' must be the 32 hexadecimal digits of the history that the page comes from.")
    revisions = [_revision(r) for r in _list(page, "revisions", MOST)]
    if not revisions:
        raise BadPage("'revisions' is empty; a page was seen at least once.")
    for older, newer in pairwise(revisions):
        if newer.row["first_seen"] < older.row["last_seen"]:
            raise BadPage("The revisions are not in the order of their times.")
        newer.row["removed"] = sum(note["fate"] == "removed" for note in older.notes)
    return Incoming(history, _address(page), _page(page, revisions), revisions, _decisions(page))


def _page(page: Row, revisions: list[Revision]) -> Row:
    texts = {name: _text(page, name, LONGEST_LINE) for name in ("title", "byline")}
    words = {name: _text(page, name, LONGEST_WORD) for name in ("published", "lang")}
    times = {"first_seen": revisions[0].row["first_seen"], "last_seen": revisions[-1].row["last_seen"]}
    return {**texts, **words, **times, "times_seen": _count(page, "times_seen", 1)}


def _address(page: Row) -> Address:
    try:
        return address_of(_text(page, "url", LONGEST_URL))
    except AddressError as error:
        raise BadPage(str(error)) from None


def _revision(raw: Any) -> Revision:
    found = _object(raw, "A revision")
    notes = [_note(n) for n in _list(found, "notes", MOST_NOTES)]
    row: Row = {
        "verdict": verdict_of([note for note in notes if note["standing"]]).value,
        "model": _text(found, "model", LONGEST_WORD),
        "text_hash": _text(found, "text_hash", 64),
        "sentences": _count(found, "sentences"),
        "first_seen": _time(found, "first_seen"),
        "last_seen": _time(found, "last_seen"),
        "removed": 0,
    }
    if row["last_seen"] < row["first_seen"]:
        raise BadPage("A revision's 'last_seen' must not come before its 'first_seen'.")
    if not _HEX.fullmatch(row["text_hash"]):
        raise BadPage("'text_hash' must be hexadecimal digits.")
    return Revision(row, notes)


def _note(raw: Any) -> Row:
    note = _object(raw, "A note")
    family, where = _text(note, "family", LONGEST_WORD), _one_of(note, "where", PLACES)
    start, end = _count(note, "start"), _count(note, "end")
    quote = _text(note, "quote", LONGEST_TEXT)
    if not _FAMILY.fullmatch(family):
        raise BadPage("'family' must be a name of small letters and underscores.")
    if end - start != len(quote):
        raise BadPage("A note's 'end' less its 'start' must be the length of its 'quote' in code points.")
    return {
        "place": where,
        "block": _count(note, "block") if where == "block" else None,
        "start": start,
        "stop": end,
        "quote": quote,
        "before": _text(note, "before", LONGEST_TEXT),
        "after": _text(note, "after", LONGEST_TEXT),
        "kind": kind_of(family).value if family in FAMILIES else _one_of(note, "kind", list(Kind)),
        "family": family,
        "confidence": _share(note, "confidence"),
        "standing": int(_flag(note, "standing")),
        "fate": None if note.get("fate") is None else _one_of(note, "fate", ("removed", "unflagged")),
    }


def _decisions(page: Row) -> list[Row]:
    """Each decision once: it stands beside every note that has the words."""
    found = {}
    for revision in page["revisions"]:
        for note in revision["notes"]:
            if note.get("decision") is not None:
                decision = _one_of(note, "decision", ("confirmed", "dismissed"))
                found[note["where"], note["quote"]] = decision, _time(note, "decided")
    return [
        {"place": place, "quote": clean(quote), "decision": d, "at": at} for (place, quote), (d, at) in found.items()
    ]


def _object(raw: Any, what: str) -> Row:
    if not isinstance(raw, dict):
        raise BadPage(f"{what} must be a JSON object.")
    return raw


def _list(row: Row, name: str, most: int) -> list[Any]:
    value = row.get(name)
    if not isinstance(value, list) or len(value) > most:
        raise BadPage(f"'{name}' must be a list of at most {most} items.")
    return value


def _text(row: Row, name: str, longest: int) -> str:
    value = row.get(name)
    if not isinstance(value, str) or len(value) > longest:
        raise BadPage(f"'{name}' must be a text of at most {longest} characters.")
    return clean(value)


def _one_of(row: Row, name: str, allowed: Collection[str]) -> str:
    value = row.get(name)
    if not isinstance(value, str) or value not in allowed:
        raise BadPage(f"'{name}' must be one of {', '.join(allowed)}.")
    return value


def _count(row: Row, name: str, least: int = 0) -> int:
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MOST:
        raise BadPage(f"'{name}' must be a whole number from {least} on.")
    return value


def _share(row: Row, name: str) -> float:
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise BadPage(f"'{name}' must be a number from 0 to 1.")
    return float(value)


def _flag(row: Row, name: str) -> bool:
    value = row.get(name)
    if not isinstance(value, bool):
        raise BadPage(f"'{name}' must be true or false.")
    return value


def _time(row: Row, name: str) -> str:
    value = _text(row, name, LONGEST_WORD)
    try:
        datetime.fromisoformat(value)
    except ValueError:
        value = ""
    if not _TIME.fullmatch(value):
        raise BadPage(f"'{name}' must be a time in UTC such as 2026-11-24T13:00:00Z.")
    return value

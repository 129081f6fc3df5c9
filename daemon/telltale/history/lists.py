"""Lists in parts: newest first or by another order, each part with the cursor of the next.

A cursor is the sort value and the key of the last item. The next part is found by an index, not by counting over what
was shown, so the last part of a million costs what the first does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .rows import Row

PART = 50  # items a part: two screens
NEWEST = "9999"  # after every time that is kept
MOST_ID = 2**63 - 1  # SQLite's integers end there


class CursorError(ValueError):
    """The cursor is none that a list gave out."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some items of a list, and the cursor of the next part or None."""

    items: list[Row]
    next: str | None


def cursor_of(after: str | None, first: str = NEWEST) -> tuple[str, str]:
    """The sort value and the key in a cursor; `first` and an empty key when there is none. Raises CursorError."""
    value, separator, key = (after or f"{first}~").partition("~")
    if not separator or len(key) > 300 or not (value + key).isprintable():
        raise CursorError
    return value, key


def number_of(text: str) -> int:
    """A whole number in a cursor. Raises CursorError."""
    if not (text.isascii() and text.isdigit() and len(text) < 20) or int(text) > MOST_ID:
        raise CursorError
    return int(text)


def part_of(items: list[Row], key: Callable[[Row], str]) -> Part:
    """A part of at most PART items; whoever asks fetches one more, to know whether the list goes on."""
    more = len(items) > PART
    return Part(items[:PART], key(items[PART - 1]) if more else None)

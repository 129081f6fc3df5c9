"""Text that SQLite and UTF-8 can hold."""

from __future__ import annotations


def clean(text: str) -> str:
    """Lone surrogates and NULs as U+FFFD, one for one, so that offsets stay true: SQLite and UTF-8 hold neither."""
    return "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text) if _dirty(text) else text


def _dirty(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return "\0" in text

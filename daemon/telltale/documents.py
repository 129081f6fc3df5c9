"""Text and HTML that came from a file, as pages: one block a line, each with its place in the given text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .domain import Block, Note, Page, Reading

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_HTML = re.compile(r"\s*(?:<!--.*?-->\s*)?<(?:!doctype html|html|head|body|article|main)\b", re.IGNORECASE | re.DOTALL)


def is_html(text: str) -> bool:
    """Whether a text, or its beginning, is HTML rather than plain text."""
    return _HTML.match(text) is not None


class DocumentError(ValueError):
    """The input is no text that can be read; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Document:
    """A page and the text that offsets count in; `starts[i]` is where block i begins in `text`."""

    page: Page
    text: str
    starts: tuple[int, ...]

    def note(self, note: Note) -> dict[str, Any]:
        """A note as JSON, its offsets in the given text (those of a note in the title or byline: in that)."""
        shift = self.starts[note.block] if note.block is not None else 0
        place = {} if note.where == "block" else {"where": note.where}
        return {
            "kind": note.kind.value,
            "family": note.family,
            "confidence": note.confidence,
            "start": note.start + shift,
            "end": note.end + shift,
            "quote": note.quote,
            **place,
        }

    def result(self, reading: Reading) -> dict[str, Any]:
        """The reading as JSON: verdict, notes, model."""
        return {
            "verdict": reading.verdict.value,
            "notes": [self.note(n) for n in reading.notes],
            "model": reading.model,
        }


def from_text(
    text: str, title: str = "", byline: str = "", lang: str = "", url: str = "", published: str = ""
) -> Document:
    """A document of plain text: each line that is not blank is a block."""
    lines = [m for m in _LINE.finditer(text) if m.group().strip()]
    blocks = tuple(Block(m.group()) for m in lines)
    page = Page(title=title, byline=byline, blocks=blocks, lang=lang, url=url, published=published)
    return Document(page, text, tuple(m.start() for m in lines))


def from_blocks(
    blocks: Sequence[str], title: str = "", byline: str = "", lang: str = "", url: str = "", published: str = ""
) -> Document:
    """A document of blocks as the daemon is sent them; its text is the blocks, one a line."""
    starts = [0]
    for block in blocks:
        starts.append(starts[-1] + len(block) + 1)
    page = Page(title, tuple(map(Block, blocks)), url, byline, published, lang)
    return Document(page, "\n".join(blocks), tuple(starts[:-1]))


def from_html(
    source: str, title: str = "", byline: str = "", lang: str = "", url: str = "", published: str = ""
) -> Document:
    """The readable text of an HTML page, by trafilatura; what is told of the page wins over what the page says.

    Raises DocumentError when there is no text.
    """
    from trafilatura import bare_extraction  # 0.5 s to import: only when a file is HTML
    from trafilatura.settings import Document as Extracted

    found = bare_extraction(source, url=url or None, favor_recall=True, include_comments=False, with_metadata=True)
    if not isinstance(found, Extracted) or not found.text:
        raise DocumentError("The HTML holds no readable text.")
    return from_text(
        found.text,
        title=title or found.title or "",
        byline=byline or found.author or "",
        lang=lang or found.language or "",
        url=url,
        published=published or found.date or "",
    )


def from_bytes(raw: bytes) -> Document:
    """A file's content as a document; raises DocumentError unless it is UTF-8 text or HTML."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(f"The input is not UTF-8 text (byte {error.start} is not valid).") from None
    if "\0" in text:
        raise DocumentError("The input is not text: it holds NUL characters.")
    if not text.strip():
        raise DocumentError("The input is empty.")
    return from_html(text) if is_html(text) else from_text(text)

"""What is kept of a page beside its notes: a fingerprint of the text, and the words around each quote."""

from __future__ import annotations

from hashlib import sha256

from ..domain import Note, Page

AROUND = 240  # code points on each side: about two sentences


def text_hash(page: Page) -> str:
    """SHA-256 of title, byline and blocks in UTF-8, one a line: the same words give the same hash."""
    lines = [page.title, page.byline, *(block.text for block in page.blocks)]
    return sha256("\n".join(lines).encode()).hexdigest()


def around(page: Page, note: Note) -> tuple[str, str]:
    """The words before and after a note; a note that begins or ends its block is shown beside the next ones."""
    if note.block is None:
        text = page.title if note.where == "title" else page.byline
        return text[: note.start][-AROUND:], text[note.end :][:AROUND]
    text = page.blocks[note.block].text
    before, after = text[: note.start], text[note.end :]
    if not before.strip() and note.block > 0:
        before = page.blocks[note.block - 1].text + "\n"
    if not after.strip() and note.block + 1 < len(page.blocks):
        after = "\n" + page.blocks[note.block + 1].text
    return before[-AROUND:], after[:AROUND]

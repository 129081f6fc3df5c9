"""A corpus through the reading path: JSONL in, JSONL out, one line a record, in order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from .documents import Document, from_text
from .reader import Reader


class RecordError(ValueError):
    """A line cannot be read as a record; the message is one sentence that names the line."""


def records(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The records of JSONL lines; blank lines are skipped. Raises RecordError at the first bad one."""
    for number, raw in enumerate(lines, 1):
        if raw.strip():
            yield _record(raw, number)


def _record(raw: bytes, number: int) -> dict[str, Any]:
    try:
        record = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise RecordError(f"Line {number} is not JSON in UTF-8 ({type(error).__name__}).") from None
    if not isinstance(record, dict):
        raise RecordError(f"Line {number} is not a JSON object; a record is {{id, title, text}}.")
    for name, needed in (("id", True), ("text", True), ("title", False), ("byline", False)):
        value = record.get(name)
        if value is None and not needed:
            continue
        if not isinstance(value, str | int if name == "id" else str) or isinstance(value, bool):
            raise RecordError(f"Line {number}: '{name}' is missing or not a string.")
    return record


def document_of(record: dict[str, Any]) -> Document:
    """The document of a record {id, title?, byline?, text}."""
    return from_text(record["text"], title=record.get("title") or "", byline=record.get("byline") or "")


def scan(reader: Reader, lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The result of each record: {id, verdict, notes, model}. Offsets count code points in the record's text."""
    for record in records(lines):
        document = document_of(record)
        yield {"id": record["id"], **document.result(reader.read(document.page))}

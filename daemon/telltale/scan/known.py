"""Readings of texts that were read before: agencies' texts stand on many pages, and are read once."""

from __future__ import annotations

import json
import sqlite3
from collections import OrderedDict
from hashlib import sha256
from pathlib import Path

from ..domain import Kind, Note, Page, Reading, Verdict

MOST = 10_000  # readings kept in memory, most of them without a note and so a few hundred bytes


class Known:
    """Readings by the key of their text: the latest of this process, and all that were committed to a file."""

    def __init__(self, path: Path | None) -> None:
        self._latest: OrderedDict[str, Reading] = OrderedDict()
        self._db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=30) if path else None

    def get(self, key: str) -> Reading | None:
        """The reading of a text with this key, if there was one."""
        found = self._latest.get(key)
        if found is None and self._db:
            row = self._db.execute("SELECT reading FROM texts WHERE hash = ?", [bytes.fromhex(key)]).fetchone()
            found = unpacked(row[0]) if row else None
        return found

    def put(self, key: str, reading: Reading) -> None:
        """Keep a reading, and let the oldest go."""
        self._latest[key] = reading
        if len(self._latest) > MOST:
            self._latest.popitem(last=False)


def key_of(page: Page) -> str:
    """What tells texts apart, their blocks too: the notes of a reading name blocks by number, and a block may hold line
    breaks, so the history's hash of the lines can be the same for other blocks."""
    return sha256(json.dumps([page.title, page.byline, [b.text for b in page.blocks]]).encode()).hexdigest()


def unpacked(text: str) -> Reading:
    """The reading that `packed_row` wrote."""
    verdict, model, sentences, *notes = json.loads(text)
    standing, possible = (tuple(_note(n) for n in listed) for listed in notes)
    return Reading(Verdict(verdict), standing, possible, model, sentences)


def packed_row(row: dict[str, object]) -> str:
    """The reading in a row of the stage, as short JSON."""
    notes = [[_packed(n) for n in row[name]] for name in ("notes", "possible")]  # type: ignore[attr-defined]
    return json.dumps([row["verdict"], row["model"], row["sentences"], *notes], ensure_ascii=False)


def _packed(note: dict[str, object]) -> list[object]:
    end = note["in_block"] + len(str(note["quote"]))  # type: ignore[operator]
    where = note.get("where", "block")
    return [
        where,
        note["block"],
        note["in_block"],
        end,
        note["quote"],
        note["kind"],
        note["family"],
        note["confidence"],
    ]


def _note(packed: list[object]) -> Note:
    where, block, start, end, quote, kind, family, confidence = packed
    return Note(where, block, start, end, quote, Kind(str(kind)), family, confidence)  # type: ignore[arg-type]

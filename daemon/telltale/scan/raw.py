"""What flows through a scan: files of records, records as they lie there, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Position = int | str  # where a record lies in its file: meaningful to that file's format only
END: Position = "end"  # behind all that a file holds; no page of a folder has a name without a suffix
Row = dict[str, Any]


class ScanError(Exception):
    """The scan cannot be begun or cannot go on; the message is one sentence that says why."""


class RecordError(ValueError):
    """A record cannot be read; the message is one sentence. The scan goes on."""


@dataclass(frozen=True, slots=True)
class Part:
    """One input: a file, or the pages of a folder but for `without`. `format` is lines, warc, parquet or pages; `size` is
    in bytes; of a table only the `columns` are read."""

    path: Path
    format: str
    size: int
    compression: str = ""
    without: frozenset[Path] = frozenset()
    columns: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Raw:
    """A record as it lies in its file. `kind` is json (bytes), row (a dictionary), html (bytes), text (bytes) or fault (a
    sentence); `done` says how many bytes of the file have been read with it."""

    at: Position
    kind: str
    payload: Any
    done: int
    url: str = ""
    seen: str = ""
    charset: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Records that lie one behind the other in part number `part`."""

    part: int
    raws: list[Raw]

    @property
    def at(self) -> Position:
        """Where the last of them lies."""
        return self.raws[-1].at


@dataclass(slots=True)
class Done:
    """What became of a batch: a row for each record that was read, a fault for each that could not be, and how many were
    left out by which filter."""

    part: int
    at: Position
    done: int
    rows: list[Row] = field(default_factory=list)
    faults: list[Row] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)

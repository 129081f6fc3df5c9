"""The stage that all engines run: a batch of raw records in, rows and faults out. One instance in each process."""

from __future__ import annotations

import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

from ..documents import Document, DocumentError
from ..domain import Note, Page, Reading
from ..history.evidence import around, text_hash
from .known import Known, key_of
from .machine import of_machine
from .raw import Batch, Done, Raw, RecordError, Row, ScanError
from .records import Record, document_of, record_of

LONGEST_URL = 8_192  # as the daemon
RECORD_SECONDS = 60.0  # one page takes some 0.05 s; a page made to keep a parser busy must not hold up the run


class Reads(Protocol):
    """What the stage needs of a reader."""

    model: str

    def read(self, page: Page) -> Reading:
        """The reading of a page."""


@cache
def load_reader(folder: Path, precision: str, device: str) -> Reads:
    """The reader of this process: one thread, because there are as many processes as cores. Raises ModelError."""
    from ..reader import Reader
    from .device import device_of, precision_on

    found = device_of(device)
    reader = Reader.load(folder, precision_on(found, precision), found)
    reader.classifier.threads = 1  # loading chose what is best for one process
    return reader


@dataclass(frozen=True)
class Wanted:
    """Which records are read: a `sample` (a share, the same ones each time), those of some outlets, those published, or
    if that is not told, seen `since` a day."""

    sample: float = 1.0
    outlets: frozenset[str] = frozenset()
    since: str = ""

    def leaves_out(self, record: Record) -> str:
        """Which filter leaves a record out before its text is looked at, "" if none does."""
        if self.outlets and record.outlet not in self.outlets:
            return "outlet"
        if self.since and (known := record.published or record.seen) and known < self.since:
            return "since"
        return "sample" if self.sample < 1.0 and self._share(record) >= self.sample else ""

    def too_old(self, published: str, seen: str) -> bool:
        """Whether a page is too old by what its own text says, or says no time at all."""
        return bool(self.since) and (published or seen) < self.since

    @staticmethod
    def _share(record: Record) -> float:
        name = blake2b(str(record.id).encode("utf-8", "replace"), digest_size=8).digest()
        return int.from_bytes(name, "big") / 2**64


@dataclass(frozen=True)
class StageSettings:
    """What a stage is told. `known` is the file of readings so far, `columns` name fields that are called otherwise;
    `device` is auto or as torch names it; `keep_pages` puts each `page` and its `reading` into its row, as a history
    needs them, and refuses what has no address to keep it by."""

    models: Path
    precision: str = "auto"
    wanted: Wanted = field(default_factory=Wanted)
    columns: Mapping[str, str] = field(default_factory=dict)
    known: Path | None = None
    device: str = "cpu"
    keep_pages: bool = False
    load: Callable[[Path, str, str], Reads] = load_reader


class Stage:
    """`stage(batch)` gives what became of it. Never raises for a record's sake; for the machine's, ScanError."""

    def __init__(self, told: StageSettings) -> None:
        self._told = told
        self._reader = told.load(told.models, told.precision, told.device)
        self._known = Known(told.known)

    def __call__(self, batch: Batch) -> Done:
        """Read a batch."""
        done, left_out = Done(batch.part, batch.at, batch.raws[-1].done), Counter[str]()
        for raw in batch.raws:
            found = self._one(raw)
            if isinstance(found, str):
                left_out[found] += 1
            elif "error" in found:
                done.faults.append(found)
            else:
                done.rows.append(found)
        done.left_out = dict(left_out)
        return done

    def _one(self, raw: Raw) -> Row | str:
        record: Record | None = None
        try:
            with _at_most(RECORD_SECONDS):
                record = record_of(raw, self._told.columns)
                return self._told.wanted.leaves_out(record) or self._row(record)
        except (RecordError, DocumentError) as error:
            sentence = str(error)
        except Exception as error:  # pages are hostile: whatever one of them breaks, the others are read
            if of_machine(error):
                raise ScanError(
                    f"The machine could not go on reading at the record {_name(raw, record) or raw.at!r:.200} "
                    f"({type(error).__name__}: {error}); with fewer --workers, or when it is mended, the same command goes on."
                ) from None
            sentence = f"It could not be read ({type(error).__name__}: {error})."
        return {"at": raw.at, "id": _name(raw, record), "error": sentence}

    def _row(self, record: Record) -> Row | str:
        if self._told.keep_pages and not 0 < len(record.url) <= LONGEST_URL:
            raise RecordError(f"A history keeps pages by their 'url', which must have 1 to {LONGEST_URL} characters.")
        document = document_of(record)
        page = document.page
        if self._told.wanted.too_old(page.published, record.seen):
            return "since"
        key = key_of(page)
        reading = self._known.get(key)
        same = reading is not None
        if reading is None:
            reading = self._reader.read(page)
            self._known.put(key, reading)
        kept = {"page": page, "reading": reading} if self._told.keep_pages else {}
        return {
            **kept,
            "id": record.id,
            "url": record.url,
            "outlet": record.outlet,
            "title": page.title,
            "byline": page.byline,
            "published": page.published,
            "seen": _seen(record.seen),
            "lang": page.lang,
            "verdict": reading.verdict.value,
            "notes": [_note(document, n) for n in reading.notes],
            "possible": [_note(document, n) for n in reading.possible],
            "sentences": reading.sentences,
            "text_sha256": text_hash(page),
            "key": key,
            "same_text": same,
            "model": reading.model,
        }


def _name(raw: Raw, record: Record | None) -> str | int | None:
    return record.id if record else raw.url or None


def _seen(at: str) -> str:
    return f"{at}T00:00:00Z" if len(at) == 10 else at


def _note(document: Document, note: Note) -> Row:
    before, after = around(document.page, note)
    # in_block: the history's offsets count from the block, a file's from the whole text.
    return {**document.note(note), "block": note.block, "in_block": note.start, "before": before, "after": after}


class _TooLong(Exception):
    def __str__(self) -> str:
        return f"more than {RECORD_SECONDS:.0f} seconds"


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Interrupt what takes longer, where the system can: on Unix, in a process's first thread."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(*_: Any) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

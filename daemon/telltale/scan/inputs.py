"""Which inputs there are, and their records in a fixed order: the same files give the same records at the same places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ..documents import is_html
from .folders import PAGES, walk
from .formats import READERS
from .raw import Batch, Part, Position, Raw, ScanError

BATCH_RECORDS = 32
BATCH_BYTES = 2 * 1024 * 1024  # what one worker is handed at once; with the queue this bounds the memory
_FORMATS = {".jsonl": "lines", ".ndjson": "lines", ".json": "lines", ".warc": "warc", ".parquet": "parquet"}
_COMPRESSIONS = {".gz": "gz", ".zst": "zst"}


def parts_of(paths: Iterable[Path], without: frozenset[Path] = frozenset()) -> list[Part]:
    """The inputs behind some paths, in the order given; a folder's files by name, but for `without`. Raises ScanError."""
    parts: list[Part] = []
    for path in paths:
        try:
            parts += _of_folder(path, without) if path.is_dir() else [_of_file(path)]
        except OSError as error:
            raise ScanError(f"{path} cannot be read: {error.strerror}.") from None
    return parts


def _of_folder(folder: Path, without: frozenset[Path]) -> list[Part]:
    """Corpus files are parts of their own; all HTML and text pages of a folder are one."""
    parts, size, pages = [], 0, 0
    for path in walk(folder, without):
        if known := _by_name(path):
            parts.append(Part(path, *known[:1], path.stat().st_size, known[1]))
        elif path.suffix.lower() in PAGES:
            pages += 1
            size += path.stat().st_size
    if not parts and not pages:
        raise ScanError(
            f"The folder {folder} holds no file that can be read; known are {', '.join((*_FORMATS, *PAGES))}."
        )
    return [*parts, Part(folder, "pages", size, without=without)] if pages else parts


def _of_file(path: Path) -> Part:
    format, compression = _by_name(path) or _by_content(path)
    return Part(path, format, path.stat().st_size, compression)


def _by_name(path: Path) -> tuple[str, str] | None:
    suffixes = [s.lower() for s in path.suffixes[-2:]]
    compression = _COMPRESSIONS.get(suffixes[-1], "") if suffixes else ""
    inner = suffixes[:-1] if compression else suffixes
    format = _FORMATS.get(inner[-1]) if inner else None
    return (format, compression) if format else None


def _by_content(path: Path) -> tuple[str, str]:
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PAR1"):
        return "parquet", ""
    if head.startswith(b"WARC/"):
        return "warc", ""
    if is_html(head.decode("utf-8-sig", "replace")) or path.suffix.lower() in PAGES:
        return "pages", ""
    return "lines", ""


def read(part: Part, after: Position | None = None) -> Iterator[Raw]:
    """The records of a part that come after a position. A file that is damaged midway ends with a fault."""
    last: Raw | None = None
    try:
        for last in READERS[part.format](part, after):
            yield last
    except ScanError:
        raise
    except Exception as error:  # each format's library has its own errors; whatever it is, the other inputs are read
        at = last.at if last else after
        sentence = f"{part.path} cannot be read any further ({type(error).__name__}: {error})."
        yield Raw("" if at is None else at, "fault", sentence, part.size)


def batches(part: Part, number: int, after: Position | None = None) -> Iterator[Batch]:
    """The records of a part in batches."""
    raws: list[Raw] = []
    size = 0
    for raw in read(part, after):
        raws.append(raw)
        size += len(raw.payload) if isinstance(raw.payload, bytes) else 1024
        if len(raws) >= BATCH_RECORDS or size >= BATCH_BYTES:
            yield Batch(number, raws)
            raws, size = [], 0
    if raws:
        yield Batch(number, raws)

"""Which inputs there are, and their records in a fixed order: the same files give the same records at the same places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

from ..documents import is_html
from .archive import warc
from .folders import PAGES, walk
from .formats import lines, pages, unpacked
from .machine import of_machine
from .parquet import parquet
from .raw import END, Batch, Part, Position, Raw, ScanError
from .records import FIELDS

BATCH_RECORDS = 32
BATCH_BYTES = 2 * 1024 * 1024  # what one worker is handed at once; with the queue this bounds the memory
_FORMATS = {".jsonl": "lines", ".ndjson": "lines", ".json": "lines", ".warc": "warc", ".parquet": "parquet"}
_COMPRESSIONS = {".gz": "gz", ".zst": "zst"}
_MAGIC = {b"\x1f\x8b": "gz", b"\x28\xb5": "zst"}
_READERS: dict[str, Callable[[Part, Position | None], Iterator[Raw]]] = {
    "lines": lines,
    "warc": warc,
    "parquet": parquet,
    "pages": pages,
}


def parts_of(
    paths: Iterable[Path], without: frozenset[Path] = frozenset(), columns: Mapping[str, str] = MappingProxyType({})
) -> list[Part]:
    """The inputs behind some paths, in the order given; a folder's files by name, but for `without`. `columns` name the
    fields that are called otherwise. Raises ScanError."""
    asked = frozenset(columns.get(name, name) for name in FIELDS)
    parts: list[Part] = []
    for path in paths:
        try:
            parts += _of_folder(path, without) if path.is_dir() else [_of_file(path)]
        except OSError as error:
            raise ScanError(f"{path} cannot be read: {error.strerror}.") from None
    return [replace(part, columns=asked) for part in parts]


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
        compression = _MAGIC.get(file.read(2), "")
        file.seek(0)
        head = _head(unpacked(file, compression))
    if head.startswith(b"WARC/"):
        return "warc", compression
    page = is_html(head.decode("utf-8-sig", "replace")) or path.suffix.lower() in PAGES
    if compression and (page or head.startswith(b"PAR1")):
        raise ScanError(f"{path} is packed; of packed files only JSON lines and WARC can be read, so unpack it first.")
    if head.startswith(b"PAR1"):
        return "parquet", ""
    return ("pages" if page else "lines"), compression


def _head(file: IO[bytes]) -> bytes:
    try:
        return file.read(4096)
    except Exception:  # what is wrong with it is told when it is read
        return b""


def read(part: Part, after: Position | None = None) -> Iterator[Raw]:
    """The records of a part that come after a position. A file that is damaged midway ends with a fault.
    Raises ScanError where it is the machine that fails."""
    if after == END:
        return
    try:
        yield from _READERS[part.format](part, after)
    except ScanError:
        raise
    except Exception as error:  # each format's library has its own errors; whatever it is, the other inputs are read
        if of_machine(error):
            raise ScanError(
                f"{part.path} cannot be read now ({type(error).__name__}: {error}); when the machine is mended, the same "
                "command goes on."
            ) from None
        sentence = f"{part.path} cannot be read any further ({type(error).__name__}: {error})."
        yield Raw(END, "fault", sentence, part.size)


def batches(part: Part, number: int, after: Position | None = None) -> Iterator[Batch]:
    """The records of a part in batches."""
    raws: list[Raw] = []
    size = 0
    for raw in read(part, after):
        raws.append(raw)
        size += _weight(raw.payload)
        if len(raws) >= BATCH_RECORDS or size >= BATCH_BYTES:
            yield Batch(number, raws)
            raws, size = [], 0
    if raws:
        yield Batch(number, raws)


def _weight(value: Any) -> int:
    """The bytes or characters of a value, and some for what holds them."""
    if isinstance(value, bytes | str):
        return len(value)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 64 + sum(map(_weight, inner))

"""Lines and pages, and what the readers of the other formats share. Each reader streams: it holds one record at a time."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from .folders import PAGES, walk
from .machine import of_machine
from .raw import Part, Position, Raw, ScanError

LARGEST = (
    16 * 1024 * 1024
)  # bytes of one record; articles have under 1 MB, and what is larger costs the others their time
STDIN = Path("-")
TOO_LARGE = f"The record is larger than {LARGEST // 2**20} MB."


def needed(module: str) -> Any:
    """A module of the optional extra. Raises ScanError that says what installs it."""
    try:
        return import_module(module)
    except ImportError:
        raise ScanError(
            f"This input or output needs {module.partition('.')[0]}; "
            "install telltale-daemon with its extra 'scan' (docs/install.md)."
        ) from None


def lines(part: Part, after: Position | None) -> Iterator[Raw]:
    """JSON, one object a line. A position is the byte behind the line, in what is left when it is unpacked."""
    if part.path == STDIN:
        yield from _lines(sys.stdin.buffer, 0, lambda at: at)
        return
    with part.path.open("rb") as raw:
        file = unpacked(raw, part.compression)
        at = int(after or 0)
        if part.compression == "zst":  # can only be read forwards
            _skip(file, at)
        else:
            file.seek(at)
        yield from _lines(file, at, (lambda _: raw.tell()) if part.compression else (lambda at: at))


def _lines(file: IO[bytes], at: int, done: Callable[[int], int]) -> Iterator[Raw]:
    while line := file.readline(LARGEST + 1):
        whole = line
        at += len(line)
        while len(whole) > LARGEST and not whole.endswith(b"\n"):
            whole = file.readline(LARGEST + 1)
            at += len(whole)
            if not whole:
                break
        if len(line) > LARGEST:
            yield Raw(at, "fault", TOO_LARGE, done(at))
        elif line.strip():
            yield Raw(at, "json", line, done(at))


def unpacked(raw: IO[bytes], compression: str) -> IO[bytes]:
    """What a file holds: `compression` is gz, zst or none."""
    if compression == "gz":
        return gzip.GzipFile(fileobj=raw)  # type: ignore[return-value]  # it reads as one
    if compression == "zst":
        import io

        stream = needed("zstandard").ZstdDecompressor().stream_reader(raw, read_across_frames=True)
        return io.BufferedReader(stream, 1024 * 1024)
    return raw


def _skip(file: IO[bytes], count: int) -> None:
    while count > 0 and (piece := file.read(min(count, 1024 * 1024))):
        count -= len(piece)


def pages(part: Part, after: Position | None) -> Iterator[Raw]:
    """HTML and text files, one page each; one that cannot be read is a fault. A position is a file's path in the folder."""
    single = part.path.is_file()
    found = [part.path] if single else (p for p in walk(part.path, part.without) if p.suffix.lower() in PAGES)
    behind, done = after is None, 0
    for path in found:
        name = path.name if single else path.relative_to(part.path).as_posix()
        done += _size(path)
        if behind:
            yield _page(path, name, done)
        behind = behind or name == after
    if not behind:
        raise ScanError(f"{after} is no longer in {part.path}, so the scan cannot go on from there; use --overwrite.")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # told when it is opened
        return 0


def _page(path: Path, name: str, done: int) -> Raw:
    try:
        with path.open("rb") as file:
            payload = file.read(LARGEST + 1)
    except OSError as error:
        if of_machine(error):
            raise
        return Raw(name, "fault", f"The file cannot be read: {error.strerror}.", done)
    if len(payload) > LARGEST:
        return Raw(name, "fault", TOO_LARGE, done)
    return Raw(name, "text" if path.suffix.lower() in (".txt", ".md") else "html", payload, done)

"""The formats a corpus comes in. Each reader streams: it holds one record, or one group of a Parquet file, at a time."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from .folders import PAGES, walk
from .raw import Part, Position, Raw, ScanError

LARGEST = (
    16 * 1024 * 1024
)  # bytes of one record; articles have under 1 MB, and what is larger costs the others their time
STDIN = Path("-")
_TOO_LARGE = f"The record is larger than {LARGEST // 2**20} MB."


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
        file = _unpacked(raw, part.compression)
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
            yield Raw(at, "fault", _TOO_LARGE, done(at))
        elif line.strip():
            yield Raw(at, "json", line, done(at))


def _unpacked(raw: IO[bytes], compression: str) -> IO[bytes]:
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


def warc(part: Part, after: Position | None) -> Iterator[Raw]:
    """The HTML responses of a web archive (WARC, packed or not). A position is the byte at which a record begins."""
    fastwarc = needed("fastwarc.warc")
    with part.path.open("rb") as file:
        file.seek(int(after or 0))
        kinds = fastwarc.WarcRecordType.response | fastwarc.WarcRecordType.resource
        for record in fastwarc.ArchiveIterator(file, record_types=kinds, auto_decode="all"):
            if record.stream_pos != after:
                yield from _response(record, min(file.tell(), part.size))


def _response(record: Any, done: int) -> Iterator[Raw]:
    # WARC 1.0 is ambiguous about "<" and ">" around the address: wget writes them.
    url = (record.headers.get("WARC-Target-URI") or "").removeprefix("<").removesuffix(">")
    about = {"url": url, "seen": record.headers.get("WARC-Date") or ""}
    if record.http_headers is None or record.http_headers.status_code != 200:
        return
    if (record.http_content_type or "").lower() not in ("text/html", "application/xhtml+xml"):
        return
    payload = record.reader.read(LARGEST + 1)
    if len(payload) > LARGEST:
        yield Raw(record.stream_pos, "fault", _TOO_LARGE, done, **about)
    else:
        yield Raw(record.stream_pos, "html", payload, done, charset=record.http_charset or "", **about)


def parquet(part: Part, after: Position | None) -> Iterator[Raw]:
    """The rows of a Parquet file. A position is the number of rows up to and with this one."""
    file = needed("pyarrow.parquet").ParquetFile(part.path)
    with file:
        at, rows, first = 0, max(file.metadata.num_rows, 1), int(after or 0)
        for group in range(file.num_row_groups):
            count = file.metadata.row_group(group).num_rows
            if at + count <= first:
                at += count
                continue
            for batch in file.iter_batches(batch_size=256, row_groups=[group]):
                for row in batch.to_pylist():
                    at += 1
                    if at > first:
                        yield Raw(at, "row", row, part.size * at // rows)


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
        return Raw(name, "fault", f"The file cannot be read: {error.strerror}.", done)
    if len(payload) > LARGEST:
        return Raw(name, "fault", _TOO_LARGE, done)
    return Raw(name, "text" if path.suffix.lower() in (".txt", ".md") else "html", payload, done)


READERS: dict[str, Callable[[Part, Position | None], Iterator[Raw]]] = {
    "lines": lines,
    "warc": warc,
    "parquet": parquet,
    "pages": pages,
}

"""Web archives (WARC, packed or not). The library reads each record; what is wrong with the content of one is told, and the
next is read. Behind a damaged head, or a damaged place in what is packed, the rest of the file is not read, which is told too.

A response that is packed (gzip, deflate) and was cut off before it was archived passes as whole: of what it unpacks the
library does not say that there was no end.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from typing import IO, Any

from .formats import LARGEST, TOO_LARGE, needed
from .raw import END, Part, Position, Raw, RecordError

_HTML = ("text/html", "application/xhtml+xml")
_HEAD = 64 * 1024  # bytes; the library refuses a response whose head is half as long
_CODINGS = ("", "identity", "gzip", "x-gzip", "deflate", "br")  # what the library can unpack


def warc(part: Part, after: Position | None) -> Iterator[Raw]:
    """The HTML responses and resources of a web archive. A position is the number of records up to and with this one:
    within what is packed as a whole no byte is a place to begin at."""
    types = needed("fastwarc.warc").WarcRecordType
    at, first, passed = 0, int(after or 0), 0
    with part.path.open("rb") as file:
        for at, record in enumerate(_records(file), 1):
            passed += record.record_type == types.conversion
            if at > first:
                yield from _raws(record, types, at, min(file.tell(), part.size))
    if part.size and not at:
        yield Raw(END, "fault", "The file holds no WARC record.", part.size)
    if passed:
        sentence = f"{passed} records of the type 'conversion' (WET: text without its HTML) were passed over."
        yield Raw(END, "fault", sentence, part.size)


def _records(file: IO[bytes]) -> Any:
    packed = file.read(2) == b"\x1f\x8b"
    file.seek(0)
    stream = _Gzip(fileobj=file) if packed else file
    return needed("fastwarc.warc").ArchiveIterator(stream, parse_http=False)


class _Gzip(gzip.GzipFile):
    """The library takes the end of a gzip file that was cut off for the end of the archive; this one raises there, and
    gives what lies before it first."""

    def read(self, size: int | None = -1) -> bytes:
        """What one step unpacks."""
        return self.read1(-1 if size is None else size)


def _raws(record: Any, types: Any, at: int, done: int) -> Iterator[Raw]:
    # WARC 1.0 is ambiguous about "<" and ">" around the address: wget writes them.
    url = (record.headers.get("WARC-Target-URI") or "").removeprefix("<").removesuffix(">")
    about = {"url": url, "seen": record.headers.get("WARC-Date") or ""}
    try:
        found = _page(record, types)
    except RecordError as error:
        yield Raw(at, "fault", str(error), done, **about)
        return
    if found and len(found[0]) > LARGEST:
        yield Raw(at, "fault", TOO_LARGE, done, **about)
    elif found:
        yield Raw(at, "html", found[0], done, charset=found[1], **about)


def _page(record: Any, types: Any) -> tuple[bytes, str] | None:
    """The page in a record and its charset, None if it holds none. Raises RecordError."""
    if record.record_type == types.response:
        content = _content(record, lambda head: _is_page(_parsed(head, "none")))
        return None if content is None else _response(content)
    if record.record_type == types.resource:
        content = _content(record, lambda head: _kind_of(record) in _HTML)
        return None if content is None else (content, _charset_of(record))
    _content(record, lambda head: False)
    return None


def _content(record: Any, wanted: Callable[[bytes], bool]) -> bytes | None:
    """What a record holds, None if its first bytes are not `wanted`: most of an archive are images and scripts. Raises
    RecordError where it is cut off."""
    if not record.headers.get("Content-Length"):
        raise RecordError("The record's head has no Content-Length: it is cut off, or its lines do not end with CR LF.")
    content: bytes = record.reader.read(_HEAD)
    if kept := wanted(content):
        content += record.reader.read(LARGEST + 1 - len(content))
    if len(content) + record.consume() < record.content_length:
        raise RecordError("The record is cut off; the file is damaged or was not written to its end.")
    return content if kept else None


def _kind_of(resource: Any) -> str:
    return (resource.headers.get("Content-Type") or "").partition(";")[0].strip().lower()


def _charset_of(resource: Any) -> str:
    rest = (resource.headers.get("Content-Type") or "").partition(";")[2].lower()
    return rest.partition("charset=")[2].partition(";")[0].strip(" \"'")


def _is_page(http: Any) -> bool:
    known = http.http_headers is not None and http.http_headers.status_code == 200
    return known and (http.http_content_type or "").lower() in _HTML


def _response(content: bytes) -> tuple[bytes, str]:
    http = _parsed(content, "none")
    if len(content) > LARGEST:
        return content, ""
    coding = (http.http_headers.get("Content-Encoding") or "").strip().lower()
    if coding not in _CODINGS:
        raise RecordError(f"Its Content-Encoding is '{coding:.40}'; known are gzip, deflate and br.")
    return _parsed(content, "all").reader.read(LARGEST + 1), http.http_charset or ""


def _parsed(content: bytes, decode: str) -> Any:
    """The content in a record of its own: if it is not packed as it says, the archive's stream is none the worse."""
    record = needed("fastwarc.warc").WarcRecord()
    record.set_bytes_content(content)
    record.is_http = True
    try:
        record.parse_http(auto_decode=decode)
    except OSError as error:
        raise RecordError(f"The response cannot be unpacked ({str(error):.100}).") from None
    return record

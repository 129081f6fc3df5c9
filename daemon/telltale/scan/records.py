"""A raw record as a page: its fields checked, its address, its times, its text or readable HTML."""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..documents import Document, from_blocks, from_html, from_text
from ..outlets import AddressError, address_of
from ..text.clean import clean
from .raw import Raw, RecordError

FIELDS = ("id", "url", "title", "byline", "published", "seen", "lang", "text", "html", "blocks")
MOST_BLOCKS = 5_000  # as the daemon
# A label means the larger set that browsers read by it (WHATWG); by Python's codec names.
_READ_AS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_NO_CHARSETS = ("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7")  # but Python has them
_AS_BROWSERS = "telltale-as-browsers"
YEARS = range(1900, 2100)  # as an import has them; what stands for "unknown", such as the year 1, is no time


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a page before its text is looked at. `fields` hold text, html or blocks; url is canonical."""

    id: str | int
    url: str
    outlet: str
    seen: str
    published: str
    fields: Mapping[str, Any]


def record_of(raw: Raw, columns: Mapping[str, str]) -> Record:
    """The record in a raw one; `columns` name the fields that are called otherwise there. Raises RecordError."""
    if raw.kind == "fault":
        raise RecordError(raw.payload)
    fields = _fields(raw, columns)
    url = _string(fields, "url")
    try:
        address = address_of(url) if url else None
    except AddressError as error:
        raise RecordError(str(error)) from None
    name = fields.get("id")
    if isinstance(name, bool) or not isinstance(name, str | int | None):
        raise RecordError("'id' is no string or number.")
    if name is None and address is None:
        raise RecordError("The record has neither 'id' nor 'url'; one of them must name it.")
    return Record(
        id=(clean(name) if isinstance(name, str) else name) if name is not None else clean(url),
        url=address.url if address else "",
        outlet=address.outlet if address else "",
        seen=time_of(fields.get("seen")),
        published=time_of(fields.get("published")),
        fields=fields,
    )


def _fields(raw: Raw, columns: Mapping[str, str]) -> dict[str, Any]:
    if raw.kind in ("html", "text"):
        text = decoded(raw.payload, raw.charset, html=raw.kind == "html")
        return {"id": raw.url or str(raw.at), "url": raw.url, "seen": raw.seen, raw.kind: text}
    row = raw.payload if raw.kind == "row" else _json(raw.payload)
    return {name: row.get(columns.get(name, name)) for name in FIELDS}


def _json(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise RecordError(f"The line is not JSON in UTF-8 ({type(error).__name__}).") from None
    if not isinstance(found, dict):
        raise RecordError("The line is no JSON object; a record is {id, title, text}.")
    return found


def decoded(raw: bytes, charset: str, html: bool) -> str:
    """Bytes as text: by the charset that was declared, else UTF-8, else the declared one with what it leaves undefined, else
    as trafilatura guesses it."""
    declared = _codec(charset)
    for name, errors in ((declared, "strict"), ("utf-8-sig", "strict"), (declared, _AS_BROWSERS)):
        try:
            if name:
                return raw.decode(name, errors)
        except (LookupError, UnicodeDecodeError):
            continue
    if not html:
        raise RecordError("The file is not UTF-8 text.")
    from trafilatura.utils import decode_file

    return str(decode_file(raw))


def _undefined(error: UnicodeError) -> tuple[str, int]:
    """What browsers make of bytes that a charset of single bytes leaves undefined: controls, above them no character."""
    if not isinstance(error, UnicodeDecodeError) or error.encoding != "charmap":  # Python's word for all of these
        raise error
    found = error.object[error.start : error.end]
    return "".join(chr(byte) if byte < 0xA0 else "\ufffd" for byte in found), error.end


codecs.register_error(_AS_BROWSERS, _undefined)


def _codec(charset: str) -> str:
    """The codec behind a page's word for its charset, "" if there is none."""
    try:
        name = codecs.lookup(charset.strip()).name
    except (LookupError, ValueError):  # the word is the page's: it may hold anything
        return ""
    return "" if name in _NO_CHARSETS else _READ_AS.get(name, name)


def document_of(record: Record) -> Document:
    """The page's text: as given, or what can be read of its HTML. Raises RecordError and documents.DocumentError."""
    fields = record.fields
    about = {name: _string(fields, name) for name in ("title", "byline", "lang")}
    known = {"url": record.url, "published": record.published}
    if fields.get("html") is not None:
        return from_html(_string(fields, "html"), **about, **known)
    if fields.get("blocks") is not None:
        return from_blocks(_blocks(fields["blocks"]), **about, **known)
    if fields.get("text") is None:
        raise RecordError("The record has no 'text', 'html' or 'blocks' that could be read.")
    return from_text(_string(fields, "text"), **about, **known)


def _blocks(value: Any) -> list[str]:
    texts = [b.get("text") if isinstance(b, dict) else b for b in value] if isinstance(value, list) else [None]
    if len(texts) > MOST_BLOCKS or not all(isinstance(t, str) for t in texts):
        raise RecordError(f"'blocks' must be a list of at most {MOST_BLOCKS} strings or {{text}} objects.")
    return [clean(str(t)) for t in texts]


def _string(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RecordError(f"'{name}' is no string.")
    return clean(value)


def time_of(value: Any) -> str:
    """A date or time as ISO 8601 in UTC, "" where there is none of YEARS that can be understood."""
    if isinstance(value, datetime | date):
        value = value.isoformat()
    if not isinstance(value, str) or not value:
        return ""
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        return ""
    if found.year not in YEARS:
        return ""
    if len(value.strip()) == 10:
        return found.date().isoformat()
    from datetime import UTC

    at = found if found.tzinfo else found.replace(tzinfo=UTC)
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

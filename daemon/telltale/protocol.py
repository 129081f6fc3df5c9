"""The bodies of `docs/protocol.md`: JSON into types of the domain and back. Pure; a refusal is one plain sentence."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NoReturn

from .auth import Pairing
from .domain import Block, Note, Page, Reading
from .history.queries import Row, Tally
from .outlets import Address, AddressError, address_of
from .problems import BadField, BadJson

ROLES = ("heading", "paragraph", "list_item", "caption", "quote", "other")
LONGEST_URL = 8_192  # what servers accept
LONGEST_LINE = 10_000  # titles and bylines have 200; some sites put a paragraph there, which is still read
LONGEST_WORD = 100  # published, lang and the name of a pairing
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The body of POST /v1/pages: a page, its address, and whether it may be kept."""

    page: Page
    address: Address
    record: bool


def parse_json(raw: bytes) -> Body:
    """The object that a body holds. Raises BadJson."""
    try:
        body = json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):  # not UTF-8, not JSON, endless digits, or nested too deeply
        raise BadJson("The body is not JSON in UTF-8.") from None
    if not isinstance(body, dict):
        raise BadJson("The body must be a JSON object.")
    return body


def parse_page(body: Body, most_blocks: int) -> PageRequest:
    """The body of POST /v1/pages. Raises BadField; what it does not know it ignores."""
    try:
        address = address_of(_string(body, "url", LONGEST_URL))
    except AddressError as error:
        raise BadField(str(error)) from None
    page = Page(
        title=_text(body, "title", LONGEST_LINE),
        byline=_text(body, "byline", LONGEST_LINE, needed=False),
        published=_text(body, "published", LONGEST_WORD, needed=False),
        lang=_text(body, "lang", LONGEST_WORD, needed=False),
        blocks=_blocks(body, most_blocks),
        url=address.url,
    )
    return PageRequest(page, address, _flag(body, "record", True))


def parse_pair(body: Body, origin: str) -> tuple[str, Pairing]:
    """The code and the new owner in the body of POST /v1/pair. Raises BadField."""
    name = _text(body, "name", LONGEST_WORD)
    return _text(body, "code", LONGEST_WORD), Pairing(name, origin)


def parse_ticket(body: Body) -> str:
    """The page that POST /v1/tickets asks to open, `/` when it names none. Raises BadField."""
    to = _text(body, "to", LONGEST_URL, needed=False) or "/"
    if not is_local(to):
        raise BadField("'to' must be a path of the history, such as / or /outlets/news.example.")
    return to


def is_local(path: str) -> bool:
    """Whether a path stays on the daemon: browsers take `//host` and `/\\host` for another site's address."""
    plain = path.isascii() and path.isprintable() and "\\" not in path and " " not in path
    return plain and path.startswith("/") and not path.startswith("//")


def reading_json(reading: Reading, tally: Tally, page_id: int | None, first_seen: str | None) -> Body:
    """The answer to POST /v1/pages."""
    return {
        "verdict": reading.verdict.value,
        "model": reading.model,
        "sentences": reading.sentences,
        "notes": [_note_json(note) for note in reading.notes],
        "possible": [_note_json(note) for note in reading.possible],
        "outlet": tally.as_dict(),
        "first_seen": first_seen,
        "page_id": page_id,
    }


_PAGE_FIELDS = ("page_id", "url", "title", "outlet", "verdict", "first_seen", "last_seen")
_NOTE_FIELDS = ("where", "block", "start", "end", "quote", "kind", "family", "confidence")


def page_json(row: Row) -> Body:
    """A page of the history as GET /v1/pages has it."""
    notes = [{name: note[name] for name in _NOTE_FIELDS} for note in row["notes"]]
    return {**{name: row[name] for name in _PAGE_FIELDS}, "notes": notes}


def _note_json(note: Note) -> Body:
    return {name: getattr(note, name) for name in _NOTE_FIELDS}


def _blocks(body: Body, most: int) -> tuple[Block, ...]:
    blocks = body.get("blocks")
    if not isinstance(blocks, list):
        raise BadField("'blocks' is missing or no list; it is a list of {text, role}.")
    if len(blocks) > most:
        raise BadField(f"'blocks' has {len(blocks)} blocks; at most {most} are allowed.")
    return tuple(_block(block, i) for i, block in enumerate(blocks))


def _block(block: Any, i: int) -> Block:
    if not isinstance(block, dict) or not isinstance(block.get("text"), str):
        raise BadField(f"Block {i} is no {{text, role}} with a string as its text.")
    role = block.get("role", "paragraph")
    if not isinstance(role, str) or role not in ROLES:
        raise BadField(f"The role of block {i} must be one of {', '.join(ROLES)}.")
    return Block(clean(block["text"]), role)


def _text(body: Body, name: str, longest: int, needed: bool = True) -> str:
    return clean(_string(body, name, longest, needed))


def _string(body: Body, name: str, longest: int, needed: bool = True) -> str:
    value = body.get(name)
    if value is None and not needed:
        return ""
    if not isinstance(value, str):
        raise BadField(f"'{name}' is missing or no string.")
    if len(value) > longest:
        raise BadField(f"'{name}' has {len(value)} characters; at most {longest} are allowed.")
    return value


def clean(text: str) -> str:
    """Lone surrogates and NULs as U+FFFD, one for one, so that offsets stay true: SQLite and UTF-8 hold neither."""
    return "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text) if _dirty(text) else text


def _dirty(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return "\0" in text


def _flag(body: Body, name: str, usual: bool) -> bool:
    value = body.get(name, usual)
    if not isinstance(value, bool):
        raise BadField(f"'{name}' must be true or false.")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)

"""The bodies of `docs/protocol.md`: JSON into types of the domain and back. Pure; a refusal is one plain sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from .auth import Pairing
from .domain import FAMILIES, Block, Note, Page, Reading, Verdict
from .history.decisions import Decided, Decision, Feedback
from .history.finding import Search
from .history.lists import MOST_ID
from .history.page_state import Stand
from .history.queries import Tally
from .history.rows import Row
from .history.schema import OWN
from .history.store import Recorded
from .outlets import Address, AddressError, address_of
from .problems import BadField, BadJson
from .text.clean import clean

PLACES = ("title", "byline", "block")
ROLES = ("heading", "paragraph", "list_item", "caption", "quote", "other")
LONGEST_URL = 8_192  # what servers accept
LONGEST_LINE = 10_000  # titles and bylines have 200; some sites put a paragraph there, which is still read
LONGEST_WORD = 100  # published, lang and the name of a pairing
LONGEST_QUOTE = 5 * 1024 * 1024  # a whole page may be one note; the body's limit comes first
LONGEST_SEARCH = 500
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


def parse_feedback(body: Body) -> Feedback:
    """The body of POST /v1/feedback. Raises BadField; of the note only `where` and `quote` are looked at."""
    page_id, note = _page_id(body), body.get("note")
    if not isinstance(note, dict) or note.get("where") not in PLACES:
        raise BadField("'note' must be the note as it came, with its 'where' and 'quote'.")
    decision = body.get("decision")
    if decision not in list(Decision):
        raise BadField(f"'decision' must be one of {', '.join(Decision)}.")
    return Feedback(page_id, note["where"], _text(note, "quote", LONGEST_QUOTE), Decision(decision))


def parse_delete(body: Body) -> tuple[str, int | str]:
    """What the body of POST /v1/delete names: ("page_id", 57), ("outlet", "news.example") or ("all", True)."""
    named = [name for name in ("page_id", "outlet", "all") if name in body]
    if len(named) != 1:
        raise BadField("Name one thing to delete: 'page_id', 'outlet' or 'all'.")
    what = named[0]
    if what == "page_id":
        return what, _page_id(body)
    if what == "outlet":
        return what, _text(body, "outlet", LONGEST_LINE)
    if body["all"] is not True:
        raise BadField("'all' must be true.")
    return what, True


def _page_id(body: Body) -> int:
    page_id = body.get("page_id")
    if isinstance(page_id, bool) or not isinstance(page_id, int) or not 0 < page_id <= MOST_ID:
        raise BadField("'page_id' must be the number that came with the page.")
    return page_id


def parse_search(query: Mapping[str, str], source: int = OWN) -> Search:
    """The search in the query of GET /v1/search. Raises BadField for a verdict or family that does not exist."""
    words = {name: clean(query.get(name, ""))[:LONGEST_SEARCH] for name in ("q", "outlet", "since", "until")}
    verdict, family = query.get("verdict", ""), query.get("family", "")
    if verdict and verdict not in list(Verdict):
        raise BadField(f"'verdict' must be one of {', '.join(Verdict)}.")
    if family and family not in FAMILIES:
        raise BadField(f"'family' must be one of {', '.join(FAMILIES)}.")
    return Search(
        words["q"], words["outlet"].strip().lower(), verdict, family, words["since"].strip(), words["until"].strip(),
        query.get("removed", "") not in ("", "0", "false"), source,
    )  # fmt: skip


def reading_json(reading: Reading, tally: Tally, kept: Recorded | None = None) -> Body:
    """The answer to POST /v1/pages: the notes as a person's earlier decisions leave them, if the page was `kept`."""
    found = {"notes": reading.notes, "possible": reading.possible, "dismissed": ()}
    notes: Body = {name: [_note_json(n) for n in listed] for name, listed in found.items()}
    return {
        "verdict": kept.stand.verdict.value if kept else reading.verdict.value,
        "model": reading.model,
        "sentences": reading.sentences,
        **(_stand_json(kept.stand) if kept else notes),
        "outlet": tally.as_dict(),
        "first_seen": kept.first_seen if kept else None,
        "page_id": kept.page_id if kept else None,
    }


def decided_json(page_id: int, decided: Decided) -> Body:
    """The answer to POST /v1/feedback."""
    verdict, stand = decided.stand.verdict.value, _stand_json(decided.stand)
    return {"page_id": page_id, "verdict": verdict, **stand, "outlet": decided.tally.as_dict()}


_PAGE_FIELDS = ("page_id", "url", "title", "outlet", "verdict", "first_seen", "last_seen")
_NOTE_FIELDS = ("where", "block", "start", "end", "quote", "kind", "family", "confidence")


def outlet_json(row: Row) -> Body:
    """An outlet of the history as GET /v1/outlets has it."""
    return {name: row[name] for name in ("domain", "pages", "undisclosed", "disclosed", "interval", "last_seen")}


def page_json(row: Row) -> Body:
    """A page of the history as GET /v1/pages has it."""
    return {**{name: row[name] for name in _PAGE_FIELDS}, "notes": [_row_json(note) for note in row["notes"]]}


def found_json(row: Row) -> Body:
    """A page as GET /v1/search has it: with the pieces of text in which the words were found."""
    snippets = [[{"text": text, "match": match} for text, match in snippet] for snippet in row["snippets"]]
    return {**page_json(row), "snippets": snippets}


def evidence_json(row: Row) -> Body:
    """A page as GET /v1/pages/{page_id} has it: all its revisions, each with what became of its notes."""
    page = {name: row[name] for name in (*_PAGE_FIELDS, "byline", "published", "lang", "times_seen", "removed")}
    return {**page, "revisions": [_revision_json(revision) for revision in row["revisions"]]}


def _revision_json(row: Row) -> Body:
    names = ("verdict", "model", "text_hash", "sentences", "first_seen", "last_seen", "removed")
    notes = {
        name: [{**_row_json(n), "before": n["before"], "after": n["after"], "fate": n["fate"]} for n in row[name]]
        for name in ("notes", "possible", "dismissed")
    }
    return {**{name: row[name] for name in names}, **notes}


def _stand_json(stand: Stand) -> Body:
    found = {"notes": stand.notes, "possible": stand.possible, "dismissed": stand.dismissed}
    return {name: [_row_json(note) for note in notes] for name, notes in found.items()}


def _row_json(note: Row) -> Body:
    return {name: note[name] for name in (*_NOTE_FIELDS, "decision")}


def _note_json(note: Note) -> Body:
    return {**{name: getattr(note, name) for name in _NOTE_FIELDS}, "decision": None}


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


def _flag(body: Body, name: str, usual: bool) -> bool:
    value = body.get(name, usual)
    if not isinstance(value, bool):
        raise BadField(f"'{name}' must be true or false.")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)

"""The contract, machine readable. Written by hand after `docs/protocol.md`; a test keeps it to the app's routes."""

from __future__ import annotations

from typing import Any

from . import __version__
from .domain import FAMILIES, Kind, Verdict
from .history.decisions import Decision
from .history.lists import MOST_ID
from .protocol import LONGEST_LINE, LONGEST_QUOTE, LONGEST_URL, LONGEST_WORD, PLACES, ROLES

Schema = dict[str, Any]
SEARCH_FIELDS = ("q", "outlet", "verdict", "family", "since", "until", "removed", "after")
_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_HIDDEN: Schema = {"enum": ["0", "1"], "default": "0", "description": "1 where nobody looks at the page."}


def document() -> Schema:
    """The OpenAPI 3.1 document of `/v1`."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Telltale", "version": __version__, "license": {"name": "Apache-2.0"}},
        "security": [{"token": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(),
            "responses": {"Problem": _answer("Problem", "What is wrong.", "application/problem+json")},
        },
    }


def _paths() -> Schema:
    return {
        "/v1/health": {"get": _operation("Whether something answers.", "Health", open_to_all=True)},
        "/v1/pair": {"post": _operation("A code for a token.", "Paired", body="PairRequest", open_to_all=True)},
        "/v1/status": {"get": _operation("What runs here.", "Status")},
        "/v1/pages": {
            "get": _operation("Pages read, newest first.", "Pages", query=("outlet", "after")),
            "post": _operation("Read a page.", "Reading", body="PageRequest", query=("hidden",)),
        },
        "/v1/pages/{page_id}": {"get": _operation("One page with its evidence.", "Evidence", path="page_id")},
        "/v1/search": {"get": _operation("Pages by words and filters.", "Found", query=SEARCH_FIELDS)},
        "/v1/delete": {"post": _operation("Delete a page, an outlet or all.", "Deleted", body="DeleteRequest")},
        "/v1/outlets/{domain}": {"get": _operation("One outlet over time.", "Outlet", path="domain")},
        "/v1/feedback": {"post": _operation("Decide about a note.", "Decided", body="Feedback")},
        "/v1/outlets": {"get": _operation("Outlets with tallies, newest first.", "Outlets", query=("after",))},
        "/v1/tickets": {
            "post": _operation("A one-time address of the history.", "Ticket", body="TicketRequest"),
        },
        "/v1/pairings": {"get": _operation("Who is paired.", "Pairings")},
        "/v1/pairings/{id}": {"delete": _operation("End a pairing.", "Health", path="id")},
        "/v1/token": {"post": _operation("A new token; the old one ends.", "Token", body="Empty")},
        "/v1/openapi.json": {"get": _operation("This contract.", "Contract")},
    }


def _operation(
    summary: str, answer: str, body: str = "", query: tuple[str, ...] = (), path: str = "", open_to_all: bool = False
) -> Schema:
    found: Schema = {
        "summary": summary,
        "responses": {"200": _answer(answer, summary), "default": {"$ref": "#/components/responses/Problem"}},
    }
    if open_to_all:
        found["security"] = []
    parameters: list[Schema] = [
        {"name": name, "in": "query", "schema": _HIDDEN if name == "hidden" else _TEXT} for name in query
    ]
    if path:
        schema = {"type": "integer", "minimum": 0} if path.endswith("_id") else _TEXT
        parameters.append({"name": path, "in": "path", "required": True, "schema": schema})
    if parameters:
        found["parameters"] = parameters
    if body:
        found["requestBody"] = {"required": True, "content": _content(body)}
    return found


def _answer(schema: str, description: str, content_type: str = "application/json") -> Schema:
    return {"description": description, "content": _content(schema, content_type)}


def _content(schema: str, content_type: str = "application/json") -> Schema:
    return {content_type: {"schema": _ref(schema)}}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _schemas() -> Schema:
    return {
        "Problem": _object(type=_TEXT, title=_TEXT, status={"type": "integer"}, detail=_TEXT),
        "Health": _object(ok={"const": True}),
        "Contract": {"type": "object"},
        "PairRequest": _object(code=_at_most(LONGEST_WORD), name=_at_most(LONGEST_WORD)),
        "Paired": _object(token=_TEXT, name=_TEXT),
        "Token": _object(token=_TEXT),
        "Empty": {"type": "object"},
        "Pairings": _object(pairings=_list(_pairing())),
        "TicketRequest": _object(optional={"to": _at_most(LONGEST_URL)}),
        "Ticket": _object(url={"type": "string", "format": "uri"}),
        "Status": _status(),
        "Block": _object(text=_TEXT, optional={"role": {"enum": list(ROLES)}}),
        "PageRequest": _page_request(),
        "Reading": _reading(),
        "Note": _note(),
        "Feedback": _feedback(),
        "DeleteRequest": {
            "oneOf": [_object(page_id=_page_id()), _object(outlet=_at_most(LONGEST_LINE)), _object(all={"const": True})]
        },
        "Deleted": _object(deleted=_COUNT),
        "Decided": _object(page_id=_COUNT, verdict=_verdict(), **_stand(), outlet=_ref("Tally")),
        "Tally": _object(**_tally()),
        "Outlets": _part("outlets", _object(**_tally(), last_seen=_time())),
        "Pages": _part("pages", _page()),
        "Found": _part("pages", _found()),
        "Evidence": _evidence(),
        "Outlet": _outlet(),
    }


def _pairing() -> Schema:
    return _object(id=_TEXT, name=_TEXT, origin=_TEXT, created=_time(), this={"type": "boolean"})


def _status() -> Schema:
    return _object(
        name={"const": "telltale"},
        version=_TEXT,
        protocol={"const": 1},
        state={"enum": ["ready", "loading"]},
        model=_or_null(_TEXT),
        speed=_or_null(_TEXT),
        queue=_object(waiting=_COUNT, limit=_COUNT),
        history=_object(pages=_COUNT),
    )


def _page_request() -> Schema:
    optional = {
        "byline": _or_null(_at_most(LONGEST_LINE)),
        "published": _or_null(_at_most(LONGEST_WORD)),
        "lang": _or_null(_at_most(LONGEST_WORD)),
        "record": {"type": "boolean", "default": True},
    }
    url = {"type": "string", "format": "uri", "maxLength": LONGEST_URL}
    return _object(url=url, title=_at_most(LONGEST_LINE), blocks=_list(_ref("Block")), optional=optional)


def _reading() -> Schema:
    return _object(
        verdict=_verdict(),
        model=_TEXT,
        sentences=_COUNT,
        **_stand(),
        outlet=_ref("Tally"),
        first_seen=_or_null(_time()),
        page_id=_or_null(_COUNT),
    )


def _stand() -> Schema:
    return {name: _list(_ref("Note")) for name in ("notes", "possible", "dismissed")}


def _feedback() -> Schema:
    note = _object(where={"enum": list(PLACES)}, quote=_at_most(LONGEST_QUOTE))
    return _object(page_id=_page_id(), note=note, decision={"enum": list(Decision)})


def _page_id() -> Schema:
    return {"type": "integer", "minimum": 1, "maximum": MOST_ID}


def _note() -> Schema:
    return _object(
        where={"enum": list(PLACES)},
        block=_or_null(_COUNT),
        start=_COUNT,
        end=_COUNT,
        quote=_TEXT,
        kind={"enum": [kind.value for kind in Kind]},
        family={"enum": list(FAMILIES)},
        confidence=_share(),
        decision=_or_null({"enum": ["confirmed", "dismissed"]}),
    )


def _page() -> Schema:
    return _object(**_page_fields(), notes=_list(_ref("Note")))


def _found() -> Schema:
    snippet = _list(_object(text=_TEXT, match={"type": "boolean"}))
    return _object(**_page_fields(), notes=_list(_ref("Note")), snippets=_list(snippet))


def _page_fields() -> Schema:
    texts = {name: _TEXT for name in ("url", "title", "outlet")}
    return {"page_id": _COUNT, **texts, "verdict": _verdict(), "first_seen": _time(), "last_seen": _time()}


def _evidence() -> Schema:
    texts = {name: _TEXT for name in ("byline", "published", "lang")}
    return _object(**_page_fields(), **texts, times_seen=_COUNT, removed=_COUNT, revisions=_list(_revision()))


def _revision() -> Schema:
    note = {
        "allOf": [_ref("Note"), _object(before=_TEXT, after=_TEXT, fate=_or_null({"enum": ["removed", "unflagged"]}))]
    }
    notes = {name: _list(note) for name in ("notes", "possible", "dismissed")}
    times = {"first_seen": _time(), "last_seen": _time()}
    return _object(verdict=_verdict(), model=_TEXT, text_hash=_TEXT, sentences=_COUNT, **times, removed=_COUNT, **notes)


def _outlet() -> Schema:
    counts = {"pages": _COUNT, "undisclosed": _COUNT, "disclosed": _COUNT}
    return _object(
        **_tally(),
        timeline=_list(_object(period=_TEXT, **counts)),
        families=_list(_object(family=_TEXT, pages=_COUNT)),
        bylines=_list(_object(byline=_TEXT, **counts)),
    )


def _tally() -> Schema:
    interval = {"type": "array", "items": _share(), "minItems": 2, "maxItems": 2}
    return {"domain": _TEXT, "pages": _COUNT, "undisclosed": _COUNT, "disclosed": _COUNT, "interval": interval}


def _part(name: str, item: Schema) -> Schema:
    return _object(**{name: _list(item)}, next=_or_null(_TEXT))


def _object(optional: Schema | None = None, **needed: Schema) -> Schema:
    return {"type": "object", "properties": {**needed, **(optional or {})}, "required": list(needed)}


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _at_most(length: int) -> Schema:
    return {"type": "string", "maxLength": length}


def _share() -> Schema:
    return {"type": "number", "minimum": 0, "maximum": 1}


def _time() -> Schema:
    return {"type": "string", "format": "date-time"}


def _verdict() -> Schema:
    return {"enum": [verdict.value for verdict in Verdict]}

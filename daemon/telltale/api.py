"""The routes of `docs/protocol.md`. They only route: `protocol` parses, `engine` reads, `history` keeps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from urllib.parse import quote

from aiohttp import web

from . import __version__, auth, protocol
from .guard import is_extension, port_of
from .history import erasure, finding, queries, store, timeline
from .history.decisions import NoSuchNote, decide
from .history.finding import Search, SearchError
from .history.lists import CursorError, Part
from .keys import CLOCK, ENGINE, HISTORY, PAIRING_ID, SETTINGS, TRIES
from .openapi import document
from .problems import BadCode, BadField, NotFound, NoToken, TooLarge, TooManyTries, TooSlow, WrongOrigin
from .times import iso

routes = web.RouteTableDef()
_PAIR_BYTES = 4096  # a code and a name; whoever has no token may not make the daemon take in more


@routes.get("/v1/health")
async def health(_request: web.Request) -> web.Response:
    """Open: says only that something answers."""
    return web.json_response({"ok": True})


@routes.post("/v1/pair")
async def pair(request: web.Request) -> web.Response:
    """Open: a code for a token, bound to the extension that asks."""
    code, owner = protocol.parse_pair(await _body(request, _PAIR_BYTES), _pairing_origin(request))
    if wait := request.app[TRIES].wait():
        raise TooManyTries("Too many codes were tried; wait a minute and try again.", wait)
    now, lasts = request.app[CLOCK](), request.app[SETTINGS].code_seconds
    token = await request.app[HISTORY].write(auth.redeem_code, code, owner, now, lasts)
    if token is None:
        raise BadCode("The code is wrong, used or too old; `telltale pair` makes a new one.")
    return web.json_response({"token": token, "name": owner.name})


@routes.get("/v1/pairings")
async def list_pairings(request: web.Request) -> web.Response:
    """Who is paired, oldest first; `this` marks the one that asks."""
    found = await request.app[HISTORY].read(auth.pairings)
    return web.json_response({"pairings": [{**p, "this": p["id"] == request[PAIRING_ID]} for p in found]})


@routes.delete("/v1/pairings/{id}")
async def unpair(request: web.Request) -> web.Response:
    """End a pairing, one's own or another, and every open history page."""
    if not await request.app[HISTORY].write(auth.unpair, request.match_info["id"]):
        raise NotFound("There is no such pairing; GET /v1/pairings lists them.")
    return web.json_response({"ok": True})


@routes.post("/v1/token")
async def rotate(request: web.Request) -> web.Response:
    """A new token for the one that asks; the old one ends, and the history pages that are open."""
    await _body(request)
    token = await request.app[HISTORY].write(auth.rotate, request[PAIRING_ID])
    if token is None:
        raise NoToken("The pairing has just ended; pair the extension with the code of `telltale pair`.")
    return web.json_response({"token": token})


def _pairing_origin(request: web.Request) -> str:
    """A browser that pairs must be an extension; a client without an Origin is a program of this computer."""
    origin = request.headers.get("Origin", "")
    if origin and not is_extension(origin):
        raise WrongOrigin("Only a browser extension can be paired.")
    return origin


@routes.get("/v1/status")
async def status(request: web.Request) -> web.Response:
    """What runs here and whether it can read pages yet."""
    engine = request.app[ENGINE]
    answer = {
        "name": "telltale",
        "version": __version__,
        "protocol": 1,
        "state": "ready" if engine.model else "loading",
        "model": engine.model,
        "speed": engine.speed,
        "queue": {"waiting": engine.waiting, "limit": engine.limit},
        "history": {"pages": await request.app[HISTORY].read(queries.page_count)},
    }
    return web.json_response(answer)


@routes.post("/v1/pages")
async def read_page(request: web.Request) -> web.Response:
    """Read a page, and keep what was found unless told not to; answered after the commit."""
    engine, history = request.app[ENGINE], request.app[HISTORY]
    hidden = request.query.get("hidden") == "1"
    with engine.place(hidden=hidden):  # before the body is taken in, so that what is refused takes no memory
        asked = protocol.parse_page(await _body(request), request.app[SETTINGS].blocks)
        reading = await engine.read(asked.page, hidden=hidden)
    if not asked.record:
        tally = await history.read(queries.tally_of_site, asked.address.outlet)
        return web.json_response(protocol.reading_json(reading, tally))
    seen = store.Sighting(*asked.address, asked.page, reading, iso(request.app[CLOCK]()))
    kept = await history.write(store.record, seen)
    return web.json_response(protocol.reading_json(reading, kept.tally, kept))


@routes.post("/v1/feedback")
async def feedback(request: web.Request) -> web.Response:
    """Keep what a person decided about a note, or undo it; answered with the page as it stands then."""
    asked = protocol.parse_feedback(await _body(request))
    try:
        decided = await request.app[HISTORY].write(decide, asked, iso(request.app[CLOCK]()))
    except NoSuchNote as error:
        raise NotFound(str(error)) from None
    return web.json_response(protocol.decided_json(asked.page_id, decided))


@routes.get("/v1/pages")
async def list_pages(request: web.Request) -> web.Response:
    """Pages read, newest first."""
    part = await _part(request, queries.pages, request.query.get("outlet"))
    return web.json_response({"pages": [protocol.page_json(row) for row in part.items], "next": part.next})


@routes.get("/v1/pages/{page_id:[0-9]{1,18}}")
async def one_page(request: web.Request) -> web.Response:
    """One page with its evidence: every state that was seen of it."""
    page_id = int(request.match_info["page_id"])
    found = await request.app[HISTORY].read(queries.page, page_id)
    if found is None:
        raise NotFound(f"No page with the id {page_id} is recorded.")
    return web.json_response(protocol.evidence_json(found))


@routes.get("/v1/search")
async def search(request: web.Request) -> web.Response:
    """Pages by words and filters, newest first."""
    try:
        part = await _part(request, finding.search, protocol.parse_search(request.query))
    except SearchError as error:
        raise BadField(str(error)) from None
    return web.json_response({"pages": [protocol.found_json(row) for row in part.items], "next": part.next})


@routes.post("/v1/delete")
async def delete(request: web.Request) -> web.Response:
    """Delete a page, an outlet or everything; answered when nothing of it is left in the files."""
    what, value = protocol.parse_delete(await _body(request))
    deleted = await request.app[HISTORY].delete(partial(erasure.delete, what=what, value=value))
    return web.json_response({"deleted": deleted})


@routes.get("/v1/outlets")
async def list_outlets(request: web.Request) -> web.Response:
    """Outlets with their tallies, newest first."""
    part = await _part(request, queries.outlets)
    return web.json_response({"outlets": [protocol.outlet_json(row) for row in part.items], "next": part.next})


@routes.get("/v1/outlets/{domain}")
async def one_outlet(request: web.Request) -> web.Response:
    """One outlet with its timeline, families and bylines."""
    read, domain = request.app[HISTORY].read, request.match_info["domain"]
    tally = await read(queries.tally_of, domain)
    if not tally.pages:
        raise NotFound(f"No page of {domain} is recorded.")
    found = {
        "timeline": await read(timeline.months, domain),
        "families": await read(timeline.families, domain),
        "bylines": await read(timeline.bylines, domain),
    }
    return web.json_response({**tally.as_dict(), **found})


@routes.post("/v1/tickets")
async def ticket(request: web.Request) -> web.Response:
    """A one-time address that opens the history in a browser tab."""
    to = protocol.parse_ticket(await _body(request))
    now, lasts = request.app[CLOCK](), request.app[SETTINGS].ticket_seconds
    secret = await request.app[HISTORY].write(auth.make_ticket, now, lasts)
    return web.json_response({"url": f"http://127.0.0.1:{port_of(request)}/open/{secret}?to={quote(to, safe='/')}"})


@routes.get("/v1/openapi.json")
async def openapi(_request: web.Request) -> web.Response:
    """This contract, machine readable."""
    return web.json_response(document())


async def _body(request: web.Request, most: int | None = None) -> protocol.Body:
    """The JSON of a request's body; `most` bytes of it, where that is less than the settings allow."""
    settings = request.app[SETTINGS]
    most = most or settings.body_bytes
    large = TooLarge(f"The body is larger than the {most} bytes that are allowed.")
    if (request.content_length or 0) > most:
        raise large
    try:
        async with asyncio.timeout(settings.body_seconds):
            return protocol.parse_json(await request.clone(client_max_size=most).read())
    except TimeoutError:
        raise TooSlow(f"The body did not arrive within {settings.body_seconds:g} seconds.") from None
    except web.HTTPRequestEntityTooLarge:
        raise large from None


async def _part(request: web.Request, query: Callable[..., Part], *args: str | Search | None) -> Part:
    try:
        return await request.app[HISTORY].read(query, *args, after=request.query.get("after"))
    except CursorError:
        raise BadField("'after' must be the 'next' of an earlier answer.") from None

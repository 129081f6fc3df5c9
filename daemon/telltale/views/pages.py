"""The pages: the list of what was read, one outlet, one page with its evidence, and the way in."""

from __future__ import annotations

from functools import cache, wraps
from html import escape
from pathlib import Path
from typing import Any

import aiohttp_jinja2
from aiohttp import web
from aiohttp.typedefs import Handler

from .. import auth
from ..guard import port_of
from ..history import queries
from ..history.queries import CursorError, Part
from ..keys import CLOCK, HISTORY, SESSIONS, SETTINGS
from ..problems import BadField, BadTicket, NotFound
from ..protocol import is_local

routes = web.RouteTableDef()


def needs_session(handler: Handler) -> Handler:
    """Show the page only to a browser that came by a ticket; to any other how to come, and no data."""

    @wraps(handler)
    async def checked(request: web.Request) -> web.StreamResponse:
        if request.app[SESSIONS].holds(request.cookies.get(_cookie(request), "")):
            return await handler(request)
        status = 200 if request.path == "/" else 401
        return _page("closed.html", request, {}, status)

    return checked


@routes.get("/")
@needs_session
async def home(request: web.Request) -> web.StreamResponse:
    """Outlets and pages read, newest first."""
    history = request.app[HISTORY]
    outlets = await _part(history.read(queries.outlets, after=request.query.get("outlets")))
    read = await _part(history.read(queries.pages, after=request.query.get("pages")))
    return _page(
        "home.html", request, {"outlets": outlets, "pages": read, "count": await history.read(queries.page_count)}
    )


@routes.get("/outlets/{domain}")
@needs_session
async def outlet(request: web.Request) -> web.StreamResponse:
    """One outlet: its tally and its pages."""
    history, domain = request.app[HISTORY], request.match_info["domain"]
    tally = await history.read(queries.tally_of, domain)
    if not tally.pages:
        raise NotFound(f"No page of {domain} was recorded.")
    read = await _part(history.read(queries.pages, domain, after=request.query.get("pages")))
    return _page("outlet.html", request, {"outlet": tally, "pages": read})


@routes.get("/pages/{page_id:[0-9]{1,18}}")
@needs_session
async def page(request: web.Request) -> web.StreamResponse:
    """One page: its notes in context, and how they changed from one sight to the next."""
    found = await request.app[HISTORY].read(queries.page, int(request.match_info["page_id"]))
    if found is None:
        raise NotFound("No such page was recorded.")
    return _page("page.html", request, {"page": found})


@routes.get("/open/{ticket}", allow_head=False)
async def open_history(request: web.Request) -> web.Response:
    """Spend a ticket for a session. The one GET that changes something: it is how a browser can be sent here.

    The answer is a page that goes on by itself: a redirect that began at another origin would not carry the cookie.
    """
    to = request.query.get("to", "/")
    ticket = request.match_info["ticket"]
    if not is_local(to) or not await request.app[HISTORY].write(auth.redeem_ticket, ticket, request.app[CLOCK]()):
        raise BadTicket("This link works once and for a minute; open the history again from the extension.")
    text = f'<!doctype html><meta http-equiv="refresh" content="0; url={escape(to)}"><a href="{escape(to)}">History</a>'
    response = web.Response(text=text, content_type="text/html")
    lasts = request.app[SETTINGS].session_seconds
    secret = request.app[SESSIONS].start()
    response.set_cookie(_cookie(request), secret, max_age=lasts, path="/", httponly=True, samesite="Strict")
    return response


@routes.get("/static/telltale.css")
async def style(_request: web.Request) -> web.Response:
    """The one style sheet; no secret, so that problem pages have it too."""
    return web.Response(text=_style(), content_type="text/css")


@cache
def _style() -> str:
    return (Path(__file__).parent / "static" / "telltale.css").read_text(encoding="utf-8")


def _cookie(request: web.Request) -> str:
    """Cookies do not tell ports apart, so the name does: two daemons must not end each other's sessions."""
    return f"telltale-{port_of(request)}"


def _page(template: str, request: web.Request, context: dict[str, Any], status: int = 200) -> web.Response:
    return aiohttp_jinja2.render_template(template, request, context, status=status)


async def _part(reading: Any) -> Part:
    try:
        part: Part = await reading
    except CursorError:
        raise BadField("That part of the list does not exist; begin at the history's first page.") from None
    return part

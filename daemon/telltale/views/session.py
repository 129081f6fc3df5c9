"""The way in: a ticket becomes a session, and only a session sees the history."""

from __future__ import annotations

from functools import wraps
from html import escape
from typing import Any

import aiohttp_jinja2
from aiohttp import web
from aiohttp.typedefs import Handler

from .. import auth
from ..guard import port_of
from ..history.lists import CursorError, Part
from ..history.queries import sources
from ..history.schema import OWN
from ..keys import CLOCK, HISTORY, SESSIONS, SETTINGS
from ..problems import BadField, BadTicket
from ..protocol import is_local

routes = web.RouteTableDef()


def needs_session(handler: Handler) -> Handler:
    """Show the page only to a browser that came by a ticket; to any other how to come, and no data."""

    @wraps(handler)
    async def checked(request: web.Request) -> web.StreamResponse:
        epoch = await request.app[HISTORY].read(auth.epoch)
        if request.app[SESSIONS].holds(request.cookies.get(_cookie(request), ""), epoch):
            return await handler(request)
        status = 200 if request.path == "/" else 401
        return aiohttp_jinja2.render_template("closed.html", request, {"open": False}, status=status)

    return checked


@routes.get("/open/{ticket}", allow_head=False)
async def open_history(request: web.Request) -> web.Response:
    """Spend a ticket for a session. The one GET that changes something: it is how a browser can be sent here.

    The answer is a page that goes on by itself: a redirect that began at another origin would not carry the cookie.
    """
    to, history = request.query.get("to", "/"), request.app[HISTORY]
    good = request.match_info["ticket"], request.app[CLOCK](), request.app[SETTINGS].ticket_seconds
    opened = await history.write(auth.redeem_ticket, *good) if is_local(to) else None
    if opened is None:
        raise BadTicket("This link works once and for a minute; open the history again from the extension.")
    text = _GO_ON.format(to=escape(to))
    response = web.Response(text=text, content_type="text/html")
    lasts = request.app[SETTINGS].session_seconds
    secret = request.app[SESSIONS].start(opened)
    response.set_cookie(_cookie(request), secret, max_age=lasts, path="/", httponly=True, samesite="Strict")
    return response


_GO_ON = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Telltale</title>
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<meta http-equiv="refresh" content="0; url={to}">
<a href="{to}">History</a>
</html>
"""


async def show(request: web.Request, template: str, **context: Any) -> web.Response:
    """A history page. Every page is told the sources, to choose among them, and which is shown."""
    known = await request.app[HISTORY].read(sources)
    source = {"source": source_of(request), "sources": known, "open": True}
    return aiohttp_jinja2.render_template(template, request, {**source, **context})


def source_of(request: web.Request) -> int:
    """The source that the address asks for: what this browser read, unless it names an imported history."""
    text = request.query.get("source", str(OWN))
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadField("'source' must be the number of a source, as the history's links have it.")
    return int(text)


async def part_of(reading: Any) -> Part:
    """A part of a list, or a sentence when its cursor was made up."""
    try:
        part: Part = await reading
    except CursorError:
        raise BadField("That part of the list does not exist; begin at the list's first part.") from None
    return part


def _cookie(request: web.Request) -> str:
    """Cookies do not tell ports apart, so the name does: two daemons must not end each other's sessions."""
    return f"telltale-{port_of(request)}"

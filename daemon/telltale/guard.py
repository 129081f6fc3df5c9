"""Who is let in, before any handler runs. What each check is against is said beside it.

Whoever can reach the port is a program of this computer, or a web page in one of its browsers. Browsers cannot be made
to lie about Host, Origin and Sec-Fetch-Site; that is what keeps pages out. The token keeps other programs out.
"""

from __future__ import annotations

import re

from aiohttp import web
from aiohttp.typedefs import Handler

from .auth import id_of, pairing_of
from .keys import HISTORY, PAIRING_ID
from .problems import BadPath, NotJson, NoToken, WrongHost, WrongOrigin

# A path has one spelling, or a check on one spelling would be passed by another: no escapes, no `//`, no dot segments.
_PATH = re.compile(r"/|(/(?!\.\.?(/|$))[A-Za-z0-9._~:-]+)+/?")
_EXTENSION = re.compile(r"(chrome|moz)-extension://[a-z0-9-]{1,64}")
_OPEN = {"/v1/health", "/v1/pair"}  # the only routes of the API without a token

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # no-referrer would make browsers send the pages' own forms with Origin: null
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Server": "telltale",  # aiohttp would tell the versions of Python and itself
}


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a request that is not from the paired extension or from a person who opens the history."""
    path = _checked_path(request)
    _check_host(request)
    origin = _checked_origin(request)
    _check_site(request, path)
    if request.method == "POST":
        _check_type(request, path, origin)
    if path.startswith("/v1/") and path not in _OPEN:
        await _check_token(request, origin)
    return await handler(request)


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """A signal before every answer leaves, errors included."""
    response.headers.update(HEADERS)


def port_of(request: web.Request) -> int:
    """The port that this request reached the daemon on."""
    address = request.transport.get_extra_info("sockname") if request.transport else None
    return int(address[1]) if address else 0


def is_extension(origin: str) -> bool:
    """Whether an Origin is that of a browser extension, Chromium's or Firefox's."""
    return bool(_EXTENSION.fullmatch(origin))


def _checked_path(request: web.Request) -> str:
    path = request.raw_path.partition("?")[0]
    if not _PATH.fullmatch(path):
        raise BadPath("The path must be plain: no escapes, no double slashes, no dot segments.")
    return path


def _check_host(request: web.Request) -> None:
    """Against DNS rebinding: a page's own name made to point here still stands in Host."""
    port = port_of(request)
    own = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
    hosts = request.headers.getall("Host", [])
    if len(hosts) != 1 or hosts[0].lower() not in own:
        raise WrongHost(f"The Host must be 127.0.0.1:{port}, localhost:{port} or [::1]:{port}.")


def _checked_origin(request: web.Request) -> str | None:
    origins = request.headers.getall("Origin", [])
    if not origins:
        return None
    own = origins[0] == f"http://{request.headers['Host'].lower()}"
    if len(origins) > 1 or not (own or is_extension(origins[0])):
        raise WrongOrigin("Only the paired extension and Telltale's own pages are let in.")
    return origins[0]


def _check_site(request: web.Request, path: str) -> None:
    """Against what pages send without an Origin: images, scripts, frames. Following a link to the history is allowed.

    An extension's own requests say `none` in Chromium 156 and `same-origin` in Firefox 153 (tried in both).
    """
    if request.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin"):
        return
    fetch = request.headers.get("Sec-Fetch-Mode"), request.headers.get("Sec-Fetch-Dest")
    if path.startswith("/v1/") or request.method != "GET" or fetch != ("navigate", "document"):
        raise WrongOrigin("Other sites may not ask; only the paired extension and Telltale's own pages are let in.")


def _check_type(request: web.Request, path: str, origin: str | None) -> None:
    """What a form or a simple request of a page can send without asking first is never called JSON.

    The history pages have forms of their own: those come with the daemon's own Origin, which no other site can send.
    """
    if path.startswith("/v1/"):
        if request.content_type != "application/json":
            raise NotJson("The body must be JSON, sent as Content-Type: application/json.")
    elif origin is None or is_extension(origin):
        raise WrongOrigin("Only Telltale's own pages may send its forms.")
    elif request.content_type != "application/x-www-form-urlencoded":
        raise NotJson("The body must be a form, sent as Content-Type: application/x-www-form-urlencoded.")
    if "Content-Encoding" in request.headers:  # a few bytes could unpack to gigabytes, and loopback gains nothing
        raise NotJson("The body must not be compressed.")


async def _check_token(request: web.Request, origin: str | None) -> None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    pairing = await request.app[HISTORY].read(pairing_of, token) if scheme.lower() == "bearer" else None
    if pairing is None:
        raise NoToken("A token is needed: pair the extension with the code of `telltale pair`.")
    if origin is not None and origin != pairing.origin:
        raise WrongOrigin("The token was given to another extension; pair this one.")
    request[PAIRING_ID] = id_of(token)

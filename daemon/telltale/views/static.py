"""The style sheet, the script and the icon: no secrets, so that every page may have them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from aiohttp import web

routes = web.RouteTableDef()
FOLDER = Path(__file__).parent / "static"
TYPES = {
    "telltale.css": "text/css",
    "telltale.js": "text/javascript",
    "pair.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}


@routes.get("/static/{name}")
async def static(request: web.Request) -> web.Response:
    """One of the files named above; the folder is not searched, so no name can lead out of it."""
    name = request.match_info["name"]
    if name not in TYPES:
        raise web.HTTPNotFound
    return web.Response(text=_text(name), content_type=TYPES[name])


@cache
def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")

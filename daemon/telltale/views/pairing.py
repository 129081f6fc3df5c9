"""The pages that a person sees before they have a history: pairing with one click, and a sample. They hold no secret.

The code that pairs stands after `#` in the address of the first, which browsers send to nobody: the page is the same for
everybody who asks, and the extension takes the code from the address when a person clicks.
"""

from __future__ import annotations

import aiohttp_jinja2
from aiohttp import web

routes = web.RouteTableDef()


@routes.get("/pair")
async def pair(request: web.Request) -> web.Response:
    """The way of `telltale pair --open`: one click pairs the extension of this browser."""
    return aiohttp_jinja2.render_template("pair.html", request, {"open": False})


@routes.get("/sample")
async def sample(request: web.Request) -> web.Response:
    """An article that ends in a forgotten note, to see the extension at work. It is judged and never recorded."""
    return aiohttp_jinja2.render_template("sample.html", request, {"open": False})

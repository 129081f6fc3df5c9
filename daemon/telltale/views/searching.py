"""The search page; everything that was chosen is in its address, so that a search can be kept and sent."""

from __future__ import annotations

from dataclasses import asdict

from aiohttp import web

from ..domain import FAMILIES, Verdict
from ..history import finding
from ..history.finding import Search, SearchError
from ..history.lists import Part
from ..keys import HISTORY
from ..protocol import parse_search
from .session import needs_session, part_of, show, source_of

routes = web.RouteTableDef()


@routes.get("/search")
@needs_session
async def search(request: web.Request) -> web.StreamResponse:
    """Pages by words and filters."""
    wanted = parse_search(request.query, source_of(request))
    asked = wanted != Search(source=wanted.source)
    found, fault = Part([], None), ""
    if asked:
        try:
            found = await part_of(request.app[HISTORY].read(finding.search, wanted, request.query.get("after")))
        except SearchError as error:
            fault = str(error)
    chosen = {name: value for name, value in asdict(wanted).items() if name not in ("source", "words")}
    chosen |= {"q": wanted.words, "removed": "1" if wanted.removed else ""}
    choices = {"verdicts": list(Verdict), "families": FAMILIES}
    return await show(
        request, "search.html", search=wanted, chosen=chosen, found=found, fault=fault, asked=asked, **choices
    )

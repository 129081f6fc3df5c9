"""The pages that only show: overview, outlets, one outlet, one page, what recurs, and how to read the figures."""

from __future__ import annotations

from aiohttp import web

from ..history import aliases, network, queries, timeline
from ..history.changes import changes
from ..keys import HISTORY
from ..problems import BadField, NotFound
from . import plots
from .session import needs_session, part_of, show, source_of
from .web import web as plot_of

routes = web.RouteTableDef()
LIMITS = {
    "most": network.MOST,
    "most_outlets": network.MOST_OUTLETS,
    "shown": 8,
}  # of the network: groups, outlets, names


@routes.get("/")
@needs_session
async def overview(request: web.Request) -> web.StreamResponse:
    """What was read, what was found, what was removed."""
    read, source = request.app[HISTORY].read, source_of(request)
    noted = request.query.get("show") != "all"
    return await show(
        request,
        "overview.html",
        totals=await read(queries.totals, source),
        outlets=await read(queries.outlet_count, source),
        plot=plots.timeline(await read(timeline.days, source)),
        removals=await read(timeline.removals, source),
        noted=noted,
        pages=await part_of(
            read(queries.pages, after=request.query.get("after"), source=source, noted=noted),
        ),
    )


@routes.get("/outlets")
@needs_session
async def outlets(request: web.Request) -> web.StreamResponse:
    """All outlets with their tallies, in an order of choice."""
    order = request.query.get("order", "undisclosed")
    if order not in queries.ORDERS:
        raise BadField(f"'order' must be one of {', '.join(queries.ORDERS)}.")
    read, source = request.app[HISTORY].read, source_of(request)
    after = request.query.get("after")
    part = await part_of(read(queries.outlets, after, source, order))
    return await show(request, "outlets.html", outlets=part, order=order, first=after is None)


@routes.get("/outlets/{domain}")
@needs_session
async def outlet(request: web.Request) -> web.StreamResponse:
    """One outlet: its tally over time, families, bylines, removals and pages."""
    read, source, domain = request.app[HISTORY].read, source_of(request), request.match_info["domain"]
    tally = await read(queries.tally_of, domain, source)
    if not tally.pages:
        raise NotFound(f"No page of {domain} was recorded.")
    noted = request.query.get("show") == "notes"
    return await show(
        request,
        "outlet.html",
        outlet=tally,
        plot=plots.timeline(await read(timeline.months, domain, source)),
        families=await read(timeline.families, domain, source),
        bylines=await read(timeline.bylines, domain, source),
        removals=await read(timeline.removals, source, domain),
        sites=await read(aliases.sites_of, domain),
        noted=noted,
        pages=await part_of(read(queries.pages, domain, request.query.get("after"), source, noted)),
    )


@routes.get("/pages/{page_id:[0-9]{1,18}}")
@needs_session
async def page(request: web.Request) -> web.StreamResponse:
    """One page: its notes in context, and how they changed from one sight to the next."""
    found = await request.app[HISTORY].read(queries.page, int(request.match_info["page_id"]))
    if found is None:
        raise NotFound("No such page is recorded.")
    return await show(request, "page.html", page=found, changes=changes(found["revisions"]), source=found["source"])


@routes.get("/network")
@needs_session
async def what_recurs(request: web.Request) -> web.StreamResponse:
    """Words and bylines that recur across outlets."""
    read, source = request.app[HISTORY].read, source_of(request)
    wordings, bylines = await read(network.shared_wordings, source), await read(network.shared_bylines, source)
    plot = plot_of([*wordings, *bylines])
    return await show(request, "network.html", wordings=wordings, bylines=bylines, plot=plot, **LIMITS)


@routes.get("/figures")
@needs_session
async def figures(request: web.Request) -> web.StreamResponse:
    """How to read the figures."""
    return await show(request, "figures.html")

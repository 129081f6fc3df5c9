"""What a person changes in the history: how long it is kept, what is deleted, which sites are one outlet."""

from __future__ import annotations

from functools import partial

from aiohttp import web

from ..history import aliases, erasure, queries, retention
from ..history.aliases import AliasError
from ..history.retention import MOST_DAYS, Retention
from ..keys import HISTORY
from ..outlets import AddressError, address_of
from ..problems import BadField, NotFound
from ..retention import purge
from .links import link
from .session import needs_session, show, source_of

routes = web.RouteTableDef()
DONE = {"kept": "The choice is kept.", "deleted": "Deleted, and erased from the files."}


@routes.get("/settings")
@needs_session
async def settings(request: web.Request) -> web.StreamResponse:
    """How long pages are kept, imported histories, and deleting all."""
    read = request.app[HISTORY].read
    return await show(
        request,
        "settings.html",
        retention=await read(retention.retention),
        total=await read(queries.page_count),
        done=DONE.get(request.query.get("done", ""), ""),
        most_days=MOST_DAYS,
    )


@routes.post("/settings/retention")
@needs_session
async def choose_retention(request: web.Request) -> web.StreamResponse:
    """Keep the choice, and delete at once what it says is too old."""
    form = await request.post()
    days = str(form.get("days", ""))
    if not (days.isascii() and days.isdigit() and len(days) < 10 and int(days) <= MOST_DAYS):
        raise BadField(f"The days must be a number from 0, for ever, to {MOST_DAYS}.")
    await request.app[HISTORY].write(retention.choose, Retention(int(days), "noted" in form))
    await purge(request.app)
    return _back("/settings?done=kept")


@routes.post("/settings/delete")
@needs_session
async def delete_all(request: web.Request) -> web.StreamResponse:
    """Delete everything, if the box was ticked."""
    if "sure" not in await request.post():
        raise BadField("Tick the box to say that everything is to be deleted.")
    await request.app[HISTORY].delete(erasure.delete_all)
    return _back("/settings?done=deleted")


@routes.post("/sources/{source:[0-9]{1,9}}/delete")
@needs_session
async def delete_source(request: web.Request) -> web.StreamResponse:
    """Delete an imported history."""
    source = int(request.match_info["source"])
    await request.app[HISTORY].delete(partial(erasure.delete_source, source=source))
    return _back("/settings?done=deleted")


@routes.post("/pages/{page_id:[0-9]{1,18}}/delete")
@needs_session
async def delete_page(request: web.Request) -> web.StreamResponse:
    """Delete a page, then show what is left of its outlet."""
    page_id = int(request.match_info["page_id"])
    page = await request.app[HISTORY].read(queries.page, page_id)
    if page is None:
        raise NotFound("No such page is recorded.")
    await request.app[HISTORY].delete(partial(erasure.delete_page, page_id=page_id))
    left = await request.app[HISTORY].read(queries.tally_of, page["outlet"], page["source"])
    return _back(link(f"/outlets/{page['outlet']}" if left.pages else "/outlets", page["source"]))


@routes.post("/outlets/{domain}/delete")
@needs_session
async def delete_outlet(request: web.Request) -> web.StreamResponse:
    """Delete all pages of an outlet."""
    domain, source = request.match_info["domain"], source_of(request)
    await request.app[HISTORY].delete(partial(erasure.delete_outlet, domain=domain, source=source))
    return _back(link("/outlets", source))


@routes.post("/outlets/{domain}/join")
@needs_session
async def join(request: web.Request) -> web.StreamResponse:
    """Count another site's pages to this outlet."""
    domain = request.match_info["domain"]
    try:
        site = address_of(f"https://{str((await request.post()).get('site', '')).strip()}/").outlet
        await request.app[HISTORY].write(aliases.join, site, domain)
    except (AddressError, AliasError) as error:
        raise BadField(str(error)) from None
    return _back(f"/outlets/{domain}")


@routes.post("/outlets/{domain}/split")
@needs_session
async def split(request: web.Request) -> web.StreamResponse:
    """Let a joined site be an outlet of its own again."""
    site = str((await request.post()).get("site", ""))
    await request.app[HISTORY].write(aliases.split, site)
    return _back(f"/outlets/{request.match_info['domain']}")


def _back(path: str) -> web.Response:
    return web.Response(status=303, headers={"Location": path})

"""The review queue: a person confirms or dismisses notes, and can take it back. Forms that work without scripts."""

from __future__ import annotations

from aiohttp import web

from ..history import review
from ..history.decisions import Decision, NoSuchNote
from ..keys import CLOCK, HISTORY
from ..problems import BadField, NotFound
from ..protocol import is_local
from ..times import iso
from .session import needs_session, part_of, show

routes = web.RouteTableDef()
LISTS = ("standing", "possible", "decided")


@routes.get("/review")
@needs_session
async def queue(request: web.Request) -> web.StreamResponse:
    """Notes to decide about, or those decided about."""
    read, shown, after = request.app[HISTORY].read, request.query.get("show", LISTS[0]), request.query.get("after")
    if shown not in LISTS:
        raise BadField(f"'show' must be one of {', '.join(LISTS)}.")
    listing = read(review.decided, after) if shown == "decided" else read(review.queue, shown == "standing", after)
    done = request.query.get("done", "")
    return await show(
        request,
        "review.html",
        shown=shown,
        notes=await part_of(listing),
        waiting={"standing": await read(review.waiting, True), "possible": await read(review.waiting, False)},
        done=await read(review.note, int(done)) if done.isascii() and done.isdigit() and len(done) < 19 else None,
    )


@routes.post("/notes/{note_id:[0-9]{1,18}}/decision")
@needs_session
async def decide(request: web.Request) -> web.StreamResponse:
    """Keep a decision, then go back to where the form was."""
    form = await request.post()
    decision, back = form.get("decision"), form.get("back")
    if decision not in list(Decision):
        raise BadField(f"'decision' must be one of {', '.join(Decision)}.")
    if not isinstance(back, str) or not is_local(back):
        raise BadField("'back' must be a path of the history.")
    note_id, at = int(request.match_info["note_id"]), iso(request.app[CLOCK]())
    try:
        await request.app[HISTORY].write(review.decide_note, note_id, Decision(str(decision)), at)
    except NoSuchNote as error:
        raise NotFound(str(error)) from None
    return web.Response(status=303, headers={"Location": back})

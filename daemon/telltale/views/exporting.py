"""The history, or what a search chooses of it, as a file to keep: streamed, never held as a whole."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web

from ..history import HistoryError
from ..history.export import pages, sqlite
from ..history.export.text import FORMATS
from ..history.finding import Search, SearchError, expression
from ..history.rows import Row
from ..keys import CLOCK, HISTORY, SETTINGS
from ..problems import BadField
from ..protocol import parse_search
from ..times import iso
from .session import needs_session, source_of

routes = web.RouteTableDef()
SQLITE = "sqlite"
NAMES = {**{name: name for name in FORMATS}, SQLITE: "db"}  # what is asked for, and how its file's name ends
_IN_WORK = "export-in-work-"  # how the name of a folder with an unfinished file begins
PIECE = 256 * 1024  # bytes of a finished file that are sent at once


@routes.get("/export", allow_head=False)
@needs_session
async def export(request: web.Request) -> web.StreamResponse:
    """The pages of a search, which may be all, as CSV, JSON, NDJSON or SQLite."""
    wanted, name = parse_search(request.query, source_of(request)), request.query.get("format", "")
    if name not in NAMES:
        raise BadField(f"'format' must be one of {', '.join(NAMES)}.")
    try:
        expression(wanted)
    except SearchError as error:
        raise BadField(str(error)) from None
    return await (_send_file(request, wanted) if name == SQLITE else _send_text(request, wanted, name))


async def _send_text(request: web.Request, wanted: Search, name: str) -> web.StreamResponse:
    form, batches = FORMATS[name](), _batches(request, wanted)
    first = await anext(batches)  # what cannot be read must be told before an answer has begun
    answer = _attachment(request, f"{form.media_type}; charset=utf-8", NAMES[name])
    await answer.prepare(request)
    await answer.write((form.head() + form.write(first)).encode())
    async for batch in batches:
        await answer.write(form.write(batch).encode())
    await answer.write(form.tail().encode())
    return answer


async def _batches(request: web.Request, wanted: Search) -> AsyncIterator[list[Row]]:
    batch: list[Row] = await request.app[HISTORY].read(pages.batch, wanted)
    yield batch
    while batch:
        batch = await request.app[HISTORY].read(pages.batch, wanted, batch[-1]["page_id"])
        yield batch


async def _send_file(request: web.Request, wanted: Search) -> web.StreamResponse:
    database = request.app[SETTINGS].database
    with TemporaryDirectory(prefix=_IN_WORK, dir=database.parent) as folder:
        path = Path(folder) / "history.db"
        await _written(database, path, wanted)
        answer = _attachment(request, "application/vnd.sqlite3", NAMES[SQLITE])
        answer.content_length = path.stat().st_size
        await answer.prepare(request)
        with path.open("rb") as file:
            for piece in iter(partial(file.read, PIECE), b""):
                await answer.write(piece)
    return answer


def clear_unfinished(folder: Path) -> None:
    """Delete what exports of a daemon that was killed left behind: it would outlive the deletion of the history."""
    for left in folder.glob(f"{_IN_WORK}*"):
        shutil.rmtree(left, ignore_errors=True)


async def _written(database: Path, path: Path, wanted: Search) -> None:
    """Beside the thread that reads: the history's own pages do not wait for a long export.

    Who cancels it waits for the thread, which cannot be stopped: its folder must not go while it writes there.
    """
    writing = asyncio.create_task(asyncio.to_thread(sqlite.write, database, path, wanted))
    try:
        await asyncio.shield(writing)
    except asyncio.CancelledError:
        await asyncio.wait([writing])
        raise
    except (OSError, sqlite3.Error) as error:
        raise HistoryError(f"The export cannot be written: {error}.") from error


def _attachment(request: web.Request, media_type: str, ending: str) -> web.StreamResponse:
    name = f"telltale-{iso(request.app[CLOCK]())[:10]}.{ending}"
    return web.StreamResponse(
        headers={"Content-Type": media_type, "Content-Disposition": f'attachment; filename="{name}"'}
    )

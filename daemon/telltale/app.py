"""The only place where the parts of the daemon are put together, and where it listens."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import suppress
from typing import Any

from aiohttp import web

from . import api
from .access_log import AccessLogger, server_log
from .answers import answer_problems
from .auth import Sessions, Tries
from .connections import SILENCE, accept
from .engine import Engine, PageReader, ReaderFactory
from .guard import add_headers, guard
from .history.aside import open_or_begin
from .history.lock import hold
from .keys import CLOCK, ENGINE, HISTORY, SESSIONS, SETTINGS, TRIES
from .listening import StartError, listen
from .retention import keep_retention
from .settings import Settings
from .times import Clock
from .views.exporting import clear_unfinished
from .views.setup import setup as setup_views

log = logging.getLogger(__name__)


def init_app(
    settings: Settings,
    reader_factory: ReaderFactory,
    clock: Clock = time.time,
    steady: Clock = time.monotonic,
) -> web.Application:
    """The whole daemon as an aiohttp application. Its startup raises HistoryError when the history cannot be opened.

    `clock` dates what is kept; `steady`, which nobody can set back, measures how long.
    """
    app = web.Application(middlewares=[answer_problems, guard], client_max_size=settings.body_bytes)
    app[SETTINGS], app[CLOCK] = settings, clock
    app[ENGINE] = Engine(reader_factory, settings.queue)
    app[SESSIONS] = Sessions(steady, settings.session_seconds)
    app[TRIES] = Tries(settings.pair_tries, steady)
    app.on_response_prepare.append(add_headers)
    app.add_routes(api.routes)
    setup_views(app)
    app.cleanup_ctx.append(_working)
    # Before the connections are waited for: the pages that wait are refused, so that nobody waits for them.
    app.on_shutdown.append(_stop_engine)
    return app


async def _working(app: web.Application) -> AsyncIterator[None]:
    lock = hold(app[SETTINGS].database)
    try:
        clear_unfinished(app[SETTINGS].data_dir)
        app[HISTORY] = open_or_begin(app[SETTINGS].database)
        app[ENGINE].start()
        keeping = asyncio.create_task(keep_retention(app), name="retention")
        yield
        keeping.cancel()
        await asyncio.wait([keeping])
        await asyncio.to_thread(app[HISTORY].close)
    finally:
        lock.release()


async def _stop_engine(app: web.Application) -> None:
    await app[ENGINE].close(app[SETTINGS].stop_seconds)


def real_reader(settings: Settings) -> ReaderFactory:
    """The factory of the reader with the shipped model; torch is imported in the thread that calls it."""

    def load() -> PageReader:
        from .reader import Reader

        return Reader.load(settings.models_dir)

    return load


def run(
    settings: Settings, reader_factory: ReaderFactory | None = None, listening: Callable[[int], None] | None = None
) -> bool:
    """Serve until SIGINT or SIGTERM; blocking. True when a page was still in work at the end.

    `listening` is called in a thread of its own, with the port, once the daemon can be asked.

    Raises StartError or history.HistoryError with one sentence.
    """
    sockets = listen(settings.port)
    try:
        return asyncio.run(_serve(init_app(settings, reader_factory or real_reader(settings)), sockets, listening))
    finally:
        for sock in sockets:
            sock.close()


async def _serve(
    app: web.Application, sockets: list[socket.socket], listening: Callable[[int], None] | None = None
) -> bool:
    # handler_cancellation: the page of a closed tab must not be read.
    runner = web.AppRunner(
        app,
        handler_cancellation=True,
        access_log_class=AccessLogger,
        logger=server_log,
        shutdown_timeout=5.0,
        keepalive_timeout=SILENCE,
    )
    engine, stop = app[ENGINE], _stop_signal()
    servers: list[asyncio.Server] = []
    try:
        await runner.setup()
        servers += [await accept(runner, sock, app[SETTINGS].connections) for sock in sockets]
        port = sockets[0].getsockname()[1]
        log.info("Telltale listens on http://127.0.0.1:%d.", port)
        if listening:
            await asyncio.to_thread(listening, port)
        await _first_of(stop.wait(), engine.ended())
    finally:
        for server in servers:
            server.close()
        await runner.cleanup()
    if engine.failed:
        raise StartError(f"The model cannot be loaded: {engine.failed}") from engine.failed
    return engine.stuck


def _stop_signal() -> asyncio.Event:
    """Set by SIGINT and SIGTERM, from now on: whoever reads that it listens may stop it."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl-C arrives as KeyboardInterrupt
            loop.add_signal_handler(signum, stop.set)
    return stop


async def _first_of(*waits: Coroutine[Any, Any, object]) -> None:
    ends = [asyncio.create_task(wait) for wait in waits]
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    for task in ends:
        task.cancel()

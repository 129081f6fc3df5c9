"""The queue in front of the reader. One thread loads the model and reads pages; the event loop only waits."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from asyncio import CancelledError, Future, LifoQueue
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic
from typing import Protocol

from .domain import Page, Reading
from .problems import Busy, Loading, NoModel, Stopping

log = logging.getLogger(__name__)

NICENESS = 5  # of 19: behind the browser, before batch jobs


class PageReader(Protocol):
    """What the engine needs of a reader; `read` is blocking and is only called from the engine's thread.

    The engine sets `wanted` before each page: while it says no, `read` may raise whatever it likes instead of going on.
    """

    wanted: Callable[[], bool]

    @property
    def model(self) -> str: ...

    @property
    def speed(self) -> str:
        """How it computes: the precision and the number of threads that were chosen at start."""

    def read(self, page: Page) -> Reading: ...


ReaderFactory = Callable[[], PageReader]
_Job = tuple[Page, "Future[Reading]"]


class Engine:
    """Reads pages one at a time, the newest first: it is the one a person looks at, while restored tabs can wait.

    Started and closed on the event loop that uses it.
    """

    def __init__(self, factory: ReaderFactory, limit: int) -> None:
        """`factory` loads the reader (seconds, in the engine's thread); `limit` is how many pages may wait."""
        self.limit = limit
        self.failed: Exception | None = None  # why the reader could not be loaded
        self.stuck = False  # whether a page was still in work when the engine closed
        self._factory = factory
        self._reader: PageReader | None = None
        self._jobs: LifoQueue[_Job] = LifoQueue(limit)
        self._thread = ThreadPoolExecutor(1, "engine", initializer=_give_way)
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self._places = 0  # pages that are on their way, in the queue or in work
        self._pace = 0.1  # seconds a page, a running mean

    @property
    def model(self) -> str | None:
        """The model's name, once it is loaded."""
        return self._reader.model if self._reader else None

    @property
    def speed(self) -> str | None:
        """How the reader computes, once it is loaded."""
        return self._reader.speed if self._reader else None

    @property
    def waiting(self) -> int:
        """How many pages wait, without the one in work."""
        return self._jobs.qsize()

    def start(self) -> None:
        """Begin to load the reader, then to work."""
        self._task = asyncio.create_task(self._work(), name="engine")

    async def ended(self) -> None:
        """Wait until the engine stops working: it was closed, or loading `failed`."""
        if self._task:
            await asyncio.wait([self._task])

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place for a page that is still to arrive. Raises Loading, NoModel, Busy or Stopping.

        So many bodies are in memory at once, and no more: as many as may wait, and the one in work.
        """
        self._admit(self._places > self.limit)
        self._places += 1
        try:
            yield
        finally:
            self._places -= 1

    async def read(self, page: Page) -> Reading:
        """The reading of a page. Raises Loading, NoModel, Busy or Stopping; a cancelled wait drops the page."""
        self._admit(self._jobs.full())
        done: Future[Reading] = asyncio.get_running_loop().create_future()
        self._jobs.put_nowait((page, done))
        return await done

    def _admit(self, full: bool) -> None:
        if self._stopping:
            raise Stopping("Telltale is stopping; ask again when it runs.")
        if self.failed:
            raise NoModel(str(self.failed))
        if self._reader is None:
            raise Loading("The model is still loading; ask again in a second.", 1)
        if full:
            raise Busy(f"{self.limit} pages wait to be read already; ask again later.", self.limit * self._pace)

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            self._reader = await loop.run_in_executor(self._thread, self._factory)
        except Exception as error:
            self.failed = error
            return
        while True:
            page, done = await self._jobs.get()
            if not done.done():  # else its client has gone
                await self._read(page, done)

    async def _read(self, page: Page, done: Future[Reading]) -> None:
        assert self._reader
        began = monotonic()
        self._reader.wanted = lambda: not done.done()
        try:
            reading = await asyncio.get_running_loop().run_in_executor(self._thread, self._reader.read, page)
        except CancelledError:
            _settle(done, _stopped())
            raise
        except Exception as error:
            _settle(done, error)
        else:
            _settle(done, reading)
            self._pace += 0.2 * (monotonic() - began - self._pace)

    async def close(self, patience: float) -> None:
        """Refuse what waits, then wait `patience` seconds for the page in work, or for the model being loaded."""
        if self._stopping:
            return
        self._stopping = True
        while not self._jobs.empty():
            _settle(self._jobs.get_nowait()[1], _stopped())
        idle = self._thread.submit(lambda: None)  # runs after what is in work
        ended, _ = await asyncio.wait([asyncio.wrap_future(idle)], timeout=patience)
        self.stuck = not ended
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
        self._thread.shutdown(wait=False, cancel_futures=True)


def _give_way() -> None:
    """Let the browser's threads go first; torch's own threads take this over from the one that starts them (Linux only)."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


def _stopped() -> Stopping:
    return Stopping("Telltale is stopping; the page was not read.")


def _settle(done: Future[Reading], result: Reading | Exception) -> None:
    if done.done():
        return
    if isinstance(result, Exception):
        done.set_exception(result)
    else:
        done.set_result(result)

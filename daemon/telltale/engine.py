"""The queue in front of the reader. One thread loads the model and reads pages; the event loop only waits."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from asyncio import CancelledError, Future
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from time import monotonic
from typing import Protocol

from .domain import Page, Reading
from .problems import Busy, Loading, NoModel, Stopping

log = logging.getLogger(__name__)

NICENESS = 5  # of 19: behind the browser, before batch jobs
BELOW_NORMAL, IDLE = 0x4000, 0x40  # the same on Windows, and the one class below it

REST_AFTER = 10.0  # seconds without a page; the memory kept for the next one saves it a third of its time
LONGEST_WAIT = 60.0  # seconds that a refused client is asked to wait, at most


class PageReader(Protocol):
    """What the engine needs of a reader."""

    @property
    def model(self) -> str: ...

    @property
    def speed(self) -> str:
        """How it computes: the precision and the number of threads that were chosen at start."""

    def steps(self, page: Page) -> Iterator[Reading | None]:
        """Read a page, step by step; the last gives the reading. Blocking, and only gone on with in the engine's thread, which may
        never ask for the last step."""

    def rest(self) -> None:
        """Give back what is kept for the next page: none has come for a while."""


ReaderFactory = Callable[[], PageReader]


@dataclass(eq=False, slots=True)
class _Job:
    """A page to be read; of a long one some `steps` may be done."""

    number: int
    page: Page
    hidden: bool
    done: Future[Reading]
    steps: Iterator[Reading | None] | None = None
    seconds: float = 0.0


class Engine:
    """Reads pages one at a time, the newest that is on a screen first: it is the one a person looks at, while restored tabs can
    wait. A page that comes while a long one is read goes first after its next step.

    Started and closed on the event loop that uses it.
    """

    def __init__(self, factory: ReaderFactory, limit: int) -> None:
        """`factory` loads the reader (seconds, in the engine's thread); `limit` is how many pages may wait."""
        self.limit = limit
        self.failed: Exception | None = None  # why the reader could not be loaded
        self.stuck = False  # whether a page was still in work when the engine closed
        self._factory = factory
        self._reader: PageReader | None = None
        self._jobs: list[_Job] = []  # without the one in work
        self._come = asyncio.Event()  # whether there are jobs
        self._numbers = count()
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
        return len(self._jobs)

    def start(self) -> None:
        """Begin to load the reader, then to work."""
        self._task = asyncio.create_task(self._work(), name="engine")

    async def ended(self) -> None:
        """Wait until the engine stops working: it was closed, or loading `failed`."""
        if self._task:
            await asyncio.wait([self._task])

    @contextmanager
    def place(self, *, hidden: bool = False) -> Iterator[None]:
        """Hold a place for a page that is still to arrive. Raises Loading, NoModel, Busy or Stopping.

        So many bodies are in memory at once, and no more: as many as may wait, and the one in work.
        """
        self._admit(self._places > self.limit, hidden)
        self._places += 1
        try:
            yield
        finally:
            self._places -= 1

    async def read(self, page: Page, *, hidden: bool = False) -> Reading:
        """The reading of a page, which nobody looks at while it is `hidden`. Raises Loading, NoModel, Busy or Stopping; a cancelled
        wait drops the page."""
        self._admit(len(self._jobs) >= self.limit, hidden)
        job = _Job(next(self._numbers), page, hidden, asyncio.get_running_loop().create_future())
        self._wait(job)
        try:
            return await job.done
        finally:
            if job in self._jobs:
                self._jobs.remove(job)

    def _admit(self, full: bool, hidden: bool) -> None:
        if self._stopping:
            raise Stopping("Telltale is stopping; ask again when it runs.")
        if self.failed:
            raise NoModel(str(self.failed))
        if self._reader is None:
            raise Loading("The model is still loading; ask again in a second.", 1)
        if full and (hidden or not self._give_up_hidden()):
            raise self._busy()

    def _give_up_hidden(self) -> bool:
        """Refuse the hidden page that has waited longest, so that one on a screen finds room; False where none waits."""
        job = min((job for job in self._jobs if job.hidden), key=lambda job: job.number, default=None)
        if job:
            self._jobs.remove(job)
            _settle(job.done, self._busy())
        return job is not None

    def _busy(self) -> Busy:
        wait = min(self.limit * self._pace, LONGEST_WAIT)
        return Busy(f"{self.limit} pages wait to be read already; ask again later.", wait)

    def _wait(self, job: _Job) -> None:
        self._jobs.append(job)
        self._come.set()

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            self._reader = await loop.run_in_executor(self._thread, self._factory)
        except Exception as error:
            self.failed = error
            return
        while True:
            while not self._jobs:
                await self._idle()
            job = max(self._jobs, key=lambda job: (not job.hidden, job.number))
            self._jobs.remove(job)
            await self._go_on(job)

    async def _idle(self) -> None:
        """Wait for a page; the reader rests if none comes soon."""
        assert self._reader
        self._come.clear()
        try:
            await asyncio.wait_for(self._come.wait(), REST_AFTER)
        except TimeoutError:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._reader.rest)
            await self._come.wait()

    async def _go_on(self, job: _Job) -> None:
        """One step of a page; it waits again where that was not the last."""
        began = monotonic()
        try:
            reading = await asyncio.get_running_loop().run_in_executor(self._thread, self._step, job)
        except CancelledError:
            _settle(job.done, _stopped())
            raise
        except Exception as error:
            _settle(job.done, error)
            return
        job.seconds += monotonic() - began
        if reading:
            _settle(job.done, reading)
            self._pace += 0.2 * (job.seconds - self._pace)
        elif self._stopping:
            _settle(job.done, _stopped())
        elif not job.done.done():  # else its client has gone
            self._wait(job)

    def _step(self, job: _Job) -> Reading | None:
        assert self._reader
        job.steps = job.steps or self._reader.steps(job.page)
        return next(job.steps)

    async def close(self, patience: float) -> None:
        """Refuse what waits, then wait `patience` seconds for the page in work, or for the model being loaded."""
        if self._stopping:
            return
        self._stopping = True
        for job in self._jobs:
            _settle(job.done, _stopped())
        self._jobs.clear()
        idle = self._thread.submit(lambda: None)  # runs after what is in work
        ended, _ = await asyncio.wait([asyncio.wrap_future(idle)], timeout=patience)
        self.stuck = not ended
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
        self._thread.shutdown(wait=False, cancel_futures=True)


def _give_way() -> None:
    """Let the browser's threads go first. On Linux torch's own threads take this over from the one that starts them; elsewhere
    they do not, or no thread has a niceness of its own, so the whole process gives way."""
    if sys.platform == "win32":
        import ctypes

        windows, this = ctypes.windll.kernel32, ctypes.c_void_p(-1)
        if windows.GetPriorityClass(this) != IDLE:
            windows.SetPriorityClass(this, BELOW_NORMAL)
    else:
        who = threading.get_native_id() if sys.platform == "linux" else 0
        # Whoever started Telltale with more may not be allowed to take some of it back.
        os.setpriority(os.PRIO_PROCESS, who, max(NICENESS, os.getpriority(os.PRIO_PROCESS, who)))


def _stopped() -> Stopping:
    return Stopping("Telltale is stopping; the page was not read.")


def _settle(done: Future[Reading], result: Reading | Exception) -> None:
    if done.done():
        return
    if isinstance(result, Exception):
        done.set_exception(result)
    else:
        done.set_result(result)

"""Ten times more pages than can be read."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count

import aiohttp

from .daemon import Daemon, files_are_private
from .pages import page
from .plan import Outcome, Plan, outcome
from .soundness import lost, unsound

TIMES = 10
PROBES = 20  # pages, one after the other, before and after
STAND_IN_MS = 25  # a page of the stand-in takes
SENTENCES = 40
MOST_MB = 150  # that memory may grow: 33 pages in memory, the caches of windows and of SQLite


@dataclass(slots=True)
class Tally:
    """What came back while there was too much."""

    statuses: Counter[int] = field(default_factory=Counter)
    acknowledged: set[str] = field(default_factory=set)
    failed: Counter[str] = field(default_factory=Counter)
    without_retry: int = 0


def overload(plan: Plan) -> Outcome:
    """Send pages at ten times the pace at which they were read one by one, and look again when it is over."""
    data, seconds = plan.folder / "data", plan.either(3, 60)
    with Daemon(data, plan.models, ms=0 if plan.models else STAND_IN_MS) as daemon:
        daemon.pair().ready()
        numbers = count()
        before = _probe(daemon, numbers)
        rest = daemon.memory()
        pace = TIMES / before
        tally = asyncio.run(_flood(daemon, numbers, pace, seconds))
        after = _probe(daemon, numbers)
        grown = daemon.memory("VmHWM") - rest
        runs = daemon.process.poll() is None
    missing, faults = lost(data / "history.db", tally.acknowledged), unsound(data / "history.db")
    return outcome(
        f"{sum(tally.statuses.values()):,} pages in {seconds} s ({pace:.0f} a second): {tally.statuses[200]:,} read, "
        f"{tally.statuses[503]:,} told to come again; a page took {before * 1000:.0f} ms before, {after * 1000:.0f} ms "
        f"after; memory {rest:.0f} MB, at most {grown:.0f} more; {len(missing)} acknowledged pages lost",
        no_crash=runs,
        only_200_and_503=set(tally.statuses) == {200, 503} and not tally.failed,
        every_503_has_retry_after=tally.without_retry == 0,
        memory_bounded=grown < MOST_MB,
        latency_recovers=after < 2 * before + 0.02,
        nothing_lost=not missing,
        database_intact=not faults and files_are_private(data),
    )


def _probe(daemon: Daemon, numbers: count[int]) -> float:
    """The median seconds of a page when nobody else asks."""
    times = []
    for _ in range(PROBES):
        body = page(next(numbers), SENTENCES)
        begun = time.monotonic()
        assert daemon.send(body)[0] == 200
        times.append(time.monotonic() - begun)
    return statistics.median(times)


async def _flood(daemon: Daemon, numbers: count[int], pace: float, seconds: float) -> Tally:
    """Send `pace` pages a second, whether or not the earlier ones were answered."""
    tally = Tally()
    # As many connections as the daemon lets in; a browser has fewer.
    connector = aiohttp.TCPConnector(limit=200)
    base = f"http://127.0.0.1:{daemon.port}"
    async with aiohttp.ClientSession(base, headers=daemon.headers, connector=connector) as session:

        async def send() -> None:
            body = page(next(numbers), SENTENCES)
            try:
                async with session.post("/v1/pages", json=body) as answer:
                    tally.statuses[answer.status] += 1
                    tally.without_retry += answer.status == 503 and int(answer.headers.get("Retry-After", 0)) < 1
                    if answer.status == 200:
                        tally.acknowledged.add(body["url"])
            except aiohttp.ClientError as error:
                tally.failed[type(error).__name__] += 1

        await _at_a_pace(send, pace, seconds)
    return tally


async def _at_a_pace(send: Callable[[], Awaitable[None]], pace: float, seconds: float) -> None:
    """Start `pace` tasks a second, in batches as the clock demands them; wait for all in the end."""
    begun = time.monotonic()
    started = 0
    async with asyncio.TaskGroup() as group:
        while (passed := time.monotonic() - begun) < seconds:
            while started < passed * pace:
                group.create_task(send())
                started += 1
            await asyncio.sleep(0.01)

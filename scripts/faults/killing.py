"""kill -9 while pages are written: nothing that was acknowledged may be lost."""

from __future__ import annotations

import asyncio
from itertools import count

import aiohttp

from .daemon import Daemon, files_are_private
from .pages import page
from .plan import Outcome, Plan, outcome
from .soundness import lost, unsound

WRITERS = 8  # at once, so that some pages are always under way when the daemon is killed


def kill(plan: Plan) -> Outcome:
    """Kill the daemon again and again, each time when so many more pages were acknowledged."""
    wanted, kills = plan.either(60, 1000), plan.either(2, 10)
    data = plan.folder / "data"
    acknowledged: set[str] = set()
    sent, token = count(), ""
    for turn in range(1, kills + 1):
        with Daemon(data, plan.models) as daemon:
            daemon.token = token
            token = token or daemon.pair().token
            daemon.ready()
            asyncio.run(_write(daemon, acknowledged, wanted * turn // kills, sent))
    database = data / "history.db"
    missing, faults = lost(database, acknowledged), unsound(database)
    return outcome(
        f"{len(acknowledged):,} pages acknowledged, {len(missing)} lost; {kills} kills with {WRITERS} writers, "
        f"{next(sent) - len(acknowledged)} pages under way at a kill; database {'; '.join(faults) or 'intact'}",
        nothing_lost=not missing,
        enough_acknowledged=len(acknowledged) >= wanted,
        database_intact=not faults,
        files_private=files_are_private(data),
    )


async def _write(daemon: Daemon, acknowledged: set[str], until: int, sent: count[int]) -> None:
    """Write from all sides, and kill the daemon the moment that enough is acknowledged."""
    async with aiohttp.ClientSession(f"http://127.0.0.1:{daemon.port}", headers=daemon.headers) as session:

        async def write() -> None:
            while len(acknowledged) < until:
                body = page(next(sent))
                try:
                    async with session.post("/v1/pages", json=body) as answer:
                        assert answer.status in (200, 503), await answer.text()
                        if answer.status == 200:
                            acknowledged.add(body["url"])
                        await answer.read()
                except aiohttp.ClientError:
                    return  # it was killed meanwhile
            daemon.process.kill()

        await asyncio.gather(*(write() for _ in range(WRITERS)))

"""The real daemon over HTTP: start, memory, and many tabs at once, each of which waits for its answer before the next page."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from telltale.domain import Page

from .articles import articles, long_article
from .process import Daemon
from .stages import body_of
from .timing import summary

TABS = (1, 8, 64)
STARTS = 5
HUGE = 300_000  # characters: about the longest text that the extension sends


def measure(pages: int, models: Path) -> dict[str, Any]:
    """Starts, then throughput for each number of tabs on a fresh daemon."""
    return asyncio.run(_measure(pages, models))


async def _measure(pages: int, models: Path) -> dict[str, Any]:
    starts = []
    for _ in range(STARTS):
        async with Daemon(models) as daemon:
            starts.append(round(daemon.seconds_to_ready, 2))
            fresh, speed = daemon.megabytes(), (await daemon.status())["speed"]
    return {
        "speed": speed,
        "seconds_to_ready": {"median": statistics.median(starts), "all": starts},
        "megabytes_when_ready": fresh,
        "tabs": [await _with_tabs(tabs, articles(max(pages, 2 * tabs), seed=tabs), models) for tabs in TABS],
        "megabytes_after_a_huge_page": await _huge(models),
    }


async def _with_tabs(tabs: int, pages: Sequence[Page], models: Path) -> dict[str, Any]:
    async with Daemon(models) as daemon:
        waiting = [body_of(page) for page in reversed(pages)]
        taken: list[float] = []
        refused = 0

        async def tab() -> None:
            nonlocal refused
            while waiting:
                body, began = waiting.pop(), time.perf_counter()
                while (answer := await daemon.read(body))[0] == 503:
                    refused += 1
                    await asyncio.sleep(answer[1])
                if answer[0] != 200:
                    raise SystemExit(f"bench: the daemon answered {answer[0]}: {answer[2]}")
                taken.append(1000 * (time.perf_counter() - began))

        began = time.perf_counter()
        await asyncio.gather(*(tab() for _ in range(tabs)))
        seconds = time.perf_counter() - began
        return {
            "tabs": tabs,
            "pages": len(pages),
            "pages_per_second": round(len(pages) / seconds, 1),
            "refused": refused,
            **summary(taken),
            "megabytes": daemon.megabytes(),
        }


async def _huge(models: Path) -> dict[str, int] | None:
    async with Daemon(models) as daemon:
        await daemon.read(body_of(long_article(HUGE)).replace(b'"url": ""', b'"url": "https://news.example/huge"'))
        return daemon.megabytes()

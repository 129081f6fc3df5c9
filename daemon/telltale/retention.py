"""Once a day, and when the daemon starts: what is older than a person chose to keep is deleted."""

from __future__ import annotations

import asyncio
import logging

from aiohttp import web

from .history import HistoryError, retention
from .history.erasure import erase
from .keys import CLOCK, HISTORY

log = logging.getLogger(__name__)


async def keep_retention(app: web.Application) -> None:
    """Purge now and every day, until cancelled. A failure is logged; the next day may be better."""
    while True:
        try:
            await purge(app)
        except HistoryError as error:
            log.error("%s", error)
        await asyncio.sleep(retention.DAY)


async def purge(app: web.Application) -> int:
    """Delete and erase what is too old; how many pages."""
    deleted = await app[HISTORY].write(retention.purge, app[CLOCK]())
    if deleted:
        await app[HISTORY].maintain(erase)
        log.info("%d old pages were deleted, as was chosen.", deleted)
    return deleted

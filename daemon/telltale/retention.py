"""Once a day, and when the daemon starts: what is older than a person chose to keep is deleted."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

from aiohttp import web

from .history import HistoryError, retention
from .keys import CLOCK, HISTORY

log = logging.getLogger(__name__)


async def keep_retention(app: web.Application) -> None:
    """Purge now and every day, until cancelled. A failure is logged; the next day may be better."""
    while True:
        try:
            await purge(app)
        except HistoryError as error:
            log.error("%s", error)
        except Exception as error:
            log.error("Old pages cannot be deleted: %s.", type(error).__name__)
            log.debug("In full:", exc_info=error)
        await asyncio.sleep(retention.DAY)


async def purge(app: web.Application) -> int:
    """Delete and erase what is too old; how many pages."""
    deleted = await app[HISTORY].delete(partial(retention.purge, now=app[CLOCK]()), always=False)
    if deleted:
        log.info("%d old pages were deleted, as was chosen.", deleted)
    return deleted

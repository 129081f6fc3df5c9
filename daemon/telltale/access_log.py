"""What is logged of requests: that they came and how they ended, never what they were about."""

from __future__ import annotations

import logging

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger
from aiohttp.http_exceptions import HttpProcessingError

from .keys import PATTERN

server_log = logging.getLogger("telltale.http")


class AccessLogger(AbstractAccessLogger):
    """Logs the method, the route's pattern and the status: no query, ticket, token, outlet or page text."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """Called by aiohttp after each answer; `time` is in seconds."""
        pattern = request.get(PATTERN, "(no route)")
        self.logger.info("%s %s %d %.0f ms", request.method, pattern, response.status, time * 1000)


def note_pattern(request: web.Request) -> None:
    """Keep the pattern of the route for the log, as in `/outlets/{domain}`."""
    resource = request.match_info.route.resource
    if resource is not None:
        request[PATTERN] = resource.canonical


def _without_content(record: logging.LogRecord) -> bool:
    """aiohttp quotes what it could not parse, which may be a line with a token."""
    if record.exc_info and isinstance(record.exc_info[1], HttpProcessingError):
        record.exc_info = None
    return True


server_log.addFilter(_without_content)

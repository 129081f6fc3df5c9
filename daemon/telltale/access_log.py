"""A line a request, without what the request was about."""

from __future__ import annotations

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger


class AccessLogger(AbstractAccessLogger):
    """Logs the method, the route's pattern and the status: no query, ticket, token, outlet or page text."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """Called by aiohttp after each answer; `time` is in seconds."""
        self.logger.info("%s %s %d %.0f ms", request.method, _pattern(request), response.status, time * 1000)


def _pattern(request: web.BaseRequest) -> str:
    route = getattr(request, "match_info", None)
    resource = route.route.resource if route is not None else None
    return resource.canonical if resource is not None else "(no route)"

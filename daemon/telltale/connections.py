"""How many connections are let in at once, and for how long they may say nothing."""

from __future__ import annotations

import asyncio
import socket

from aiohttp import web

SILENCE = 75.0  # seconds that a connection may stay open without a whole request; browsers close theirs after so long
_FULL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Door:
    """Lets `most` connections in at once; one more is told to come again. A browser opens some six to one address.

    Without it whoever opens connections and says nothing would take every file handle, the history's among them.
    """

    def __init__(self, server: web.Server, most: int) -> None:
        self._server, self._most = server, most

    def __call__(self) -> asyncio.Protocol:
        """The protocol of a new connection, as `loop.create_server` asks for it."""
        return self._server() if len(self._server.connections) < self._most else _Full()


class _Full(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(_FULL)
        transport.close()


async def accept(runner: web.AppRunner, sock: socket.socket, most: int) -> asyncio.Server:
    """Serve a runner that was set up on a socket, through a Door."""
    assert runner.server
    return await asyncio.get_running_loop().create_server(Door(runner.server, most), sock=sock)

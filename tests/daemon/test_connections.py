"""Many connections, and those that say nothing."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from telltale.connections import accept
from telltale.listening import listen

MOST = 3


async def hello(_request: web.Request) -> web.Response:
    return web.Response(text="hello")


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """A server that lets few connections in and bears half a second of silence."""
    app = web.Application()
    app.router.add_get("/", hello)
    runner = web.AppRunner(app, keepalive_timeout=0.5)
    await runner.setup()
    sockets = listen(0)
    servers = [await accept(runner, sock, MOST) for sock in sockets]
    yield sockets[0].getsockname()[1]
    for server in servers:
        server.close()
    await runner.cleanup()


async def ask(port: int) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    return answer


async def test_one_connection_too_many_is_told_to_come_again_and_then_let_in(port):
    silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(MOST)]
    refused = await ask(port)
    assert refused.startswith(b"HTTP/1.1 503 ") and b"Retry-After: 5" in refused
    async with asyncio.timeout(10):
        # The server ends those that say nothing, by itself.
        assert [await reader.read() for reader, _ in silent] == [b""] * MOST
    assert (await ask(port)).endswith(b"hello")
    for _, writer in silent:
        writer.close()


async def test_a_request_that_never_ends_is_ended(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    async with asyncio.timeout(10):
        assert not (await reader.read()).startswith(b"HTTP/1.1 200")
    writer.close()


def test_no_other_computer_can_reach_the_sockets():
    sockets = listen(0)
    try:
        assert {sock.getsockname()[0] for sock in sockets} <= {"127.0.0.1", "::1"}
        if socket.has_ipv6 and len(sockets) == 2:
            assert sockets[0].getsockname()[1] == sockets[1].getsockname()[1]
    finally:
        for sock in sockets:
            sock.close()

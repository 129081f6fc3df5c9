"""One shape for every error:

    {"type": "urn:telltale:problem:<slug>", "title": …, "status": <the HTTP status>, "detail": one plain sentence}

sent as application/problem+json, whatever went wrong. People who look at the history get the same as a small page.
"""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import replace
from io import BytesIO

import pytest

PAGE = {"url": "https://news.example/a", "title": "A title", "blocks": [{"text": "Words.", "role": "paragraph"}]}


async def assert_problem(answer, status, slug):
    """The shape, and this status and slug."""
    body = await answer.json(content_type="application/problem+json")
    assert set(body) == {"type", "title", "status", "detail"}
    assert (body["type"], body["status"], answer.status) == (f"urn:telltale:problem:{slug}", status, status)
    assert body["title"] and body["detail"].endswith(".")
    return body["detail"]


async def send(daemon, raw: bytes):
    headers = {**daemon.headers, "Content-Type": "application/json"}
    return await daemon.client.post("/v1/pages", data=raw, headers=headers)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b'{"a": NaN}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": ' + b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
    ],
    ids=range(9),
)
async def test_what_is_no_json_object_is_400(daemon, raw):
    await assert_problem(await send(daemon, raw), 400, "bad-json")


@pytest.mark.parametrize(
    "change",
    [
        {"url": None},
        {"url": 7},
        {"url": ""},
        {"url": "about:blank"},
        {"url": "javascript:alert(1)"},
        {"url": "file:///etc/passwd"},
        {"url": "https://"},
        {"url": "https://news.example:99999/"},
        {"url": "https://[::1/"},
        {"url": "https://news.example/\ud800"},
        {"url": "https://news.example/\0"},
        {"url": "https://news.example/" + "a" * 9000},
        {"title": None},
        {"title": ["A"]},
        {"title": "a" * 10_001},
        {"byline": 1},
        {"published": {}},
        {"lang": "e" * 101},
        {"record": 1},
        {"record": None},
        {"blocks": None},
        {"blocks": {}},
        {"blocks": ["text"]},
        {"blocks": [{}]},
        {"blocks": [{"text": 3}]},
        {"blocks": [{"text": "a", "role": "footer"}]},
        {"blocks": [{"text": "a", "role": []}]},
        {"blocks": [{"text": "a"}] * 5001},
    ],
    ids=lambda change: "-".join(f"{k}={str(v)[:12]!a}" for k, v in change.items()),
)
async def test_a_wrong_field_is_422_and_named(daemon, change):
    answer = await send(daemon, json.dumps({**PAGE, **change}).encode())
    detail = await assert_problem(answer, 422, "bad-field")
    assert next(iter(change)).rstrip("s") in detail.lower()


@pytest.mark.parametrize("name", ["url", "title", "blocks"])
async def test_a_missing_field_is_422_and_named(daemon, name):
    answer = await daemon.post("/v1/pages", {k: v for k, v in PAGE.items() if k != name})
    assert f"'{name}'" in await assert_problem(answer, 422, "bad-field")


@pytest.mark.parametrize("body", [{}, {"code": 1, "name": "x"}, {"code": "A"}, {"code": "A", "name": "n" * 101}])
async def test_a_wrong_pairing_is_422(fresh, body):
    await assert_problem(await fresh.post("/v1/pair", body), 422, "bad-field")


async def test_a_body_too_large_is_413_whether_it_says_so_or_not(daemon):
    headers = {**daemon.headers, "Content-Type": "application/json"}

    async def unannounced():
        for _ in range(6):
            yield b" " * 1024 * 1024

    for data in (BytesIO(b" " * (5 * 1024 * 1024 + 1)), unannounced()):
        await assert_problem(await daemon.client.post("/v1/pages", data=data, headers=headers), 413, "too-large")


async def test_who_has_no_token_can_make_the_daemon_take_in_a_few_kilobytes_only(fresh):
    async def unannounced():
        yield b" " * 5000

    headers = {"Content-Type": "application/json"}
    for data in (b" " * 5000, unannounced()):
        await assert_problem(await fresh.client.post("/v1/pair", data=data, headers=headers), 413, "too-large")
    await assert_problem(await fresh.client.post("/v1/pages", data=b" " * 5000, headers=headers), 401, "no-token")


async def test_a_body_that_does_not_come_is_408(start, settings):
    daemon = await start(settings=replace(settings, body_seconds=0.05))
    reader, writer = await asyncio.open_connection("127.0.0.1", daemon.client.port)
    head = f"POST /v1/pair HTTP/1.1\r\nHost: {daemon.host}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{{"
    writer.write(head.encode())
    assert await reader.readline() == b"HTTP/1.1 408 Request Timeout\r\n"
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize(
    "path", ["/v1/pages?after=x", "/v1/pages?after=2026~x", "/v1/pages?after=2026~99999999999999999999"]
)
async def test_a_cursor_that_no_list_gave_out_is_422(daemon, path):
    await assert_problem(await daemon.get(path), 422, "bad-field")


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/pages/", "/nothing"])
async def test_an_unknown_address_is_404(daemon, path):
    await assert_problem(await daemon.get(path), 404, "not-found")


async def test_a_wrong_method_is_405_and_says_which_is_right(daemon):
    answer = await daemon.client.delete("/v1/outlets", headers=daemon.headers)
    assert "GET" in await assert_problem(answer, 405, "method-not-allowed")
    assert "GET" in answer.headers["Allow"]


async def test_a_fault_of_ours_is_500_without_its_inside_in_the_answer_or_the_log(daemon, caplog):
    def read(page):
        raise RuntimeError("secret inside")

    daemon.reader.steps = read
    for level, logged in ((logging.INFO, False), (logging.DEBUG, True)):
        with caplog.at_level(level, "telltale"):
            answer = await daemon.post("/v1/pages", PAGE)
        assert "secret" not in await assert_problem(answer, 500, "internal")
        assert "A request failed: RuntimeError at test_errors.py:" in caplog.text
        assert ("secret inside" in caplog.text) is logged


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("DefaultCPUAllocator: can't allocate memory: 9 bytes")])
async def test_too_little_memory_for_a_page_is_503_and_the_next_is_read(daemon, error):
    steps = daemon.reader.steps

    def fails(page):
        raise error

    daemon.reader.steps = fails
    answer = await daemon.post("/v1/pages", PAGE)
    assert "memory" in await assert_problem(answer, 503, "no-memory")
    assert answer.headers["Retry-After"] == "30"
    daemon.reader.steps = steps
    assert (await daemon.post("/v1/pages", PAGE)).status == 200


async def test_a_full_disk_is_507_and_nothing_of_the_page_is_kept(daemon):
    await daemon.history.write(lambda db: db.execute("PRAGMA max_page_count = 1"))  # no larger than it is now
    large = {**PAGE, "blocks": [{"text": "Here is the rewritten article."}] * 5000}
    detail = await assert_problem(await daemon.post("/v1/pages", large), 507, "history-failed")
    assert "disk is full" in detail
    assert (await (await daemon.get("/v1/status")).json())["history"] == {"pages": 0}
    await daemon.history.write(lambda db: db.execute("PRAGMA max_page_count = 1000000"))
    assert (await daemon.post("/v1/pages", large)).status == 200


async def test_a_person_gets_a_page_instead(daemon):
    answer = await daemon.client.get("/nothing", headers={"Accept": "text/html"})
    assert (answer.status, answer.content_type) == (404, "text/html")
    assert "There is nothing at this address." in await answer.text()

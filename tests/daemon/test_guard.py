"""Who is let in: DNS rebinding, foreign pages, forms, odd paths, tokens."""

from __future__ import annotations

import asyncio

import pytest
from telltale.guard import HEADERS

PAGE = {"url": "https://news.example/a", "title": "A title", "blocks": []}
OTHER_EXTENSION = "moz-extension://00000000-0000-0000-0000-000000000000"


async def slug(answer) -> tuple[int, str]:
    body = await answer.json(content_type="application/problem+json")
    return answer.status, body["type"].rpartition(":")[2]


async def raw(daemon, text: str) -> str:
    """The status line for a request that no client library would send."""
    reader, writer = await asyncio.open_connection("127.0.0.1", daemon.client.port)
    writer.write(text.encode("latin-1"))
    line = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return line.decode().strip()


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:{port}"]
)
async def test_a_host_that_is_not_the_daemons_is_refused_even_for_health(daemon, host):
    for path in ("/v1/health", "/v1/status", "/"):
        answer = await daemon.get(path, Host=host.format(port=daemon.client.port))
        assert await slug(answer) == (421, "wrong-host")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
async def test_the_daemons_own_names_are_let_in(daemon, host):
    assert (await daemon.get("/v1/status", Host=f"{host}:{daemon.client.port}")).status == 200


async def test_no_host_and_two_hosts_are_refused(daemon):
    own = f"Host: {daemon.host}\r\n"
    assert " 421 " in await raw(daemon, "GET /v1/health HTTP/1.0\r\n\r\n")
    assert await raw(daemon, f"GET /v1/health HTTP/1.1\r\n{own}Host: evil.example\r\n\r\n") != "HTTP/1.1 200 OK"


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "", OTHER_EXTENSION, "chrome-extension://a/b", "file://"]
)
async def test_a_token_works_for_no_other_origin(daemon, origin):
    for answer in (await daemon.get("/v1/status", Origin=origin), await daemon.post("/v1/pages", PAGE, Origin=origin)):
        assert await slug(answer) == (403, "wrong-origin")


async def test_the_daemons_own_origin_is_no_extension(daemon):
    answer = await daemon.get("/v1/status", Origin=f"http://{daemon.host}")
    assert await slug(answer) == (403, "wrong-origin")


async def test_no_answer_lets_a_web_page_read_it(daemon):
    preflight = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    answer = await daemon.client.options("/v1/pages", headers=preflight)
    assert answer.status == 403
    for found in (answer, await daemon.get("/v1/status")):
        assert not [name for name in found.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
async def test_other_sites_reach_neither_api_nor_pages(daemon, site):
    for path in ("/v1/health", "/v1/pair", "/v1/status", "/", "/static/telltale.css"):
        answer = await daemon.get(path, **{"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"})
        assert await slug(answer) == (403, "wrong-origin")


async def test_a_link_to_the_history_may_be_followed_but_no_page_framed_and_no_api_opened(daemon):
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert (await daemon.client.get("/", headers={**headers, "Sec-Fetch-Dest": "iframe"})).status == 403
    assert (await daemon.client.get("/", headers={**headers, "Sec-Fetch-Dest": "document"})).status == 200
    assert (await daemon.get("/v1/status", **headers, **{"Sec-Fetch-Dest": "document"})).status == 403


@pytest.mark.parametrize("site", ["none", "same-origin"])
async def test_the_paired_extension_is_let_in_whatever_its_browser_calls_it(daemon, site):
    headers = {"Authorization": daemon.headers["Authorization"], "Sec-Fetch-Site": site}
    assert (await daemon.client.get("/v1/status", headers=headers)).status == 200
    assert (await daemon.post("/v1/pages", PAGE, **{"Sec-Fetch-Site": site})).status == 200


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json5", ""]
)
async def test_only_json_is_read(daemon, kind):
    for path in ("/v1/pages", "/v1/pair", "/v1/tickets"):
        headers = {**daemon.headers, "Content-Type": kind}
        assert await slug(await daemon.client.post(path, data=b"{}", headers=headers)) == (415, "not-json")


async def test_a_compressed_body_is_refused(daemon):
    headers = {**daemon.headers, "Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert await slug(await daemon.client.post("/v1/pages", data=b"{}", headers=headers)) == (415, "not-json")


@pytest.mark.parametrize(
    "path",
    [
        "//v1/status",
        "/v1//status",
        "/%761/status",
        "/v1/%73tatus",
        "/./v1/status",
        "/x/../v1/status",
        "/v1/status%2f",
        "/v1\\status",
    ],
)
async def test_a_path_has_one_spelling(daemon, path):
    token = f"Authorization: {daemon.headers['Authorization']}"
    for extra in ("", token + "\r\n"):
        assert " 400 " in await raw(daemon, f"GET {path} HTTP/1.1\r\nHost: {daemon.host}\r\n{extra}\r\n")


async def test_an_absolute_address_in_the_request_line_is_refused(daemon):
    line = await raw(daemon, f"GET http://evil.example/v1/health HTTP/1.1\r\nHost: {daemon.host}\r\n\r\n")
    assert " 400 " in line


@pytest.mark.parametrize(
    "value", [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic {token}", "{token}", "Bearer {token}x", "Bearer é"]
)
async def test_without_the_token_nothing_is_said(daemon, value):
    token = daemon.headers["Authorization"].removeprefix("Bearer ")
    headers = {} if value is None else {"Authorization": value.format(token=token)}
    for path in ("/v1/status", "/v1/pages", "/v1/outlets", "/v1/openapi.json", "/v1/nothing"):
        assert await slug(await daemon.client.get(path, headers=headers)) == (401, "no-token")
    for path in ("/v1/pages", "/v1/tickets"):
        assert await slug(await daemon.client.post(path, json=PAGE, headers=headers)) == (401, "no-token")


async def test_a_session_cookie_is_no_token(daemon):
    await daemon.open_history()
    assert (await daemon.client.get("/v1/status")).status == 401


async def test_every_answer_has_the_security_headers(daemon):
    await daemon.open_history()
    for path in ("/", "/nothing", "/v1/health", "/v1/nothing", "/static/telltale.css", "/open/x"):
        answer = await daemon.client.get(path)
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "unsafe" not in HEADERS["Content-Security-Policy"]

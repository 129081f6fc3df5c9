"""Text of a page as an attack, through every page of the history and every answer of the API."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

LEAK = "Here is the rewritten article."
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "attribute": "\" onmouseover=alert(1) x='",
    "closing": "</title></textarea></style></script><img src=x onerror=alert(1)>",
    "template": "{{7*7}}{% raw %}${7*7}#{7*7}",
    "address": "javascript:alert(1)",
    "entity": "&#60;script&#62;alert(1)&lt;/script&gt;",
    "snippet mark": "<mark>\x02\x03</mark>\ue000\ue001",
    "direction": "\u202eevil\u2066\u2069\u200f",
    "surrogate and NUL": "\ud800\0\udfff",
    "header": "x\r\nSet-Cookie: evil=1\r\n\r\n<script>",
    "terminal": "\x1b]0;evil\x07\x1b[2J",
    "formula": "=HYPERLINK(\"http://evil.example\")",
}  # fmt: skip
PAGES = (
    "/",
    "/outlets",
    "/outlets/news.example",
    "/pages/1",
    "/review",
    "/figures",
    "/settings",
    "/network",
    "/search?q=rewritten",
)
ALLOWED = {"script": "/static/", "link": "/static/", "img": "/static/"}


class Tags(HTMLParser):
    """Tags with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def assert_harmless(html: str) -> None:
    for tag, attributes in Tags(html).tags:
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
        if tag in ALLOWED:
            source = attributes.get("src") or attributes.get("href") or ""
            assert source.startswith(ALLOWED[tag]), (tag, attributes)
        for name in ("href", "src", "action", "formaction", "xlink:href"):
            value = (attributes.get(name) or "").strip().lower()
            assert not value.startswith(("javascript:", "data:", "vbscript:", "//")), (tag, value)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_no_page_of_the_history_runs_or_follows_what_a_page_says(daemon, text):
    await daemon.read(f"{LEAK} {text}", f"{text} {LEAK}", title=text, byline=text, published=text[:40], lang=text[:40])
    await daemon.open_history()
    for path in PAGES:
        answer = await daemon.client.get(path, headers={"Accept": "text/html"})
        assert answer.status == 200, path
        assert "evil" not in answer.headers.get("Set-Cookie", "")
        assert_harmless(await answer.text())


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_what_a_page_asks_of_the_history_is_only_ever_text(daemon, text):
    await daemon.read(LEAK)
    await daemon.open_history()
    for name in ("q", "outlet", "after", "family", "source"):
        words = text.encode("utf-8", "replace").decode()
        for path in ("/search", "/", "/outlets", "/review"):
            answer = await daemon.client.get(path, params={name: words}, headers={"Accept": "text/html"})
            assert answer.status in (200, 400, 404, 422), (path, name)
            assert_harmless(await answer.text())


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_the_api_answers_hostile_text_as_json_that_no_browser_takes_for_a_page(daemon, text):
    await daemon.read(f"{LEAK} {text}", title=text)
    for path in ("/v1/pages", "/v1/pages/1", "/v1/search?q=rewritten", "/v1/outlets"):
        answer = await daemon.get(path)
        assert (answer.status, answer.content_type) == (200, "application/json"), path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        await answer.json()


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "//evil.example"]
)
async def test_only_web_addresses_are_kept(daemon, url):
    answer = await daemon.post("/v1/pages", {"url": url, "title": "A", "blocks": []})
    assert answer.status == 422


def test_the_check_sees_what_it_looks_for():
    for html in ('<a href=" javascript:x">', "<img src=x>", "<p onclick=x>", "<script>", '<a href="//evil">'):
        with pytest.raises(AssertionError):
            assert_harmless(html)

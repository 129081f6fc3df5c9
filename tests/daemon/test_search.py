"""Full-text search: by words and filters, in the API and on its page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telltale.history import open_database
from telltale.history.finding import _END, _START, Search, SearchError, expression, pieces, search

LEAK = "Here is the rewritten article."
REFUSAL = "I cannot help with that."
DISCLOSURE = "This article was written by AI."


@pytest.fixture
async def filled(daemon):
    await daemon.read("The mayor spoke.", LEAK, url="https://news.example/a", title="Budget", byline="By Jane Doe")
    await daemon.read("The café closed.", DISCLOSURE, url="https://other.example/b", title="Café")
    await daemon.read("Nothing here.", url="https://news.example/c", title="Quiet budget")
    return daemon


async def titles(daemon, **query):
    answer = await daemon.client.get("/v1/search", params=query, headers=daemon.headers)
    assert answer.status == 200, await answer.text()
    return [page["title"] for page in (await answer.json())["pages"]]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("budget", ["Quiet budget", "Budget"]),
        ("budget -quiet", ["Budget"]),
        ("rewritten", ["Budget"]),
        ("mayor", ["Budget"]),
        ("jane", ["Budget"]),
        ("CAFE", ["Café"]),
        ('"rewritten article"', ["Budget"]),
        ('"article rewritten"', []),
        ("rewr*", ["Budget"]),
        ("rewr", []),
        ("article written", ["Café"]),
        ("nothing", []),  # of a page without notes only title and byline are kept
        ("source1", []),
    ],
)
async def test_words_are_found_where_they_stand(filled, words, found):
    assert await titles(filled, q=words) == found


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"outlet": "news.example"}, ["Quiet budget", "Budget"]),
        ({"outlet": "example"}, []),
        ({"verdict": "disclosed"}, ["Café"]),
        ({"verdict": "none"}, ["Quiet budget"]),
        ({"family": "preamble"}, ["Budget"]),
        ({"family": "missing_input"}, []),
        ({"since": "2026-11", "until": "2026-11"}, ["Quiet budget", "Café", "Budget"]),
        ({"until": "2026-10"}, []),
        ({"since": "2000-01"}, ["Quiet budget", "Café", "Budget"]),
        ({"since": "2000-01", "until": "2026-11"}, ["Quiet budget", "Café", "Budget"]),
        ({"since": "2090-01"}, []),
        ({"q": "budget", "verdict": "undisclosed"}, ["Budget"]),
        ({"q": "budget", "removed": "1"}, []),
    ],
)
async def test_filters_narrow_a_search(filled, filters, found):
    assert await titles(filled, **filters) == found


async def test_a_removed_note_is_still_found_and_can_be_filtered(filled):
    filled.clock.now += 3600
    await filled.read("The mayor spoke.", url="https://news.example/a", title="Budget")
    assert await titles(filled, q="rewritten", removed="1") == ["Budget"]
    assert await titles(filled, verdict="undisclosed") == []


async def test_a_dismissed_note_changes_what_filters_find(filled):
    note = {"where": "block", "quote": LEAK}
    await filled.post("/v1/feedback", {"page_id": 1, "note": note, "decision": "dismiss"})
    assert await titles(filled, verdict="undisclosed") == []
    assert await titles(filled, family="preamble") == []
    assert await titles(filled, q="rewritten") == ["Budget"]


async def test_results_show_the_words_and_come_in_parts(daemon):
    for i in range(51):
        await daemon.read(REFUSAL, url=f"https://news.example/{i}", title=f"Title {i}")
    first = await (await daemon.get("/v1/search?q=cannot")).json()
    pieces_found = {"text": "cannot", "match": True}
    assert pieces_found in first["pages"][0]["snippets"][0] and len(first["pages"]) == 50
    rest = await (await daemon.get(f"/v1/search?q=cannot&after={first['next']}")).json()
    assert ([p["title"] for p in rest["pages"]], rest["next"]) == (["Title 0"], None)


@pytest.mark.parametrize(
    "query",
    [
        "?q=-only",
        "?verdict=bad",
        "?family=bad",
        "?since=2026",
        "?since=2026-12&until=2026-01",
        "?after=x",
        "?q=" + "a+" * 21,
    ],
)
async def test_a_search_that_cannot_be_made_says_why(filled, query):
    answer = await filled.get("/v1/search" + query)
    body = await answer.json(content_type=None)
    assert (answer.status, body["detail"][-1]) == (422, ".")


async def test_the_page_shows_hostile_words_as_text_and_keeps_the_search_in_its_links(daemon):
    await daemon.open_history()
    for i in range(51):
        text = f"<img src=x onerror=alert(1)> {REFUSAL}"
        await daemon.read(text, url=f"https://news.example/{i}", title="<script>alert(1)</script>")
    html = await daemon.page("/search?q=onerror+cannot+-%22zz%22%3E&verdict=undisclosed")
    assert "<mark>cannot</mark>" in html and "&lt;img src=x <mark>onerror</mark>=alert(1)&gt;" in html
    assert "<script" not in html and "<img" not in html
    assert "verdict=undisclosed&amp;q=onerror+cannot+-%22zz%22%3E" in html


async def test_the_page_says_what_is_wrong_with_a_search(daemon):
    await daemon.open_history()
    assert "not only words to leave out" in await daemon.page("/search?q=-word")


@pytest.fixture(scope="module")
def one_page(tmp_path_factory):
    database = open_database(tmp_path_factory.mktemp("search") / "history.db")
    yield database
    database.close()


@given(words=st.text(max_size=60), outlet=st.text(max_size=20))
def test_no_text_is_an_operator_of_the_index(one_page, words, outlet):
    try:
        search(one_page, Search(words=words.replace("\0", ""), outlet=outlet.encode("utf-8", "replace").decode()))
    except SearchError:
        pass
    except UnicodeEncodeError:
        assert any("\ud800" <= c <= "\udfff" for c in words)


def test_an_expression_quotes_every_term():
    assert expression(Search('a "b c" -d e*')) == (
        '(facets : ("source1") AND {title byline quotes context} : ("a" AND "b c" AND "e" *))'
        ' NOT {title byline quotes context} : ("d")'
    )


def test_a_snippet_is_told_apart_by_its_marks():
    assert pieces(f"a {_START}b{_END} c{_START}d{_END}") == [("a ", False), ("b", True), (" c", False), ("d", True)]


async def test_a_title_cannot_mark_words_as_found(daemon):
    await daemon.read(LEAK, title="\x02Not\x03 looked for")
    body = await (await daemon.get("/v1/search?q=looked+rewritten")).json()
    marked = [piece["text"] for snippet in body["pages"][0]["snippets"] for piece in snippet if piece["match"]]
    assert marked == ["looked", "rewritten"]

"""The forms of the history: retention, deletion, joined outlets. What they do is seen on the pages."""

from __future__ import annotations

import re

import pytest
from telltale.history import aliases, erasure
from telltale.history.queries import page_count, tally_of

LEAK = "Here is the rewritten article."


@pytest.fixture
async def opened(daemon):
    await daemon.open_history()
    return daemon


async def send(daemon, path, **form):
    own = {"Origin": f"http://{daemon.host}", "Sec-Fetch-Site": "same-origin"}
    return await daemon.client.post(path, data=form, headers=own, allow_redirects=False)


async def text_of(daemon, path):
    return " ".join(re.sub(r"<[^>]+>", " ", await daemon.page(path)).split())


async def test_a_page_is_deleted_from_its_own_page(opened):
    await opened.read(LEAK, url="https://news.example/a")
    await opened.read(LEAK, url="https://news.example/b")
    answers = [await send(opened, f"/pages/{i}/delete") for i in (1, 2)]
    assert [a.headers["Location"] for a in answers] == ["/outlets/news.example", "/outlets"]
    assert await opened.history.read(page_count) == 0
    assert (await send(opened, "/pages/1/delete")).status == 404


async def test_an_outlet_is_deleted_from_its_own_page(opened):
    await opened.read(LEAK, url="https://news.example/a")
    await opened.read(LEAK, url="https://other.example/a")
    assert (await send(opened, "/outlets/news.example/delete")).status == 303
    assert "other.example" in await opened.page("/outlets") and "news.example" not in await opened.page("/outlets")


async def test_everything_goes_only_when_the_box_is_ticked(opened):
    await opened.read(LEAK)
    assert (await send(opened, "/settings/delete")).status == 422
    assert await opened.history.read(page_count) == 1
    assert (await send(opened, "/settings/delete", sure="1")).headers["Location"] == "/settings?done=deleted"
    assert await opened.history.read(page_count) == 0
    assert (await opened.get("/v1/status")).status == 200  # still paired


async def test_the_choice_how_long_to_keep_pages_is_kept_and_done_at_once(opened):
    await opened.read("Words.")
    opened.clock.now += 2 * 3600 + 86_400 // 2
    await opened.open_history()
    assert (await send(opened, "/settings/retention", days="1", noted="1")).status == 303
    page = await opened.page("/settings?done=kept")
    assert 'value="1" required' in page and "checked" in page and "The choice is kept." in page
    assert await opened.history.read(page_count) == 1


@pytest.mark.parametrize("days", ["", "-1", "1.5", "forever", "36501", "9" * 40, "000000000999999999"])
async def test_days_that_are_none_are_refused(opened, days):
    assert (await send(opened, "/settings/retention", days=days)).status == 422


async def test_joined_sites_count_as_one_outlet_now_and_later_and_can_be_split(opened):
    await opened.read(LEAK, url="https://news.example/a")
    await opened.read("Words.", url="https://news-sport.example/b")
    assert (await send(opened, "/outlets/news.example/join", site="www.news-sport.example")).status == 303
    body = await opened.read("Words.", url="https://news-sport.example/c")
    assert (body["outlet"]["domain"], body["outlet"]["pages"]) == ("news.example", 3)
    assert (await opened.read("Words.", url="https://news-sport.example/x", record=False))["outlet"]["pages"] == 3
    assert "by way of news-sport.example" in await text_of(opened, "/pages/2")
    found = await (await opened.get("/v1/search?outlet=news.example")).json()
    assert [p["page_id"] for p in found["pages"]] == [3, 2, 1]
    await send(opened, "/outlets/news.example/split", site="news-sport.example")
    tallies = [await opened.history.read(tally_of, d) for d in ("news.example", "news-sport.example")]
    assert [(t.pages, t.undisclosed) for t in tallies] == [(1, 1), (2, 0)]


@pytest.mark.parametrize("site", ["news.example", "", "not a site", "other.example/path?x", "."])
async def test_what_cannot_be_joined_is_refused_with_a_sentence(opened, site):
    await opened.read(LEAK, url="https://news.example/a")
    answer = await send(opened, "/outlets/news.example/join", site=site)
    assert answer.status in (422, 303)
    assert (await opened.history.read(tally_of, "news.example")).pages == 1


@pytest.mark.parametrize(
    "path",
    ["/settings/delete", "/settings/retention", "/pages/1/delete", "/outlets/news.example/delete", "/sources/2/delete"],
)
async def test_without_a_session_no_form_does_anything(daemon, path):
    await daemon.read(LEAK)
    answer = await send(daemon, path, sure="1", days="0")
    assert answer.status == 401 and await daemon.history.read(page_count) == 1


async def test_a_site_that_is_joined_to_another_outlet_takes_its_pages_along(opened):
    for name in ("x", "y", "site"):
        await opened.read(LEAK, url=f"https://{name}.example/a")
    await send(opened, "/outlets/x.example/join", site="site.example")
    await send(opened, "/outlets/y.example/join", site="site.example")
    tallies = [await opened.history.read(tally_of, f"{name}.example") for name in ("x", "y", "site")]
    assert [(t.pages, t.undisclosed) for t in tallies] == [(1, 1), (2, 2), (0, 0)]


async def test_joins_go_with_the_last_page_of_their_outlet_and_not_before(opened):
    def sites(db):
        return aliases.sites_of(db, "news.example")

    await opened.read(LEAK, url="https://news.example/a")
    await send(opened, "/outlets/news.example/join", site="sport.example")
    await opened.post("/v1/delete", {"outlet": "sport.example"})
    await opened.history.write(erasure.delete_outlet, "news.example", 2)
    assert await opened.history.read(sites) == ["sport.example"]
    await send(opened, "/outlets/news.example/delete")
    assert await opened.history.read(sites) == []

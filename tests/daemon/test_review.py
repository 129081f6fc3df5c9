"""The review queue: a person decides in a browser, by forms that no other site can send."""

from __future__ import annotations

import re

import pytest

LEAK = "Here is the rewritten article."
REFUSAL = "I cannot help with that."


@pytest.fixture
async def open_daemon(daemon):
    await daemon.open_history()
    return daemon


async def press(daemon, note_id, decision, back="/review", **headers):
    """What a browser sends when a button of a form is pressed."""
    own = {"Origin": f"http://{daemon.host}", "Sec-Fetch-Site": "same-origin", **headers}
    form = {"decision": decision, "back": back}
    return await daemon.client.post(f"/notes/{note_id}/decision", data=form, headers=own, allow_redirects=False)


async def text_of(daemon, path):
    return " ".join(re.sub(r"<[^>]+>", " ", await daemon.page(path)).split())


async def test_a_note_waits_until_it_is_decided_about_and_can_be_taken_back(open_daemon):
    await open_daemon.read(LEAK, title="A story")
    assert "Found as notes (1)" in await text_of(open_daemon, "/review") and LEAK in await open_daemon.page("/review")
    answer = await press(open_daemon, 1, "dismiss", "/review?done=1")
    assert (answer.status, answer.headers["Location"]) == (303, "/review?done=1")
    after = await text_of(open_daemon, "/review?done=1")
    assert "Found as notes (0)" in after and f"Dismissed: “{LEAK}” Undo" in after
    assert "Dismissed as no note at 2026-11-24 13:00 UTC" in await text_of(open_daemon, "/review?show=decided")
    await press(open_daemon, 1, "undo")
    assert "Found as notes (1)" in await text_of(open_daemon, "/review")
    assert "Nothing was decided yet." in await text_of(open_daemon, "/review?show=decided")


async def test_a_dismissed_note_leaves_the_figures_of_its_outlet(open_daemon):
    await open_daemon.read(LEAK)
    await press(open_daemon, 1, "dismiss")
    assert "0 of 1 page read here with notes left in" in await text_of(open_daemon, "/outlets/news.example")
    assert "Dismissed by a person" in await text_of(open_daemon, "/pages/1")


async def test_a_note_that_went_waits_no_longer(open_daemon):
    await open_daemon.read(LEAK)
    await open_daemon.read("Words.")
    assert "Found as notes (0)" in await text_of(open_daemon, "/review")


async def test_a_confirmed_note_waits_no_longer_even_when_seen_again_in_other_text(open_daemon):
    await open_daemon.read(LEAK)
    await press(open_daemon, 1, "confirm")
    open_daemon.clock.now += 3_600
    await open_daemon.read("More words.", LEAK, "Between.", REFUSAL)
    text = await text_of(open_daemon, "/review")
    assert "Found as notes (1)" in text and REFUSAL in text and LEAK not in text


async def test_long_queues_go_on(open_daemon):
    for i in range(51):
        await open_daemon.read(LEAK, url=f"https://news.example/{i}", title=f"Title {i}.")
    first = await open_daemon.page("/review")
    assert "Title 50." in first and "Title 0." not in first
    after = re.search(r'href="(/review\?[^"]*after=[^"]*)"', first)[1].replace("&amp;", "&")
    assert "Title 0." in await open_daemon.page(after)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "chrome-extension://dmjiacfhglgiaidjibjmcbfpjfciilhe"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Cookie": ""}, 401),
    ],
)
async def test_only_the_historys_own_forms_decide(open_daemon, headers, status):
    await open_daemon.read(LEAK)
    if "Cookie" in headers:
        open_daemon.client.session.cookie_jar.clear()
    assert (await press(open_daemon, 1, "dismiss", **headers)).status == status
    assert (await (await open_daemon.get("/v1/outlets")).json())["outlets"][0]["undisclosed"] == 1


async def test_a_form_without_an_origin_is_refused(open_daemon):
    await open_daemon.read(LEAK)
    answer = await open_daemon.client.post("/notes/1/decision", data={"decision": "dismiss", "back": "/"})
    assert answer.status == 403


@pytest.mark.parametrize(
    ("note_id", "decision", "back", "status"),
    [
        (1, "delete", "/", 422),
        (1, "dismiss", "//evil.example", 422),
        (1, "dismiss", "https://evil.example", 422),
        (99, "dismiss", "/", 404),
    ],
)
async def test_a_form_that_makes_no_sense_is_refused(open_daemon, note_id, decision, back, status):
    await open_daemon.read(LEAK)
    assert (await press(open_daemon, note_id, decision, back)).status == status


async def test_what_notes_say_is_only_ever_text(open_daemon):
    hostile = "\"'><script>alert(1)</script>"
    await open_daemon.read(hostile + LEAK, title=hostile, byline=hostile)
    for path in ("/review", "/review?done=1"):
        page = await open_daemon.page(path)
        assert "<script>alert" not in page and page.count("<script") == 1

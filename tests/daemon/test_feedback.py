"""POST /v1/feedback: a person's decision holds, at every later sight and in the figures."""

from __future__ import annotations

from dataclasses import replace

import pytest
from telltale.domain import Kind, Note, Reading, Verdict
from telltale.history.decisions import Decision, Feedback, decide
from telltale.history.page_state import stand_of
from telltale.history.queries import page
from telltale.history.store import Sighting, record

LEAK = "Here is the rewritten article."
REFUSAL = "I cannot help with that."
DISCLOSURE = "This article was written by AI."


async def send(daemon, page_id, note, decision):
    answer = await daemon.post("/v1/feedback", {"page_id": page_id, "note": note, "decision": decision})
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def test_a_dismissed_note_counts_for_nothing_and_stays_dismissed(daemon):
    first = await daemon.read("Words.", LEAK)
    body = await send(daemon, first["page_id"], first["notes"][0], "dismiss")
    assert (body["verdict"], body["notes"], body["outlet"]["undisclosed"]) == ("none", [], 0)
    assert body["dismissed"] == [{**first["notes"][0], "decision": "dismissed"}]
    daemon.clock.now += 86_400
    again = await daemon.read("More words.", "Words.", LEAK)
    assert (again["verdict"], again["notes"], again["outlet"]["undisclosed"]) == ("none", [], 0)
    assert [(n["quote"], n["block"]) for n in again["dismissed"]] == [(LEAK, 2)]


async def test_an_undone_decision_leaves_the_page_as_the_model_read_it(daemon):
    first = await daemon.read(LEAK)
    await send(daemon, 1, first["notes"][0], "dismiss")
    body = await send(daemon, 1, first["notes"][0], "undo")
    assert {name: body[name] for name in ("verdict", "notes", "possible", "dismissed", "outlet")} == {
        name: first[name] for name in ("verdict", "notes", "possible", "dismissed", "outlet")
    }


async def test_the_same_decision_twice_is_one_and_undo_alone_is_none(daemon):
    note = (await daemon.read(LEAK))["notes"][0]
    for decision in ("undo", "confirm", "confirm"):
        body = await send(daemon, 1, note, decision)
    assert [n["decision"] for n in body["notes"]] == ["confirmed"]
    assert body["outlet"]["undisclosed"] == 1


async def test_dismissing_the_disclosure_leaves_the_leak_undisclosed(daemon):
    first = await daemon.read(DISCLOSURE, LEAK)
    assert first["verdict"] == "disclosed"
    body = await send(daemon, 1, first["notes"][0], "dismiss")
    assert (body["verdict"], body["outlet"]["disclosed"], body["outlet"]["undisclosed"]) == ("undisclosed", 0, 1)


async def test_a_decision_is_about_one_page_alone(daemon):
    note = (await daemon.read(LEAK, url="https://news.example/a"))["notes"][0]
    await send(daemon, 1, note, "dismiss")
    other = await daemon.read(LEAK, url="https://news.example/b")
    assert (other["verdict"], other["outlet"]["undisclosed"]) == ("undisclosed", 1)


async def test_a_note_of_an_earlier_sight_can_be_decided_on(daemon):
    note = (await daemon.read(LEAK))["notes"][0]
    await daemon.read("Words.")
    assert (await send(daemon, 1, note, "dismiss"))["verdict"] == "none"
    revisions = (await daemon.history.read(page, 1))["revisions"]
    assert [n["decision"] for r in revisions for n in r["dismissed"]] == ["dismissed"]


async def test_the_history_shows_the_decided_verdict(daemon):
    note = (await daemon.read(LEAK))["notes"][0]
    await send(daemon, 1, note, "dismiss")
    pages = (await (await daemon.get("/v1/pages")).json())["pages"]
    assert [(p["verdict"], p["notes"]) for p in pages] == [("none", [])]


def test_a_confirmed_possible_note_stands_when_the_page_is_seen_again(db, page_of):
    note = Note("block", 0, 0, 4, "Note", Kind.LEAK, "refusal", 0.4)
    reading = Reading(Verdict.NONE, (), (note,), "fake-1", 1)
    seen = Sighting("https://news.example/a", "news.example", page_of("Note"), reading, "2026-11-24T13:00:00Z")
    kept = record(db, seen)
    assert kept.stand.verdict is Verdict.NONE
    decided = decide(db, Feedback(kept.page_id, "block", "Note", Decision.CONFIRM), "2026-11-24T14:00:00Z")
    assert (decided.stand.verdict, decided.tally.undisclosed) == (Verdict.UNDISCLOSED, 1)
    again = record(db, replace(seen, at="2026-11-25T13:00:00Z"))
    assert (again.stand.verdict, again.tally.undisclosed) == (Verdict.UNDISCLOSED, 1)
    assert [n["quote"] for n in stand_of(db, 1).notes] == ["Note"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"page_id": 99}, 404),
        ({"note": {"where": "block", "quote": "Other words."}}, 404),
        ({"note": {"where": "title", "quote": LEAK}}, 404),
        ({"page_id": "1"}, 422),
        ({"page_id": True}, 422),
        ({"page_id": 2**63}, 422),
        ({"note": None}, 422),
        ({"note": {"where": ["block"], "quote": LEAK}}, 422),
        ({"note": {"where": "block"}}, 422),
        ({"decision": "delete"}, 422),
        ({"decision": ["undo"]}, 422),
        ({"decision": None}, 422),
    ],
)
async def test_what_cannot_be_decided_is_refused_with_a_sentence(daemon, change, status):
    await daemon.read(LEAK)
    body = {"page_id": 1, "note": {"where": "block", "quote": LEAK}, "decision": "dismiss", **change}
    answer = await daemon.post("/v1/feedback", body)
    assert answer.status == status
    assert (await answer.json(content_type=None))["detail"].endswith(".")

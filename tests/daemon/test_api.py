"""The routes of docs/protocol.md: what is asked and what comes back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telltale.openapi import document
from telltale.problems import Problem
from telltale.protocol import parse_feedback, parse_json, parse_page, parse_pair, parse_ticket

LEAK = "Here is the rewritten article."
DISCLOSURE = "This article was written by AI."


async def test_health_is_open_and_says_only_ok(fresh):
    answer = await fresh.client.get("/v1/health")
    assert (answer.status, await answer.json()) == (200, {"ok": True})


async def test_status_says_what_runs_and_how_much_it_holds(daemon):
    await daemon.read("Words.")
    body = await (await daemon.get("/v1/status")).json()
    assert body.pop("version")
    assert body == {
        "name": "telltale",
        "protocol": 1,
        "state": "ready",
        "model": "fake-1",
        "speed": "no model",
        "queue": {"waiting": 0, "limit": 2},
        "history": {"pages": 1},
    }


async def test_a_page_comes_back_with_its_notes_and_its_outlet(daemon):
    body = await daemon.read("Words.", f"🦊 {LEAK} More.", url="https://www.news.example/a?utm_source=x#top")
    note = {"where": "block", "block": 1, "start": 2, "end": 32, "quote": LEAK, "kind": "leak", "family": "preamble"}
    assert body == {
        "verdict": "undisclosed",
        "model": "fake-1",
        "sentences": 2,
        "notes": [{**note, "confidence": 0.98, "decision": None}],
        "possible": [],
        "dismissed": [],
        "outlet": {"domain": "news.example", "pages": 1, "undisclosed": 1, "disclosed": 0, "interval": [0.2065, 1.0]},
        "first_seen": "2026-11-24T13:00:00Z",
        "page_id": 1,
    }


async def test_a_title_is_judged_too(daemon):
    body = await daemon.read("Words.", title=LEAK)
    assert [(n["where"], n["block"]) for n in body["notes"]] == [("title", None)]


async def test_a_page_with_record_false_leaves_no_trace(daemon):
    body = await daemon.read(LEAK, record=False)
    assert (body["verdict"], body["page_id"], body["first_seen"]) == ("undisclosed", None, None)
    assert body["outlet"]["pages"] == 0
    assert await (await daemon.get("/v1/pages")).json() == {"pages": [], "next": None}


async def test_lone_surrogates_and_nuls_become_one_replacement_each(daemon):
    raw = b'{"url":"https://news.example/a","title":"\\u0000","blocks":[{"text":"\\ud83e ' + LEAK.encode() + b'"}]}'
    answer = await daemon.client.post(
        "/v1/pages", data=raw, headers={**daemon.headers, "Content-Type": "application/json"}
    )
    assert (await answer.json())["notes"][0]["start"] == 2
    assert (await (await daemon.get("/v1/pages")).json())["pages"][0]["title"] == "\ufffd"


async def test_lists_come_newest_first_and_in_parts(daemon):
    for i in range(52):
        daemon.clock.now += 1
        await daemon.read("Words.", url=f"https://news{i}.example/")
    for name, key in (("pages", "outlet"), ("outlets", "domain")):
        first = await (await daemon.get(f"/v1/{name}")).json()
        rest = await (
            await daemon.client.get(f"/v1/{name}", params={"after": first["next"]}, headers=daemon.headers)
        ).json()
        found = [item[key] for item in first[name] + rest[name]]
        assert found == [f"news{i}.example" for i in reversed(range(52))]
        assert (len(first[name]), rest["next"]) == (50, None)


async def test_pages_of_one_outlet_can_be_asked_for(daemon):
    await daemon.read("Words.", url="https://one.example/")
    await daemon.read(LEAK, url="https://two.example/")
    pages = (await (await daemon.get("/v1/pages?outlet=two.example")).json())["pages"]
    assert [(p["outlet"], p["verdict"], p["notes"][0]["quote"]) for p in pages] == [
        ("two.example", "undisclosed", LEAK)
    ]


async def test_a_ticket_address_keeps_the_page_that_was_asked_for(daemon):
    body = await (await daemon.post("/v1/tickets", {"to": "/outlets/news.example"})).json()
    assert re.fullmatch(rf"http://{daemon.host}/open/[\w-]{{43}}\?to=/outlets/news\.example", body["url"])


async def test_the_openapi_document_and_the_docs_name_every_route_and_no_other(daemon):
    routes = {
        (route.method.lower(), route.resource.canonical)
        for route in daemon.client.app.router.routes()
        if route.resource.canonical.startswith("/v1/") and route.method != "HEAD"
    }
    served = await (await daemon.get("/v1/openapi.json")).json()
    assert {(method, path) for path, methods in served["paths"].items() for method in methods} == routes
    docs = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text()
    assert all(f"{method.upper()} {path}" in docs for method, path in routes)


async def test_every_answer_has_the_fields_that_the_openapi_document_requires(daemon):
    reading = await daemon.read(LEAK)
    decision = {"page_id": 1, "note": reading["notes"][0], "decision": "confirm"}
    schemas = document()["components"]["schemas"]
    for name, body in (
        ("Reading", reading),
        ("Note", reading["notes"][0]),
        ("Tally", reading["outlet"]),
        ("Status", await (await daemon.get("/v1/status")).json()),
        ("Pages", await (await daemon.get("/v1/pages")).json()),
        ("Outlets", await (await daemon.get("/v1/outlets")).json()),
        ("Ticket", await (await daemon.post("/v1/tickets", {})).json()),
        ("Decided", await (await daemon.post("/v1/feedback", decision)).json()),
    ):
        assert set(schemas[name]["required"]) == set(body), name


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_NAMES = (
    "url",
    "title",
    "byline",
    "published",
    "lang",
    "blocks",
    "record",
    "code",
    "name",
    "to",
    "page_id",
    "note",
    "decision",
)


@given(st.fixed_dictionaries({}, optional={name: _JSON for name in _NAMES}))
def test_any_json_is_read_or_refused_with_a_sentence(body):
    for parse in (lambda b: parse_page(b, 10), lambda b: parse_pair(b, ""), parse_ticket, parse_feedback):
        try:
            parse(body)
        except Problem as problem:
            assert problem.detail.endswith(".")


@given(st.binary(max_size=60))
def test_any_bytes_are_an_object_or_refused_with_a_sentence(raw):
    try:
        assert isinstance(parse_json(raw), dict)
    except Problem as problem:
        assert problem.slug == "bad-json"


@pytest.mark.parametrize("to", ["//evil.example", "/\\evil.example", "http://evil.example", "evil", "/a\nb", "/é"])
def test_a_ticket_leads_nowhere_but_to_the_daemon(to):
    with pytest.raises(Problem):
        parse_ticket({"to": to})

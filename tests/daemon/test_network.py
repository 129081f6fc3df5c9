"""Words and bylines that recur across outlets: found when nearly the same, counted as they stand, gone when deleted."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telltale.domain import Block, Kind, Note, Page, Reading, Verdict
from telltale.history.erasure import delete_outlet, delete_page
from telltale.history.network import shared_bylines, shared_wordings
from telltale.history.resemblance import LIKE, bands, likeness, pieces
from telltale.history.rows import rows
from telltale.history.store import Sighting, record
from telltale.history.wordings import rebuild
from telltale.views.web import MOST_OUTLETS, web

REWRITE = "This rewrite keeps all facts about the council while changing the structure of the article."
NEARLY = "This rewrite keeps all facts about the harbour, while changing the structure of the article!"
OTHER = "I'm sorry, but I cannot help with that request."
AT = "2026-11-24T13:00:00Z"


def see(db, outlet, quote, path="a", byline="By Jane Doe"):
    note = Note("block", 0, 0, len(quote), quote, Kind.LEAK, "rewrite_note", 0.9)
    page = Page("A title", (Block(quote),), byline=byline)
    reading = Reading(Verdict.UNDISCLOSED, (note,), (), "fake-1", 1)
    return record(db, Sighting(f"https://{outlet}/{path}", outlet, page, reading, AT)).page_id


def shared(db):
    return [(g["quote"], [(o["outlet"], o["pages"]) for o in g["outlets"]]) for g in shared_wordings(db)]


def test_nearly_the_same_words_at_two_outlets_are_one_group(db):
    for outlet, quote in (("a.example", REWRITE), ("b.example", NEARLY), ("c.example", OTHER), ("a.example", REWRITE)):
        see(db, outlet, quote, path=str(db["pages"].count))
    assert shared(db) == [(REWRITE, [("a.example", 2), ("b.example", 1)])]


def test_bylines_over_notes_at_two_outlets_are_listed_with_k_of_n(db):
    see(db, "a.example", REWRITE)
    see(db, "b.example", OTHER)
    see(db, "c.example", OTHER, byline="By Somebody")
    plain = Reading(Verdict.NONE, (), (), "fake-1", 1)
    page = Page("A title", (Block("Words."),), byline="By Jane Doe")
    record(db, Sighting("https://a.example/plain", "a.example", page, plain, AT))
    [group] = shared_bylines(db)
    assert (group["byline"], group["many"]) == ("By Jane Doe", 2)
    assert [(o["outlet"], o["noted"], o["pages"]) for o in group["outlets"]] == [
        ("a.example", 1, 2),
        ("b.example", 1, 1),
    ]


def test_another_source_does_not_join_in(db):
    see(db, "a.example", REWRITE)
    db.execute("INSERT INTO sources (name, added, history) VALUES ('Anna', ?, 'x')", [AT])
    assert shared(db) == [] and shared_wordings(db, 2) == []


def test_deleted_words_are_nowhere_not_even_as_the_words_of_a_group(db):
    first = see(db, "a.example", REWRITE)
    see(db, "b.example", NEARLY)
    see(db, "c.example", NEARLY)
    delete_page(db, first)
    assert shared(db) == [(NEARLY, [("b.example", 1), ("c.example", 1)])]
    see(db, "d.example", NEARLY)
    assert len(shared(db)[0][1]) == 3
    for outlet in "bcd":
        delete_outlet(db, f"{outlet}.example")
    assert [db[name].count for name in ("wordings", "bands", "recurrences")] == [0, 0, 0]


def test_made_anew_the_groups_are_the_same(db):
    for i, quote in enumerate((REWRITE, OTHER, NEARLY, OTHER)):
        see(db, f"{i}.example", quote)
    kept = [rows(db, f"SELECT * FROM {name} ORDER BY 1, 2") for name in ("wordings", "bands", "recurrences")]
    rebuild(db)
    assert kept == [rows(db, f"SELECT * FROM {name} ORDER BY 1, 2") for name in ("wordings", "bands", "recurrences")]


async def test_a_dismissed_note_joins_nothing(daemon):
    told = [await daemon.read("Here is the rewritten article.", url=f"https://{x}.example/a") for x in "ab"]
    await daemon.open_history()
    assert "a.example and b.example share 1" in await daemon.page("/network")
    await daemon.post("/v1/feedback", {"page_id": 2, "note": told[1]["notes"][0], "decision": "dismiss"})
    assert "Nothing recurs" in await daemon.page("/network")


async def test_the_plot_and_the_tables_say_the_same(daemon):
    for outlet in ("a", "b", "c"):
        await daemon.read("Here is the rewritten article.", url=f"https://{outlet}.example/a", byline="By Jane Doe")
    await daemon.open_history()
    page = await daemon.page("/network")
    assert page.count("<circle") == 3 and page.count("<line") == 3 and "share 2" in page
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "3 outlets, 3 pages: a model announcing its answer Here is the rewritten article." in text
    assert "By Jane Doe a.example (1 of 1) , b.example (1 of 1) , c.example (1 of 1)" in text
    assert "1 a.example 2 2 b.example 2 3 c.example 2" in text


def test_a_plot_of_many_outlets_shows_those_with_most_lines():
    groups = [{"outlets": [{"outlet": f"o{i}.example"}, {"outlet": "hub.example"}]} for i in range(MOST_OUTLETS + 5)]
    plot = web(groups)
    assert len(plot.places) == MOST_OUTLETS and plot.places[0].outlet == "hub.example"
    assert plot.outlets == MOST_OUTLETS + 6 and len(plot.lines) == MOST_OUTLETS - 1
    assert web([]) is None


def test_the_same_words_share_every_band_whatever_case_and_spacing():
    assert bands(pieces(REWRITE)) == bands(pieces(f"  {REWRITE.upper()}\n".replace(" ", "  ")))


@pytest.mark.parametrize(
    ("one", "other", "alike"), [(REWRITE, NEARLY, True), (REWRITE, OTHER, False), ("a", "b", False)]
)
def test_likeness_is_of_words(one, other, alike):
    assert (likeness(pieces(one), pieces(other)) >= LIKE) == alike
    assert bool(set(bands(pieces(one))) & set(bands(pieces(other)))) == alike


@given(st.text(), st.text())
def test_likeness_is_a_share_and_the_same_both_ways(one, other):
    a, b = pieces(one), pieces(other)
    assert likeness(a, a) == 1 and 0 <= likeness(a, b) == likeness(b, a) <= 1
    assert all(0 <= number < 2**62 for number in bands(a))

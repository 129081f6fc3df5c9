"""What is deleted is gone: from the pages, the figures, the search and the bytes of the files."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import closing

import pytest
import telltale.retention
from telltale.domain import Reading, Verdict
from telltale.history import erasure, retention
from telltale.history.queries import page, page_count, tally_of
from telltale.history.retention import Retention
from telltale.history.rows import rows
from telltale.history.store import Sighting, record
from telltale.history.tallies import TABLES, recount
from telltale.retention import purge

LEAK = "Here is the rewritten article."
MARK = "zyxomma-petiolatum"  # as a word it is in no other text


def bytes_of(settings) -> bytes:
    return b"".join(file.read_bytes() for file in settings.data_dir.iterdir())


async def fill(daemon):
    """A page to delete, whose words are in title, byline, context and url, and one to keep."""
    url = f"https://{MARK}.example/{MARK}"
    body = await daemon.read(f"{MARK} before.", LEAK, f"After {MARK}.", url=url, title=MARK, byline=MARK)
    note = {"where": "block", "quote": LEAK}
    await daemon.post("/v1/feedback", {"page_id": 1, "note": note, "decision": "confirm"})
    daemon.clock.now += 3600
    await daemon.read(f"{MARK} before.", url=url, title=f"{MARK} again", byline=MARK)
    await daemon.read(LEAK, url="https://kept.example/a", title="Kept")
    assert MARK.encode() in bytes_of(daemon.settings) and b"petiolatum" in bytes_of(daemon.settings)
    return body["page_id"]


async def delete(daemon, what):
    answer = await daemon.post("/v1/delete", what)
    assert answer.status == 200, await answer.text()
    return (await answer.json())["deleted"]


@pytest.mark.parametrize("what", [{"page_id": 1}, {"outlet": f"{MARK}.example"}, {"all": True}], ids=str)
async def test_nothing_of_a_deleted_page_is_left_in_the_files(daemon, what):
    await fill(daemon)
    assert await delete(daemon, what) == (2 if "all" in what else 1)
    found = bytes_of(daemon.settings)
    assert b"zyxomma" not in found and b"petiolatum" not in found and MARK.encode().hex().encode() not in found
    assert (b"kept.example" in found) is ("all" not in what)
    assert await daemon.history.read(page, 1) is None


async def test_what_is_left_is_counted_and_found_as_before(daemon):
    await fill(daemon)
    await delete(daemon, {"page_id": 1})
    assert [(t.pages, t.undisclosed) for t in [await daemon.history.read(tally_of, "kept.example")]] == [(1, 1)]
    body = await (await daemon.get("/v1/search?q=rewritten")).json()
    assert [p["title"] for p in body["pages"]] == ["Kept"]
    assert (await (await daemon.get("/v1/outlets")).json())["outlets"][0]["domain"] == "kept.example"


async def test_the_id_of_a_deleted_page_is_never_given_again(daemon):
    await daemon.read(LEAK)
    await delete(daemon, {"all": True})
    assert (await daemon.read(LEAK))["page_id"] == 2


async def test_what_was_not_there_is_not_deleted(daemon):
    assert [await delete(daemon, w) for w in ({"page_id": 9}, {"outlet": "x"}, {"all": True})] == [0, 0, 0]


@pytest.mark.parametrize("body", [{}, {"page_id": 1, "all": True}, {"all": False}, {"page_id": "1"}, {"outlet": 1}])
async def test_a_deletion_that_is_not_clear_is_refused(daemon, body):
    await daemon.read(LEAK)
    assert (await daemon.post("/v1/delete", body)).status == 422
    assert await daemon.history.read(page_count) == 1


async def test_many_pages_go_in_one_count_as_few_do_one_by_one(daemon, monkeypatch):
    for i in range(5):
        await daemon.read(LEAK, url=f"https://{'old' if i < 3 else 'kept'}.example/{i}", byline=f"By {i}")
    monkeypatch.setattr(erasure, "MANY", 2)
    assert await delete(daemon, {"outlet": "old.example"}) == 3
    body = await (await daemon.get("/v1/search?q=rewritten")).json()
    assert [p["outlet"] for p in body["pages"]] == ["kept.example", "kept.example"]

    def counted(db):
        found = {table: rows(db, f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in TABLES}
        recount(db)
        return found == {table: rows(db, f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in TABLES}

    assert await daemon.history.write(counted)


async def test_old_pages_go_as_was_chosen_and_those_with_notes_stay_unless_told(daemon, monkeypatch):
    await daemon.read("Words.", url="https://news.example/plain")
    await daemon.read(LEAK, url="https://news.example/noted")
    await daemon.read(LEAK, url="https://news.example/removed")
    await daemon.read("Words.", url="https://news.example/removed")
    await daemon.read(LEAK, url="https://news.example/unflagged")
    later_model = Reading(Verdict.NONE, (), (), "fake-2", 1)
    monkeypatch.setattr(daemon.reader, "steps", lambda _page: iter([later_model]))
    await daemon.read(LEAK, url="https://news.example/unflagged")
    daemon.clock.now += 30 * 86_400
    await daemon.read("Words.", url="https://news.example/new")
    assert await purge(daemon.client.app) == 0
    await daemon.history.write(retention.choose, Retention(days=29))
    assert await purge(daemon.client.app) == 1
    await daemon.history.write(retention.choose, Retention(days=29, noted=True))
    assert await purge(daemon.client.app) == 3
    pages = (await (await daemon.get("/v1/pages")).json())["pages"]
    assert [p["url"] for p in pages] == ["https://news.example/new"]


async def test_the_daemon_purges_when_it_starts(start, db, settings, page_of):
    seen = Sighting(
        "https://news.example/a",
        "news.example",
        page_of("W."),
        Reading(Verdict.NONE, (), (), "m", 1),
        "2026-01-01T00:00:00Z",
    )
    record(db, seen)
    retention.choose(db, Retention(days=10))
    daemon = await start()
    await daemon.ready()
    await daemon.history.write(lambda _db: None)  # is done after what the daemon began with
    assert await daemon.history.read(page_count) == 0


async def test_a_log_that_somebody_reads_is_no_success_and_is_erased_the_next_time(daemon, monkeypatch):
    page_id = await fill(daemon)
    monkeypatch.setattr(erasure, "PATIENCE", 0)
    await daemon.history.write(lambda db: db.execute("PRAGMA busy_timeout=0").fetchall())
    with closing(sqlite3.connect(daemon.settings.database, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM pages").fetchall()
        answer = await daemon.post("/v1/delete", {"page_id": page_id})
        assert answer.status == 507 and "still reads the history" in (await answer.json())["detail"]
    assert await daemon.history.read(page_count) == 1 and b"petiolatum" in bytes_of(daemon.settings)
    assert await purge(daemon.client.app) == 0
    assert b"petiolatum" not in bytes_of(daemon.settings)


async def test_a_deletion_is_erased_though_nobody_waits_for_it_any_longer(daemon):
    await fill(daemon)
    held = threading.Event()
    blocks = asyncio.ensure_future(daemon.history.write(lambda _db: held.wait(10)))
    deletes = asyncio.ensure_future(daemon.history.delete(erasure.delete_all))
    await asyncio.sleep(0)  # hands it in
    await asyncio.sleep(0)
    deletes.cancel()
    held.set()
    await blocks
    await daemon.history.write(lambda _db: None)
    assert deletes.cancelled() and b"petiolatum" not in bytes_of(daemon.settings)


async def test_retention_goes_on_after_whatever_fails(daemon, monkeypatch, caplog):
    tries = []

    async def fails(_app):
        tries.append(1)
        if len(tries) > 1:
            raise asyncio.CancelledError
        raise ValueError("words of a page")

    monkeypatch.setattr(telltale.retention, "purge", fails)
    monkeypatch.setattr(retention, "DAY", 0)
    with pytest.raises(asyncio.CancelledError):
        await telltale.retention.keep_retention(daemon.client.app)
    assert "Old pages cannot be deleted: ValueError." in caplog.text

"""Pairing codes, tokens, tickets, sessions."""

from __future__ import annotations

import re

from telltale.auth import ALPHABET, MOST_SESSIONS, Pairing, Sessions, Tries, make_code, pairing_of, redeem_code, unpair

OWNER = Pairing("Chrome", "chrome-extension://abc")


async def test_a_code_becomes_a_token_once(fresh):
    code = await fresh.code()
    first, second = await fresh.pair(code), await fresh.pair(code)
    assert (first.status, second.status) == (200, 403)
    assert set(await first.json()) == {"token", "name"}
    assert (await second.json())["type"].endswith(":bad-code")


async def test_a_code_is_read_however_a_person_types_it(fresh):
    assert (await fresh.pair(f" {(await fresh.code()).lower().replace('-', ' ')} ")).status == 200


async def test_a_code_ends_after_ten_minutes(fresh):
    code = await fresh.code()
    fresh.clock.now += fresh.settings.code_seconds
    assert (await fresh.pair(code)).status == 403


async def test_guessing_is_slowed_down_and_then_goes_on(fresh):
    statuses = [(await fresh.pair("AAAA-AAAA")).status for _ in range(11)]
    assert statuses == [403] * 10 + [429]
    good = await fresh.code()
    refused = await fresh.pair(good)
    assert (refused.status, refused.headers["Retry-After"]) == (429, "60")
    fresh.clock.now += 60
    assert (await fresh.pair(good)).status == 200


async def test_only_an_extension_or_a_local_program_can_pair(fresh):
    code = await fresh.code()
    for origin in ("https://evil.example", f"http://{fresh.host}", "null"):
        assert (await fresh.pair(code, origin)).status == 403
    assert (await fresh.pair(code, None)).status == 200


async def test_a_token_of_a_local_program_is_of_no_use_to_an_extension(fresh):
    token = (await (await fresh.pair(await fresh.code(), None)).json())["token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert (await fresh.client.get("/v1/status", headers=headers)).status == 200
    assert (await fresh.get("/v1/status", **headers, Origin=OWNER.origin)).status == 403


def test_codes_are_easy_to_read_and_differ(db):
    codes = {make_code(db, 0, 600) for _ in range(50)}
    assert len(codes) == 50
    assert all(re.fullmatch(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", code) for code in codes)
    assert not set("01ILOU") & set(ALPHABET)


def test_no_secret_is_in_the_file(db, settings):
    code = make_code(db, 0, 600)
    token = redeem_code(db, code, OWNER, 1, 600)
    unused = make_code(db, 0, 600)
    assert pairing_of(db, token) == OWNER
    stored = "".join(str(row) for table in db.tables for row in table.rows)
    assert not [s for s in (token, unused, unused.replace("-", "")) if s in stored]


async def test_a_ticket_opens_the_history_once(daemon):
    path = (await (await daemon.post("/v1/tickets", {})).json())["url"].partition(daemon.host)[2]
    first, second = await daemon.client.get(path), await daemon.client.get(path)
    assert (first.status, second.status) == (200, 403)
    cookie = first.headers["Set-Cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Strict", "Path=/"))
    assert "Set-Cookie" not in second.headers


async def test_a_ticket_ends_after_a_minute(daemon):
    path = (await (await daemon.post("/v1/tickets", {})).json())["url"].partition(daemon.host)[2]
    daemon.clock.now += daemon.settings.ticket_seconds
    assert (await daemon.client.get(path)).status == 403


async def test_a_ticket_leads_to_no_other_site(daemon):
    path = (await (await daemon.post("/v1/tickets", {})).json())["url"].partition(daemon.host)[2]
    assert (await daemon.client.get(path.replace("to=/", "to=//evil.example"))).status == 403


async def test_a_ticket_is_not_spent_by_head(daemon):
    path = (await (await daemon.post("/v1/tickets", {})).json())["url"].partition(daemon.host)[2]
    assert (await daemon.client.head(path)).status == 405
    assert (await daemon.client.get(path)).status == 200


def test_sessions_end_and_the_oldest_makes_room(clock):
    sessions = Sessions(clock, 100)
    oldest = sessions.start(0)
    assert sessions.holds(oldest, 0)
    assert not sessions.holds("", 0) and not sessions.holds("wrong", 0) and not sessions.holds(oldest, 1)
    others = [sessions.start(0) for _ in range(MOST_SESSIONS)]
    assert not sessions.holds(oldest, 0) and sessions.holds(others[0], 0)
    clock.now += 100
    assert not sessions.holds(others[0], 0)


def test_tries_are_counted_over_a_moving_minute(clock):
    tries = Tries(2, clock)
    waits = [tries.wait()]
    clock.now += 40
    waits += [tries.wait(), tries.wait()]
    clock.now += 20
    assert [*waits, tries.wait(), tries.wait()] == [0, 0, 20, 0, 40]


async def pairings(daemon):
    return (await (await daemon.get("/v1/pairings")).json())["pairings"]


async def test_who_is_paired_can_be_listed_and_each_can_be_unpaired(daemon):
    await daemon.pair(await daemon.code(), "moz-extension://other")
    mine, other = await pairings(daemon)
    assert (mine["this"], other["this"]) == (True, False)
    assert (other["name"], other["origin"], other["created"]) == (
        "Test",
        "moz-extension://other",
        "2026-11-24T13:00:00Z",
    )
    delete = daemon.client.delete
    assert (await delete(f"/v1/pairings/{other['id']}", headers=daemon.headers)).status == 200
    assert (await delete(f"/v1/pairings/{other['id']}", headers=daemon.headers)).status == 404
    assert await pairings(daemon) == [mine]
    assert (await delete(f"/v1/pairings/{mine['id']}", headers=daemon.headers)).status == 200
    assert (await daemon.get("/v1/status")).status == 401


async def test_unpairing_closes_the_history_pages_that_are_open(daemon):
    await daemon.open_history()
    assert "The history is closed here" not in await daemon.page("/")
    (mine,) = await pairings(daemon)
    await daemon.history.write(unpair, mine["id"])  # as `telltale unpair` does, from its own process
    assert "The history is closed here" in await daemon.page("/")


async def test_a_ticket_that_a_thief_has_made_ends_with_the_pairing_and_with_the_token(daemon):
    path = (await (await daemon.post("/v1/tickets", {})).json())["url"].partition(daemon.host)[2]
    token = (await (await daemon.post("/v1/token", {})).json())["token"]
    assert (await daemon.client.get(path)).status == 403
    daemon.headers["Authorization"] = f"Bearer {token}"
    path = (await (await daemon.post("/v1/tickets", {})).json())["url"].partition(daemon.host)[2]
    (mine,) = await pairings(daemon)
    await daemon.history.write(unpair, mine["id"])
    assert (await daemon.client.get(path)).status == 403


async def test_a_new_token_closes_the_history_pages_that_were_opened_with_the_old_one(daemon):
    await daemon.open_history()
    await daemon.post("/v1/token", {})
    assert "The history is closed here" in await daemon.page("/")


async def test_a_new_token_ends_the_old_one_and_keeps_the_pairing(daemon):
    (before,) = await pairings(daemon)
    token = (await (await daemon.post("/v1/token", {})).json())["token"]
    assert (await daemon.get("/v1/status")).status == 401
    daemon.headers["Authorization"] = f"Bearer {token}"
    (after,) = await pairings(daemon)
    assert {**after, "id": before["id"]} == before
    assert after["id"] != before["id"]


async def test_a_code_and_a_ticket_do_not_outlive_a_clock_that_is_set_back(daemon):
    code, ticket = await daemon.code(), (await (await daemon.post("/v1/tickets", {})).json())["url"]
    daemon.clock.now -= 3600
    assert (await daemon.pair(code)).status == 403
    assert (await daemon.client.get(ticket.partition(daemon.host)[2])).status == 403
    assert (await daemon.pair(await daemon.code())).status == 200

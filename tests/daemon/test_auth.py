"""Pairing codes, tokens, tickets, sessions."""

from __future__ import annotations

import re

from telltale.auth import ALPHABET, MOST_SESSIONS, Pairing, Sessions, Tries, make_code, pairing_of, redeem_code

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
    token = redeem_code(db, code, OWNER, 1)
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
    oldest = sessions.start()
    assert sessions.holds(oldest)
    assert not sessions.holds("") and not sessions.holds("wrong")
    others = [sessions.start() for _ in range(MOST_SESSIONS)]
    assert not sessions.holds(oldest) and sessions.holds(others[0])
    clock.now += 100
    assert not sessions.holds(others[0])


def test_tries_are_counted_over_a_moving_minute(clock):
    tries = Tries(2, clock)
    waits = [tries.wait()]
    clock.now += 40
    waits += [tries.wait(), tries.wait()]
    clock.now += 20
    assert [*waits, tries.wait(), tries.wait()] == [0, 0, 20, 0, 40]

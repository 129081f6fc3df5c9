"""Each rule of docs/threats.md, shown to be what holds: the attack fails with the rule, and works once it is taken out."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp_jinja2
import pytest
from telltale import api, auth, engine, guard
from telltale.guard import HEADERS
from telltale.keys import SETTINGS
from telltale.views import session
from yarl import URL

EVIL = "https://evil.example"
OTHER = "moz-extension://00000000-0000-0000-0000-000000000000"
HOSTILE = "<script>alert(1)</script>"
DOCS = Path(__file__).parents[2] / "docs" / "threats.md"


@dataclass(frozen=True)
class Rule:
    """`attack(daemon)` tells whether the attacker got through; `without(daemon, monkeypatch)` takes the rule out."""

    name: str
    attack: Callable[[Any], Awaitable[bool]]
    without: Callable[[Any, pytest.MonkeyPatch], None]


RULES: list[Rule] = []


def rule(name: str, without: Callable[[Any, pytest.MonkeyPatch], None]):
    def add(attack: Callable[[Any], Awaitable[bool]]):
        RULES.append(Rule(name, attack, without))
        return attack

    return add


def off(module: Any, name: str, instead: Any):
    """Takes a rule out by putting something else in its place."""
    return lambda _daemon, patch: patch.setattr(module, name, instead)


def nothing(*_arguments: Any) -> None:
    """Instead of a check."""


async def status(daemon, path: str, **headers: str) -> int:
    return (await daemon.client.get(path, headers=headers)).status


@rule("host", off(guard, "_check_host", nothing))
async def a_page_whose_name_was_pointed_here(daemon):
    return await status(daemon, "/", Host=f"evil.example:{daemon.client.port}") == 200


@rule("origin", off(guard, "_checked_origin", nothing))
async def another_extension_with_a_stolen_token(daemon):
    return await status(daemon, "/v1/pages", **{**daemon.headers, "Origin": OTHER}) == 200


@rule("site", off(guard, "_check_site", nothing))
async def an_image_tag_on_a_page(daemon):
    return await status(daemon, "/", **{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}) == 200


@rule("content type", off(guard, "_check_type", nothing))
async def a_form_that_looks_like_json(daemon):
    body = json.dumps({"code": await daemon.code(), "name": "Evil"})
    return (await daemon.client.post("/v1/pair", data=body, headers={"Content-Type": "text/plain"})).status == 200


@rule("own forms", off(guard, "_check_type", nothing))
async def a_form_sent_by_no_page_of_ours(daemon):
    await daemon.open_history()  # a browser would not even send the cookie: it is SameSite=Strict
    answer = await daemon.client.post("/settings/retention", data={"days": "1"}, allow_redirects=False)
    return answer.status == 303


@rule("compression", off(guard, "_check_type", nothing))
async def a_body_that_unpacks(daemon):
    headers = {**daemon.headers, "Content-Type": "application/json", "Content-Encoding": "gzip"}
    return (await daemon.client.post("/v1/tickets", data=gzip.compress(b"{}"), headers=headers)).status == 200


@rule("path", off(guard, "_PATH", re.compile(".*")))
async def a_path_spelt_so_that_the_token_check_misses_it(daemon):
    spelt = URL(f"http://{daemon.host}/%761/pages", encoded=True)
    return (await daemon.client.session.get(spelt)).status == 200


async def _anyone(*_arguments: Any) -> None:
    """Instead of a check that is awaited."""


@rule("token", off(guard, "_check_token", _anyone))
async def another_program_without_a_token(daemon):
    return await status(daemon, "/v1/pages") == 200


@rule("session", off(auth.Sessions, "holds", lambda *_: True))
async def a_browser_that_came_without_a_ticket(daemon):
    await daemon.read("Words.", title="A secret title")
    return "A secret title" in await daemon.page("/pages/1")


def _spent_without(condition: str):
    def spend(db, table, secret, now, lasts):
        found = db.execute(f"SELECT 1 FROM {table} WHERE hash = ? {condition}", [auth._hash(secret)]).fetchone()
        return found is not None

    return spend


@rule("one use", off(auth, "_spend", _spent_without("")))
async def a_code_that_was_used(daemon):
    code = await daemon.code()
    await daemon.pair(code)
    return (await daemon.pair(code, OTHER)).status == 200


@rule("one use", off(auth, "_spend", _spent_without("")))
async def a_ticket_from_the_browsers_history(daemon):
    path = (await (await daemon.post("/v1/tickets", {})).json())["url"].partition(daemon.host)[2]
    await daemon.client.get(path)
    return await status(daemon, path) == 200


@rule("expiry", off(auth, "_spend", _spent_without("")))
async def a_code_that_was_found_later(daemon):
    code = await daemon.code()
    daemon.clock.now += daemon.settings.code_seconds
    return (await daemon.pair(code)).status == 200


@rule("guessing", off(auth.Tries, "wait", lambda _tries: 0.0))
async def a_program_that_guesses_codes(daemon):
    code = await daemon.code()
    for _ in range(daemon.settings.pair_tries):
        await daemon.pair("AAAA-AAAA")
    return (await daemon.pair(code)).status == 200


@rule("ending", off(auth, "_end_sessions", nothing))
async def a_thief_who_made_a_ticket_before_the_token_was_renewed(daemon):
    path = (await (await daemon.post("/v1/tickets", {})).json())["url"].partition(daemon.host)[2]
    token = (await (await daemon.post("/v1/token", {})).json())["token"]
    daemon.headers["Authorization"] = f"Bearer {token}"
    return await status(daemon, path) == 200


@rule("pairing origin", off(api, "_pairing_origin", lambda request: request.headers["Origin"]))
async def a_script_in_our_own_pages_that_would_pair(daemon):
    return (await daemon.pair(await daemon.code(), f"http://{daemon.host}")).status == 200


@rule("local target", off(session, "is_local", lambda _to: True))
async def a_ticket_that_leads_elsewhere(daemon):
    path = (await (await daemon.post("/v1/tickets", {})).json())["url"].partition(daemon.host)[2]
    answer = await daemon.client.get(path.replace("to=/", "to=//evil.example"))
    return "url=//evil.example" in await answer.text()


def _unescaped(daemon, _patch):
    environment = aiohttp_jinja2.get_env(daemon.client.app)
    environment.autoescape = False
    environment.cache.clear()


@rule("escaping", _unescaped)
async def a_headline_that_is_a_script(daemon):
    await daemon.read("Here is the rewritten article.", title=HOSTILE, byline=HOSTILE)
    await daemon.open_history()
    return HOSTILE in await daemon.page("/pages/1")


def _without_header(name: str):
    return lambda _daemon, patch: patch.delitem(HEADERS, name)


@rule("content security policy", _without_header("Content-Security-Policy"))
async def a_page_of_ours_in_a_frame_or_with_a_foreign_script(daemon):
    policy = (await daemon.client.get("/")).headers.get("Content-Security-Policy", "")
    return "frame-ancestors 'none'" not in policy or "default-src 'none'" not in policy or "unsafe" in policy


@rule("referrer", _without_header("Referrer-Policy"))
async def a_site_that_learns_the_address_it_was_opened_from(daemon):
    return (await daemon.client.get("/")).headers.get("Referrer-Policy") not in ("no-referrer", "same-origin")


@rule("no store", _without_header("Cache-Control"))
async def a_cache_that_keeps_the_history(daemon):
    return (await daemon.client.get("/")).headers.get("Cache-Control") != "no-store"


def _limits(**changes: float):
    def loosen(daemon, _patch):
        app = daemon.client.app
        app._state[SETTINGS] = replace(app[SETTINGS], **changes)

    return loosen


PAGE = {"url": "https://news.example/a", "title": "A title", "blocks": [{"text": "Words."}] * 5001}


@rule("limits", _limits(blocks=10**6))
async def a_page_of_more_blocks_than_are_read(daemon):
    return (await daemon.post("/v1/pages", PAGE)).status == 200


@rule("limits", off(api, "_PAIR_BYTES", 10**6))
async def a_large_body_of_someone_without_a_token(daemon):
    body = {"code": await daemon.code(), "name": "Test", "more": " " * 5000}
    return (await daemon.client.post("/v1/pair", json=body)).status == 200


@rule("limits", off(engine.Engine, "place", lambda _engine, *, hidden=False: nullcontext()))
async def more_bodies_at_once_than_pages_may_wait(daemon):
    with ExitStack() as places:
        for _ in range(daemon.settings.queue + 1):
            places.enter_context(daemon.engine.place())
        return (await daemon.post("/v1/pages", {**PAGE, "blocks": []})).status == 200


@rule("record", lambda _daemon, patch: patch.setattr(api.protocol, "_flag", lambda *_: True))
async def a_private_page_that_is_kept(daemon):
    answer = await daemon.read("Words.", record=False)
    return answer["page_id"] is not None


@pytest.mark.parametrize("found", RULES, ids=lambda found: found.attack.__name__)
async def test_the_rule_is_what_holds(daemon, monkeypatch, found):
    assert not await found.attack(daemon), "The attack worked."
    found.without(daemon, monkeypatch)
    daemon.client.session.cookie_jar.clear()
    daemon.clock.now += 3600
    assert await found.attack(daemon), "The attack fails without the rule too: this tests another rule."


def test_every_rule_is_in_the_threat_model_and_every_rule_there_is_tested():
    told = set(re.findall(r"^\| `([^`]+)` \|", DOCS.read_text(), re.MULTILINE))
    assert told == {found.name for found in RULES}

"""How long the history's pages and queries take at a million pages, over HTTP, from a daemon in a process of its own.

The history is made (and kept for the next run where a folder is named), the daemon starts on it with a reader that has no
model, and every page and query is asked for, each time for another part of the history.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

from telltale.auth import make_code, make_ticket
from telltale.domain import Kind, Note, Page, Reading, Verdict
from telltale.history import open_database
from telltale.history.database import transaction
from telltale.listening import answers
from telltale.settings import Settings

from .made_history import END, make, size

PAGES = 1_000_000
ROUNDS = 60  # of each request; its p95 is then the third slowest
GOAL = 50.0  # ms, the p95 of every request
LEAK = "Here is the rewritten article."
FAMILY = "preamble"


class Reader:
    """Finds one sentence where it stands; what the model takes is not measured here."""

    model, speed = "telltale-1", "no model"

    def steps(self, page: Page) -> Iterator[Reading]:
        """The reading of a page, in one step."""
        notes = tuple(
            Note("block", i, 0, len(LEAK), LEAK, Kind.LEAK, FAMILY, 0.98)
            for i, block in enumerate(page.blocks)
            if block.text == LEAK
        )
        yield Reading(Verdict.UNDISCLOSED if notes else Verdict.NONE, notes, (), self.model, len(page.blocks))

    def rest(self) -> None:
        """It keeps nothing."""


@dataclass(frozen=True)
class Known:
    """What of the history is asked for."""

    outlets: list[str]
    pages: list[int]
    noted: list[int]
    words: list[str]


class Client:
    """One connection, paired and with a session."""

    def __init__(self, settings: Settings) -> None:
        self._connection = HTTPConnection("127.0.0.1", settings.port, timeout=60)
        with closing(open_database(settings.database)) as db, transaction(db):
            code, ticket = make_code(db, time.time(), 600), make_ticket(db, time.time(), 60)
        _, raw = self._ask("POST", "/v1/pair", {"code": code, "name": "bench"})
        self._headers = {"Authorization": f"Bearer {json.loads(raw)['token']}", "Accept": "text/html"}
        answer, _ = self._ask("GET", f"/open/{ticket}?to=/")
        self._headers["Cookie"] = answer.getheader("Set-Cookie", "").partition(";")[0]

    _headers: dict[str, str] = {"Accept": "text/html"}

    def get(self, path: str, **query: Any) -> bytes:
        """The body of an answer; anything but 200 is a fault of the bench."""
        return self._ask("GET", f"{path}?{urlencode(query)}" if query else path)[1]

    def post(self, path: str, body: Any) -> bytes:
        """The same for JSON that is sent."""
        return self._ask("POST", path, body)[1]

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _ask(self, method: str, path: str, body: Any = None) -> tuple[HTTPResponse, bytes]:
        headers = {**self._headers, **({"Content-Type": "application/json"} if body is not None else {})}
        self._connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = self._connection.getresponse()
        raw = answer.read()
        if answer.status != 200:
            raise SystemExit(f"bench: {method} {path} was answered {answer.status}: {raw[:300]!r}")
        return answer, raw


Ask = Callable[[random.Random], object]


def requests(client: Client, known: Known) -> dict[str, Ask]:
    """Every page and query by a name; each is asked for with a part of the history that chance chooses."""
    return {**_pages(client, known), **_searches(client, known), **_api(client, known), **_writes(client, known)}


def _pages(client: Client, known: Known) -> dict[str, Ask]:
    get, big = client.get, known.outlets[0]
    outlets = {
        f"outlets by {order}": (lambda c, order=order: get("/outlets", order=order))
        for order in ("undisclosed", "surest", "disclosed", "pages", "recent", "name")
    }
    return {
        "overview": lambda c: get("/"),
        "overview, all pages": lambda c: get("/", show="all"),
        "overview, older pages": lambda c: get("/", show="all", after=f"{_time(c)}~{c.choice(known.pages)}"),
        "overview, older notes": lambda c: get("/", after=f"{_time(c)}~{c.choice(known.pages)}"),
        **outlets,
        "outlets, later part": lambda c: get("/outlets", order="pages", after=f"{c.randrange(1000)}~x"),
        "largest outlet": lambda c: get(f"/outlets/{big}"),
        "largest outlet, notes": lambda c: get(f"/outlets/{big}", show="notes"),
        "an outlet": lambda c: get(f"/outlets/{c.choice(known.outlets)}"),
        "a page": lambda c: get(f"/pages/{c.choice(known.pages)}"),
        "a page with notes": lambda c: get(f"/pages/{c.choice(known.noted)}"),
        "network": lambda c: get("/network"),
        "review": lambda c: get("/review"),
        "review, below the threshold": lambda c: get("/review", show="possible"),
        "review, decided": lambda c: get("/review", show="decided"),
        "settings": lambda c: get("/settings"),
        "figures": lambda c: get("/figures"),
    }


def _searches(client: Client, known: Known) -> dict[str, Ask]:
    get, words = client.get, known.words

    def word(c: random.Random) -> str:
        return c.choice(words)

    return {
        "search, common word": lambda c: get("/search", q=words[0]),
        "search, a word": lambda c: get("/search", q=word(c)),
        "search, two words": lambda c: get("/search", q=f"{word(c)} {words[1]}"),
        "search, phrase": lambda c: get("/search", q='"the rewritten article"'),
        "search, prefix": lambda c: get("/search", q=f"{word(c)[:2]}*"),
        "search, one letter and a star": lambda c: get("/search", q=f"{word(c)[:1]}*"),
        "search, four letters and a star": lambda c: get("/search", q=f"{word(c)[:4]}*"),
        "search, without a word": lambda c: get("/search", q=f"{words[1]} -{words[0]}"),
        "search, word at an outlet": lambda c: get("/search", q=words[2], outlet=c.choice(known.outlets)),
        "search, family and months": lambda c: get("/search", family=FAMILY, since="2025-06", until="2026-05"),
        "search, removed": lambda c: get("/search", removed="1"),
        "search, older part": lambda c: get("/search", q=words[0], after=f"~{c.choice(known.pages)}"),
    }


def _api(client: Client, known: Known) -> dict[str, Ask]:
    get = client.get
    return {
        "GET /v1/status": lambda c: get("/v1/status"),
        "GET /v1/outlets": lambda c: get("/v1/outlets"),
        "GET /v1/outlets/{domain}": lambda c: get(f"/v1/outlets/{c.choice(known.outlets)}"),
        "GET /v1/pages": lambda c: get("/v1/pages"),
        "GET /v1/pages/{page_id}": lambda c: get(f"/v1/pages/{c.choice(known.noted)}"),
        "GET /v1/search": lambda c: get("/v1/search", q=c.choice(known.words)),
    }


def _writes(client: Client, known: Known) -> dict[str, Ask]:
    run = time.time_ns()  # a history that is kept has the pages of earlier runs

    def record(c: random.Random, *texts: str) -> Any:
        url = f"https://www.{c.choice(known.outlets)}/bench/{run}/{c.getrandbits(64)}"
        blocks = [{"text": text} for text in (*texts, *(f"Paragraph {c.random()}." for _ in range(30)))]
        return url, {"url": url, "title": f"Title {c.random()}", "byline": "By Bench", "blocks": blocks}

    def again(c: random.Random) -> None:
        _, body = record(c, LEAK)
        client.post("/v1/pages", body)
        with timed_only():
            client.post("/v1/pages", {**body, "blocks": body["blocks"][1:]})

    def feedback(c: random.Random) -> None:
        found = json.loads(client.post("/v1/pages", record(c, LEAK)[1]))
        with timed_only():
            client.post("/v1/feedback", {"page_id": found["page_id"], "note": found["notes"][0], "decision": "dismiss"})

    return {
        "record a page": lambda c: client.post("/v1/pages", record(c)[1]),
        "record a page with a note": lambda c: client.post("/v1/pages", record(c, LEAK)[1]),
        "record that a note went": again,
        "feedback": feedback,
    }


_marked: list[float] = []


@contextmanager
def timed_only() -> Iterator[None]:
    """Of a request that needs another before it, only this part is timed."""
    begin = time.perf_counter()
    yield
    _marked.append(time.perf_counter() - begin)


def measure(asked: dict[str, Ask], rounds: int, seed: int = 7) -> dict[str, list[float]]:
    """Milliseconds of each, the requests taking turns so that a busy moment hits all alike; the first round is not kept."""
    chance, times = random.Random(seed), {name: list[float]() for name in asked}
    for turn in range(rounds + 1):
        for name, ask in asked.items():
            _marked.clear()
            begin = time.perf_counter()
            ask(chance)
            taken = _marked[-1] if _marked else time.perf_counter() - begin
            if turn:
                times[name].append(taken * 1000)
    return times


def known_of(settings: Settings, seed: int = 5) -> Known:
    """Outlets from the largest on, pages, and words from the most frequent on, as the history has them."""
    with closing(open_database(settings.database)) as db:
        top = db.execute("SELECT max(id) FROM pages").fetchone()[0]
        outlets = [row[0] for row in db.execute("SELECT domain FROM outlets ORDER BY pages DESC LIMIT 200").fetchall()]
        noted = db.execute("SELECT id FROM pages WHERE verdict != 'none' ORDER BY id DESC LIMIT 20000").fetchall()
        titles = [t for (t,) in db.execute("SELECT title FROM pages WHERE id > ?", [top - 2000]).fetchall()]
    chance, counts = random.Random(seed), dict[str, int]()
    for word in " ".join(titles).lower().replace(".", "").split():
        counts[word] = counts.get(word, 0) + 1
    words = sorted(counts, key=lambda word: -counts[word])[:200]
    pages = [chance.randrange(1, top + 1) for _ in range(2_000)]
    return Known(outlets, pages, [row[0] for row in chance.sample(noted, min(500, len(noted)))], words)


@contextmanager
def daemon(settings: Settings) -> Iterator[None]:
    """The daemon in a process of its own, until it answers."""
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(settings,))
    process.start()
    try:
        while not answers(settings.port):
            if not process.is_alive():
                raise SystemExit("bench: the daemon ended before it answered.")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.join()


def _serve(settings: Settings) -> None:
    from telltale.app import run

    run(settings, Reader)


def _time(chance: random.Random) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(END - chance.randrange(700 * 86_400)))


def table(times: dict[str, list[float]]) -> str:
    """Median, p95 and slowest of each in milliseconds, those over the goal marked."""
    lines = ["| request | median ms | p95 ms | slowest ms |", "|---|---|---|---|"]
    for name, taken in times.items():
        p95 = p95_of(taken)
        over = " (over)" if p95 >= GOAL else ""
        lines.append(f"| {name} | {median(taken):.1f} | {p95:.1f}{over} | {max(taken):.1f} |")
    return "\n".join(lines)


def slow(found: dict[str, Any] | None) -> list[str]:
    """The requests of a measurement that do not keep the goal."""
    return [name for name, taken in found["ms"].items() if p95_of(taken) >= GOAL] if found else []


def p95_of(taken: list[float]) -> float:
    """The time that 95 of 100 stay under."""
    return quantiles(taken, n=20, method="inclusive")[-1]


def bench(folder: Path | None, pages: int, rounds: int = ROUNDS, port: int = 8_399) -> dict[str, Any]:
    """Make the history if it is not in the folder (a temporary one unless named), and time every request."""
    with tempfile.TemporaryDirectory() as made:
        settings = Settings(port=port, data_dir=folder or Path(made))
        if not settings.database.exists():
            print(f"bench: making {pages:,} pages of history …", file=sys.stderr)
            make(settings.database, pages)
        with daemon(settings), closing(Client(settings)) as client:
            times = measure(requests(client, known_of(settings)), rounds)
        bytes_a_page = round(size(settings.database) / pages)
        return {"pages": pages, "cores": os.cpu_count(), "bytes_a_page": bytes_a_page, "ms": times}

"""The web side on a real server and a real SQLite file, with a reader that needs no model."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from sqlite_utils import Database
from telltale.app import init_app
from telltale.auth import make_code
from telltale.domain import DISCLOSURE_FAMILIES, Block, Kind, Note, Page, Reading, kind_of
from telltale.history import open_database
from telltale.judge import verdict_of
from telltale.keys import ENGINE, HISTORY
from telltale.settings import Settings

# A busy machine is no failure.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

ORIGIN = "chrome-extension://dmjiacfhglgiaidjibjmcbfpjfciilhe"
SENTENCES = {
    "Here is the rewritten article.": "preamble",
    "I cannot help with that.": "refusal",
    "This article was written by AI.": DISCLOSURE_FAMILIES[0],
}


class FakeReader:
    """Knows three sentences; `gate` holds every reading until it is set, `read_titles` says what was read."""

    model = "fake-1"
    speed = "no model"
    step = 10  # blocks

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.begun = threading.Event()
        self.read_titles: list[str] = []
        self.rests = 0

    def rest(self) -> None:
        self.rests += 1

    def steps(self, page: Page) -> Iterator[Reading | None]:
        for at in range(0, max(len(page.blocks), 1), self.step):
            if at:
                yield None
            self.begun.set()
            assert self.gate.wait(10)
            self.read_titles.append(page.title)
        notes = notes_of(page)
        yield Reading(verdict_of(notes), notes, (), self.model, len(page.blocks))


def notes_of(page: Page) -> tuple[Note, ...]:
    texts = [("title", None, page.title), ("byline", None, page.byline)]
    texts += [("block", i, block.text) for i, block in enumerate(page.blocks)]
    return tuple(
        Note(where, i, text.index(s), text.index(s) + len(s), s, Kind(kind_of(f)), f, 0.98)
        for where, i, text in texts
        for s, f in SENTENCES.items()
        if s in text
    )


class FakeClock:
    """Seconds since 1970 that only tests move."""

    now = 1_795_525_200.0  # 2026-11-24T13:00:00Z

    def __call__(self) -> float:
        return self.now


class Daemon:
    """A running daemon and a client that is paired with it."""

    def __init__(self, client: TestClient[Any, Any], settings: Settings, reader: FakeReader, clock: FakeClock) -> None:
        self.client, self.settings, self.reader, self.clock = client, settings, reader, clock
        self.headers: dict[str, str] = {}

    @property
    def engine(self) -> Any:
        return self.client.app[ENGINE]

    @property
    def history(self) -> Any:
        return self.client.app[HISTORY]

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.client.port}"

    async def ready(self) -> None:
        """Wait until the reader is loaded, by letting the engine's own task run."""
        async with asyncio.timeout(10):
            while self.engine.model is None:
                await asyncio.to_thread(lambda: None)

    async def code(self) -> str:
        return await self.history.write(make_code, self.clock(), self.settings.code_seconds)

    async def pair(self, code: str, origin: str | None = ORIGIN) -> ClientResponse:
        headers = {"Origin": origin} if origin else {}
        return await self.client.post("/v1/pair", json={"code": code, "name": "Test"}, headers=headers)

    async def get(self, path: str, **headers: str) -> ClientResponse:
        return await self.client.get(path, headers={**self.headers, **headers})

    async def post(self, path: str, body: Any, **headers: str) -> ClientResponse:
        return await self.client.post(path, json=body, headers={**self.headers, **headers})

    async def read(self, *texts: str, url: str = "https://news.example/a", **fields: Any) -> Any:
        """Send a page of paragraphs and return the answer's body."""
        body = {"url": url, "title": "A title", "blocks": [{"text": t} for t in texts], **fields}
        answer = await self.post("/v1/pages", body)
        assert answer.status == 200, await answer.text()
        return await answer.json()

    async def page(self, path: str) -> str:
        """The HTML of a history page, asked for as a browser does."""
        answer = await self.client.get(path, headers={"Accept": "text/html"})
        return await answer.text()

    async def open_history(self) -> None:
        """Come by a ticket, as the extension does."""
        url = (await (await self.post("/v1/tickets", {})).json())["url"]
        answer = await self.client.get(url.partition(self.host)[2])
        assert answer.status == 200


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", models_dir=tmp_path / "models", queue=2, stop_seconds=5)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def reader() -> Iterator[FakeReader]:
    found = FakeReader()
    yield found
    found.gate.set()


Start = Callable[..., Awaitable[Daemon]]


@pytest.fixture
async def start(settings: Settings, reader: FakeReader, clock: FakeClock) -> AsyncIterator[Start]:
    """Starts daemons: `await start(factory=…, settings=…)`; each is stopped after the test."""
    clients: list[TestClient[Any, Any]] = []

    async def started(factory: Callable[[], Any] | None = None, settings: Settings = settings) -> Daemon:
        client = TestClient(TestServer(init_app(settings, factory or (lambda: reader), clock, clock)))
        clients.append(client)
        await client.start_server()
        return Daemon(client, settings, reader, clock)

    yield started
    reader.gate.set()
    for client in clients:
        await client.close()


@pytest.fixture
async def fresh(start: Start) -> Daemon:
    """A running daemon that nobody is paired with."""
    daemon = await start()
    await daemon.ready()
    return daemon


@pytest.fixture
async def daemon(fresh: Daemon) -> Daemon:
    """A running daemon and its paired extension."""
    token = (await (await fresh.pair(await fresh.code())).json())["token"]
    fresh.headers = {"Authorization": f"Bearer {token}", "Origin": ORIGIN}
    return fresh


@pytest.fixture
def db(settings: Settings) -> Iterator[Database]:
    database = open_database(settings.database)
    yield database
    database.close()


@pytest.fixture
def page_of() -> Callable[..., Page]:
    return lambda *texts: Page(title="A title", blocks=tuple(Block(t) for t in texts), url="https://news.example/a")

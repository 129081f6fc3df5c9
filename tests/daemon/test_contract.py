"""Every operation of the served OpenAPI document, with requests that schemathesis makes up, on a running daemon."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from aiohttp.test_utils import TestServer
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS, load_all_checks
from telltale.app import init_app
from telltale.auth import Pairing, make_code, redeem_code
from telltale.keys import HISTORY
from telltale.openapi import document
from telltale.settings import Settings

ORIGIN = "chrome-extension://dmjiacfhglgiaidjibjmcbfpjfciilhe"
load_all_checks()
TOO_STRICT = CHECKS.get_one("positive_data_acceptance")
SCHEMA = schemathesis.openapi.from_dict(document())
OPERATIONS = {result.ok().label: result.ok() for result in SCHEMA.get_all_operations()}
EXAMPLES = 40


class Running:
    """A daemon in a thread of its own, and the token of a client that keeps up with `POST /v1/token`."""

    def __init__(self, folder: Path, reader_class: Any) -> None:
        told = Settings(data_dir=folder, pair_tries=10**6)
        self.app = init_app(told, reader_class)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.server = self.do(self._start())
        self.url = str(self.server.make_url("/")).rstrip("/")
        self.token = self.do(self.app[HISTORY].write(self._paired))

    async def _start(self) -> TestServer:
        server = TestServer(self.app)
        await server.start_server()
        return server

    @staticmethod
    def _paired(db: Any) -> str:
        return redeem_code(db, make_code(db, 0, 600), Pairing("Test", ORIGIN), 0, 600)

    def do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def close(self) -> None:
        self.do(self.server.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


def _reader_class(request: pytest.FixtureRequest) -> Any:
    """The reader of the other tests of this folder; a conftest cannot be imported."""
    conftest = next(p for p in request.config.pluginmanager.get_plugins() if hasattr(p, "FakeReader"))
    return conftest.FakeReader


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Running]:
    found = Running(tmp_path_factory.mktemp("contract"), _reader_class(request))
    yield found
    found.close()


@pytest.mark.parametrize("label", OPERATIONS)
def test_whatever_is_asked_the_answer_is_one_that_the_document_promises(running, label):
    # Not checked is that all which fits the schemas is accepted: that a cursor was given out, that a web address has a
    # valid host, that a page was recorded is more than a schema can say.
    @given(case=OPERATIONS[label].as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    def ask(case):
        headers = {"Authorization": f"Bearer {running.token}", "Origin": ORIGIN}
        answer = case.call(base_url=running.url, headers=headers)
        case.validate_response(answer, excluded_checks=[TOO_STRICT])
        if label == "POST /v1/token" and answer.status_code == 200:
            running.token = answer.json()["token"]

    ask()

"""A daemon in a process of its own, paired, for what is measured from outside."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from aiohttp import ClientSession

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-c", "from telltale.cli import main; main()"]
LOOK_EVERY = 0.005  # seconds


class Daemon:
    """`async with Daemon(models) as daemon`: runs from entering to leaving, with a history of its own."""

    def __init__(self, models: Path) -> None:
        self._models = models
        self._folder = tempfile.TemporaryDirectory()
        self.seconds_to_ready = 0.0

    async def __aenter__(self) -> Daemon:
        code = self._telltale("pair", "--data", self._folder.name)
        began = time.perf_counter()
        self._process = self._started()
        self.url = f"http://127.0.0.1:{self._port()}"
        self.session = ClientSession(self.url)
        async with self.session.post("/v1/pair", json={"code": code.split()[-1], "name": "bench"}) as answer:
            self.headers = {"Authorization": f"Bearer {(await answer.json())['token']}"}
        while (await self.status())["state"] != "ready":  # noqa: ASYNC110 - another process has no event to wait for
            await asyncio.sleep(LOOK_EVERY)
        self.seconds_to_ready = time.perf_counter() - began
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.session.close()
        self._process.terminate()
        self._process.communicate()
        self._folder.cleanup()

    async def status(self) -> Any:
        """What the daemon says of itself."""
        async with self.session.get("/v1/status", headers=self.headers) as answer:
            return await answer.json()

    async def read(self, body: bytes) -> tuple[int, float, Any]:
        """Status, seconds that a refused client is asked to wait, and the answer."""
        headers = {**self.headers, "Content-Type": "application/json"}
        async with self.session.post("/v1/pages", data=body, headers=headers) as answer:
            return answer.status, float(answer.headers.get("Retry-After", 0)), await answer.json(content_type=None)

    def megabytes(self) -> dict[str, int] | None:
        """Resident memory now and at its peak; None where the system does not tell (it is read from Linux's /proc)."""
        path = Path(f"/proc/{self._process.pid}/status")
        if not path.exists():
            return None
        kilobytes = dict(re.findall(r"(VmRSS|VmHWM):\s+(\d+)", path.read_text()))
        return {"now": int(kilobytes["VmRSS"]) // 1024, "peak": int(kilobytes["VmHWM"]) // 1024}

    def _started(self) -> subprocess.Popen[str]:
        arguments = ["run", "--port", "0", "--data", self._folder.name, "--models", str(self._models)]
        return subprocess.Popen([*COMMAND, *arguments], stderr=subprocess.PIPE, text=True, env=_environment())

    def _port(self) -> int:
        assert self._process.stderr
        for line in self._process.stderr:
            if found := re.search(r"listens on http://127\.0\.0\.1:(\d+)", line):
                return int(found[1])
        raise SystemExit("bench: the daemon ended before it listened.")

    @staticmethod
    def _telltale(*arguments: str) -> str:
        return subprocess.run(
            [*COMMAND, *arguments], env=_environment(), stdout=subprocess.PIPE, text=True, check=True
        ).stdout


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "daemon")}

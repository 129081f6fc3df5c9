"""The daemon in a process of its own, as a person starts it, and a client that is paired with it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from .pages import NOTE, SECRET

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds that anything may take on a busy computer

# `FAULTS_MS` says how long a page takes to read; `before` and `after` may change the program.
_PROGRAM = """
{before}
import os, sys, time
from telltale import app, cli
from telltale.domain import Kind, Note, Reading, Verdict
class Reader:
    model, speed = "stand-in", "no model"
    def steps(self, page):
        time.sleep(int(os.environ.get("FAULTS_MS", "0")) / 1000)
        notes = tuple(Note("block", i, 0, len(b.text), b.text, Kind.LEAK, "preamble", 0.9)
            for i, b in enumerate(page.blocks) if b.text == {note!r})
        yield Reading(Verdict.UNDISCLOSED if notes else Verdict.NONE, notes, (), self.model, len(page.blocks))
    def rest(self): pass
if "--models" not in sys.argv:
    app.real_reader = lambda settings: Reader
{after}
cli.main()
"""


def command(*arguments: str, before: str = "", after: str = "") -> list[str]:
    """The command line of `telltale`, with the stand-in reader unless `--models` is among the arguments."""
    return [sys.executable, "-c", _PROGRAM.format(before=before, after=after, note=NOTE), *arguments]


def environment(**more: str) -> dict[str, str]:
    """The environment in which both the daemon and these modules are found."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "daemon"), str(ROOT / "scripts")]), **more}


def tell(*arguments: str, before: str = "", after: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command of `telltale` to its end."""
    given = command(*arguments, before=before, after=after)
    return subprocess.run(given, env=environment(), capture_output=True, text=True, timeout=PATIENCE)


class Daemon:
    """`telltale run` on a folder; killed at the end if it still runs."""

    def __init__(
        self, data: Path, models: Path | None = None, port: int = 0, ms: int = 0, before: str = "", after: str = ""
    ) -> None:
        arguments = ["run", "--data", str(data), "--port", str(port)]
        arguments += ["--models", str(models)] if models else []
        self.data, self.log, self.token, self._port = data, "", "", 0
        self.process = subprocess.Popen(
            command(*arguments, before=before, after=after),
            env=environment(FAULTS_MS=str(ms)),
            stderr=subprocess.PIPE,
            text=True,
        )
        self._listens = threading.Event()
        self._reading = threading.Thread(target=self._keep_log)
        self._reading.start()

    def __enter__(self) -> Daemon:
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()
        self.check_log()

    def _keep_log(self) -> None:
        assert self.process.stderr
        with self.process.stderr as stderr:
            for line in stderr:
                self.log += line
                if found := re.search(r"listens on http://127\.0\.0\.1:(\d+)", line):
                    self._port = int(found[1])
                    self._listens.set()
        self._listens.set()

    @property
    def port(self) -> int:
        """Where it listens. Raises AssertionError when it ends without."""
        assert self._listens.wait(PATIENCE) and self._port, self.log
        return self._port

    def pair(self) -> Daemon:
        """Become a client with a token, by `telltale pair`, once the daemon has opened its history."""
        assert self.port
        code = tell("pair", "--data", str(self.data)).stdout.split("code: ")[1].strip()
        status, _, answer = self.ask("POST", "/v1/pair", {"code": code, "name": "Chaos"})
        assert status == 200, answer
        self.token = answer["token"]
        return self

    def ready(self) -> Daemon:
        """Wait until the model is loaded. Raises AssertionError when it is not in time."""
        ends = time.monotonic() + PATIENCE
        while self.ask("GET", "/v1/status")[2]["state"] != "ready":
            assert time.monotonic() < ends, self.log
            time.sleep(0.05)
        return self

    def send(self, body: Mapping[str, Any], patience: float = PATIENCE) -> tuple[int, Mapping[str, str], Any]:
        """Have a page read, within `patience` seconds."""
        return self.ask("POST", "/v1/pages", body, patience)

    def ask(
        self, method: str, path: str, body: object = None, patience: float = PATIENCE
    ) -> tuple[int, Mapping[str, str], Any]:
        """Status, headers and JSON of an answer. Raises OSError or HTTPException when there is none."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=patience)
        raw = None if body is None else json.dumps(body)
        try:
            connection.request(method, path, raw, self.headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, json.loads(answer.read())
        finally:
            connection.close()

    @property
    def headers(self) -> dict[str, str]:
        """What every request of the client carries."""
        return {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}

    def stop(self) -> int:
        """End it as a person does; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """End it at once, with no chance to tidy up."""
        self.process.kill()
        self.process.wait(PATIENCE)
        self._reading.join(PATIENCE)

    def check_log(self) -> None:
        """Raises AssertionError when the log tells what was read, or the token."""
        for secret in (SECRET, NOTE, self.token):
            assert not secret or secret not in self.log, "The log tells what it must not."

    def memory(self, what: str = "VmRSS") -> float:
        """Resident megabytes now (`VmRSS`) or at most so far (`VmHWM`). Linux only: 0 elsewhere."""
        try:
            text = Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            return 0.0
        return int(re.findall(rf"{what}:\s+(\d+)", text)[0]) / 1024


def one_sentence(said: str) -> bool:
    """Whether a program said one sentence for a person, and no traceback."""
    return said.startswith("telltale: ") and said.endswith(".\n") and said.count("\n") == 1


def pages_of(daemon: Daemon, most: int = 10_000) -> list[str]:
    """The addresses of all recorded pages, by the API."""
    found: list[str] = []
    after: str | None = ""
    while after is not None and len(found) < most:
        listed = daemon.ask("GET", f"/v1/pages{f'?after={after}' if after else ''}")[2]
        found += [row["url"] for row in listed["pages"]]
        after = listed["next"]
    return found


def files_are_private(data: Path) -> bool:
    """Whether the folder is 0700 and every file in it 0600."""
    return data.stat().st_mode & 0o777 == 0o700 and all(f.stat().st_mode & 0o777 == 0o600 for f in data.iterdir())

"""The command in a process of its own, as a person starts it."""

from __future__ import annotations

import re
import subprocess
import sys

# A reader that finds nothing stands for the model, so that these tests need none and start fast.
RUN = """
import sys
from telltale import app, cli
from telltale.domain import Reading, Verdict
class Reader:
    model = "fake-1"
    def steps(self, page): yield Reading(Verdict.NONE, (), (), self.model, 1)
    def rest(self): pass
def broken(): raise OSError("The weights are torn.")
app.real_reader = lambda settings: broken if "broken" in sys.argv[0] else Reader
cli.main()
"""


class Process(subprocess.Popen):
    """Killed, not waited for, when the test fails."""

    def __exit__(self, kind, value, traceback):
        if kind:
            self.kill()
        super().__exit__(kind, value, traceback)


def telltale(*arguments: str, script: str = "run.py", **popen) -> Process:
    """The command in a process of its own, with a fake reader."""
    code = f"import sys; sys.argv[0] = {script!r}\n{RUN}"
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **popen}
    return Process([sys.executable, "-c", code, *arguments], **pipes)


def listening_port(process: Process) -> int:
    """The port that a daemon says it listens on."""
    for line in process.stderr:
        if found := re.search(r"listens on http://127\.0\.0\.1:(\d+)", line):
            return int(found[1])
    raise AssertionError("It ended without listening.")

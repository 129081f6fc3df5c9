"""The command in a process of its own, as a person starts it."""

from __future__ import annotations

import re
import subprocess
import sys

RUN = """
import sys
from pathlib import Path
from telltale import app, cli
class Reader:
    model = "fake-1"
    def read(self, page): ...
def broken(): raise OSError("The weights are torn.")
app.real_reader = lambda settings: broken if "broken" in sys.argv[0] else Reader
cli.main()
"""


def telltale(*arguments: str, script: str = "run.py", **popen) -> subprocess.Popen[str]:
    """The command in a process of its own, with a fake reader."""
    code = f"import sys; sys.argv[0] = {script!r}\n{RUN}"
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, "-c", code, *arguments], **pipes, **popen)


def listening_port(process: subprocess.Popen[str]) -> int:
    for line in process.stderr:
        if found := re.search(r"listens on http://127\.0\.0\.1:(\d+)", line):
            return int(found[1])
    raise AssertionError("It ended without listening.")

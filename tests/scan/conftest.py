"""A scan with the reader that knows two sentences, and records for it."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import fake_reader
import pytest
from telltale.scan.run import Local, Outcome, Told, run
from telltale.scan.stage import StageSettings, Wanted


@pytest.fixture(scope="session", autouse=True)
def same_modules():
    """The process that workers are forked from is told of no path but by the environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(p for p in sys.path if p))
        yield


@pytest.fixture
def lines(tmp_path):
    """Write records as JSON lines."""

    def write(records, name="in.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
        return path

    return write


@pytest.fixture
def scan():
    """Scan an input in two processes; what is told beyond that is of `Told`, or of the stage."""

    def scan(source: Path, output: Path, wanted: Wanted | None = None, workers: int = 2, then=None, **told) -> Outcome:
        stage = StageSettings(Path("models"), wanted=wanted or Wanted(), load=fake_reader.load)
        if "into" in told:
            stage = replace(stage, keep_pages=True)
        last = [then] if then else []
        return run(Told([source], output, stage, quiet=True, **told), lambda s: Local(s, workers), *last)

    return scan

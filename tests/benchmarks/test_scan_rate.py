"""The rate of a scan is never more than what its workers can do."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import fake_reader
import pytest
from benchmarks.scan import rate
from telltale.scan.raw import Raw


@pytest.mark.parametrize("workers", [1, 3])
def test_a_rate_counts_the_time_of_all_that_it_counts(monkeypatch, workers):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(p for p in sys.path if p))
    raws = [Raw(n, "json", json.dumps({"id": n, "text": f"Story {n}."}).encode(), n) for n in range(90)]
    most = workers / fake_reader.SECONDS
    assert most / 10 < rate(Path("models"), raws, workers, fake_reader.load_slow) <= most

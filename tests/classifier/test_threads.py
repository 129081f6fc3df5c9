"""What torch's threads do while they wait, and how many there are."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import torch
from telltale.classifier import threads as threads_module
from telltale.classifier.threads import take_threads


def test_torch_is_told_to_let_its_threads_sleep() -> None:
    """libgomp prints the settings it took when torch loads it."""
    settings = {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT"}
    environment = {k: v for k, v in os.environ.items() if k not in settings} | {"OMP_DISPLAY_ENV": "verbose"}
    code = "import telltale.reader"
    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert "OMP_WAIT_POLICY = 'PASSIVE'" in said.stderr
    assert "GOMP_SPINCOUNT = '30000'" in said.stderr


@pytest.mark.parametrize(
    ("load", "threads"),
    [
        ("0.10 0.20 0.30 1/321 4711", 4),
        ("1.10 0.20 0.30 2/321 4711", 3),
        ("9.10 0.20 0.30 12/321 4711", 1),
        ("not Linux", 4),
        (None, 4),
    ],
)
def test_a_thread_that_would_wait_for_a_core_is_left_out(tmp_path, monkeypatch, load, threads) -> None:
    before, said = torch.get_num_threads(), tmp_path / "loadavg"
    if load:
        said.write_text(load)
    monkeypatch.setattr(threads_module, "LOAD", said)
    monkeypatch.setattr(threads_module, "cores", lambda: 4)
    take_threads(4)
    taken = torch.get_num_threads()
    torch.set_num_threads(before)
    assert taken == threads

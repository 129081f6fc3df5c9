"""What torch's threads do while they wait."""

from __future__ import annotations

import os
import subprocess
import sys


def test_torch_is_told_to_let_its_threads_sleep() -> None:
    """libgomp prints the settings it took when torch loads it."""
    environment = {k: v for k, v in os.environ.items() if k != "OMP_WAIT_POLICY"} | {"OMP_DISPLAY_ENV": "true"}
    code = "import telltale.reader"
    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert "OMP_WAIT_POLICY = 'PASSIVE'" in said.stderr

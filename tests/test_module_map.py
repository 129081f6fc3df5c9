"""Who may import whom, also through others: the contracts in pyproject.toml (import-linter)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint(daemon: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", LINT, "--no-cache", "--config", str(ROOT / "pyproject.toml")]
    environ = {**os.environ, "PYTHONPATH": str(daemon)}
    return subprocess.run(command, capture_output=True, text=True, env=environ)


def test_the_module_map_holds():
    told = lint(ROOT / "daemon")
    assert told.returncode == 0, told.stdout


def test_an_import_that_the_map_forbids_is_found(tmp_path):
    shutil.copytree(ROOT / "daemon" / "telltale", tmp_path / "telltale")
    with (tmp_path / "telltale" / "history" / "wilson.py").open("a") as module:
        module.write("\nimport torch\n")
    told = lint(tmp_path)
    assert told.returncode == 1
    assert "telltale.history.wilson -> torch" in told.stdout

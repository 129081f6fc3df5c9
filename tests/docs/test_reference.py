"""What the pages take from the code (help texts, tables) is as the code has it now."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from telltale.cli import main

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs").glob("*.md"))


@pytest.fixture
def told():
    """`cog --check` as scripts/docs runs it."""

    def cog(*pages: Path) -> subprocess.CompletedProcess[str]:
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "daemon"), str(ROOT / "scripts")])}
        command = [sys.executable, "-m", "cogapp", "--check", "-p", "import reference", *map(str, pages)]
        return subprocess.run(command, capture_output=True, text=True, env=environ)

    return cog


def test_the_pages_have_what_the_code_says(told):
    check = told(*PAGES)
    assert check.returncode == 0, f"`scripts/docs write` renews them:\n{check.stdout}{check.stderr}"


def test_a_page_that_is_old_is_found(told, tmp_path):
    page = tmp_path / "commands.md"
    page.write_text(
        (ROOT / "docs" / "commands.md").read_text().replace("Usage: telltale check", "Usage: telltale chock")
    )
    assert told(page).returncode != 0


def test_every_command_and_option_has_a_help_text():
    context = main.make_context("telltale", ["--help"], resilient_parsing=True)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command and command.help, name
        missing = [p.name for p in command.params if p.param_type_name == "option" and not getattr(p, "help", None)]
        assert not missing, (name, missing)

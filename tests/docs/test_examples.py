"""The commands that the pages tell a person to type: each exists, and has the options that it is given."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from telltale.cli import main

ROOT = Path(__file__).parents[2]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("*.md")), ROOT / "extension" / "README.md"]


def typed(text: str) -> Iterator[list[str]]:
    """The words of each command in the shell blocks of a page, and of each `command` in its prose."""
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    lines += re.findall(r"`((?:telltale|scripts/)[^`\n]*)`", text)
    for line in lines:
        words = shlex.split(line, comments=True)
        if words and words[0].rpartition("/")[2] == "telltale":
            yield ["telltale", *words[1:]]
        elif words and re.fullmatch(r"scripts/[\w-]+", words[0]):
            yield words


def fault(words: list[str]) -> str:
    """What is wrong with a command, nothing when all of it exists."""
    if words[0].startswith("scripts/"):
        return "" if (ROOT / words[0]).exists() else f"there is no {words[0]}"
    command: click.Command = main
    context = click.Context(main, info_name="telltale")
    for word in words[1:]:
        if word.startswith("-") and word != "-":
            known = {"-h", "--help", *(name for p in command.params for name in (*p.opts, *p.secondary_opts))}
            if word.partition("=")[0] not in known:
                return f"{' '.join(words)}: no option {word}"
        elif isinstance(command, click.Group) and re.fullmatch("[a-z]+", word):
            found = command.get_command(context, word)
            if found is None:
                return f"{' '.join(words)}: no command {word}"
            command = found
    return ""


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_what_a_page_tells_to_type_exists(page):
    assert [f for f in map(fault, typed(page.read_text(encoding="utf-8"))) if f] == []


@pytest.mark.parametrize(
    "line", ["telltale chekc a.txt", "telltale pair --opne", "telltale service instal", "scripts/tset"]
)
def test_what_does_not_exist_is_found(line):
    assert fault(next(typed(f"`{line}`")))

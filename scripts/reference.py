"""The parts of docs/ that are made from the code. `scripts/docs write` puts them in; a test finds those that are old."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
from telltale import problems as errors
from telltale.cli import main
from telltale.domain import FAMILIES, kind_of

ROOT = Path(__file__).resolve().parent.parent
WORDS = ROOT / "extension" / "public" / "_locales" / "en" / "messages.json"
WIDTH = 100  # characters of the help texts


def problems() -> str:
    """Every error of the protocol as a table."""
    found = [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, errors.Problem)]
    rows = [f"| {c.status} | `{c.slug}` | {c.title} |" for c in sorted(found, key=lambda c: (c.status, c.slug))]
    return table("| status | code | title |", rows)


def families() -> str:
    """Every family with its kind, its name and the sentence that readers see, as a table."""
    words = json.loads(WORDS.read_text(encoding="utf-8"))
    rows = [
        f"| `{family}` | {kind_of(family).value} | {words[f'family_{family}']['message'].rstrip('.')} "
        f"| {words[f'family_{family}_why']['message']} |"
        for family in FAMILIES
    ]
    return table("| family | kind | in plain words | why it is one |", rows)


def scripts() -> str:
    """Every command of scripts/ with the sentence that it opens with, as a table."""
    files = [p for p in sorted((ROOT / "scripts").iterdir()) if p.is_file() and not p.suffix]
    return table("| command | what it does |", [f"| `scripts/{p.name}` | {_opening(p)} |" for p in files])


def commands() -> str:
    """The help text of every command."""
    return "\n\n".join(f"## {path}\n```text\n{text}\n```" for path, text in _helps(main, "telltale", None))


def table(head: str, rows: list[str]) -> str:
    """A markdown table, parted from what stands around it."""
    return "\n".join(["", head, "|" + "---|" * (head.count("|") - 1), *rows, ""])


def _opening(script: Path) -> str:
    """The first sentence of a script's comment or docstring, which may go over two lines."""
    lines = script.read_text(encoding="utf-8").splitlines()[1:4]
    text = " ".join(line.lstrip("# ") for line in lines).lstrip('"')
    return re.split(r"(?<=[.)\]`])\s|\. |: `|\"\"\"| set -euo", text)[0].rstrip(".").replace("|", "\\|") + "."


def _helps(command: click.Command, name: str, parent: click.Context | None) -> Iterator[tuple[str, str]]:
    context = click.Context(command, parent, name, terminal_width=WIDTH, help_option_names=["-h", "--help"])
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            assert found
            yield from _helps(found, child, context)

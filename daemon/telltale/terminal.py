"""What the command says to a person: one sentence when it cannot go on, and foreign text that drives no terminal."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

CANNOT = 1
BAD_USE = 2  # also click's own status for a bad option


def fail(sentence: str, exit_status: int = BAD_USE) -> NoReturn:
    """Say one sentence on standard error and end with this status."""
    click.echo(f"telltale: {sentence}", err=True)
    sys.exit(exit_status)


def printable(text: str) -> str:
    """Text of pages and names of browsers are hostile: control characters could drive the terminal."""
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)

"""Brings a person to the page on which they pair their browser with one click."""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from contextlib import closing
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from .settings import Settings

FILE = "pair.html"

_GO_ON = """<!doctype html>
<meta charset="utf-8">
<title>Telltale</title>
<meta http-equiv="refresh" content="0; url={url}">
<a href="{url}">Pair this browser</a>
"""


def invite(told: Settings, port: int) -> None:
    """Open the pairing page if no browser is paired yet, and say so; a history that cannot be read is told elsewhere."""
    from .auth import make_code, pairings
    from .history import HistoryError, open_database
    from .history.database import transaction

    try:
        with closing(open_database(told.database)) as db, transaction(db):
            code = None if pairings(db) else make_code(db, time.time(), told.code_seconds)
    except (HistoryError, sqlite3.Error):
        return
    if code:
        opened = open_pairing_page(port, told.data_dir, code)
        click.echo("No browser is paired yet: " + (OPENED if opened else "`telltale pair` makes a code for that."))


OPENED = "press the button of the page that opens, in the browser that has the extension."


def open_pairing_page(port: int, data_dir: Path, code: str) -> bool:
    """Open the daemon's pairing page with a code in the person's browser; whether a browser was asked to.

    The code stands after `#`, which browsers keep to themselves. It goes by way of a file that only this user can read:
    every user of the computer sees the arguments with which programs are started.
    """
    if not has_screen():
        return False
    file = data_dir / FILE
    file.unlink(missing_ok=True)  # made anew, so that its mode is ours
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(_GO_ON.format(url=escape(f"http://127.0.0.1:{port}/pair#{code}")))
    return click.launch(file.as_uri()) == 0


def has_screen() -> bool:
    """Whether a browser could show anything. Windows and macOS have one wherever a person can start a program."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def is_person() -> bool:
    """Whether somebody sits at the terminal, so that a window may open: a service and a script have none."""
    return sys.stdout.isatty() and sys.stderr.isatty()

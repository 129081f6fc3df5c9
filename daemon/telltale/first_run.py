"""Brings a person to the page on which they pair their browser with one click."""

from __future__ import annotations

import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .handover import hand_over

if TYPE_CHECKING:
    from .settings import Settings

FILE = "pair.html"


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

    The code stands after `#`, which browsers keep to themselves.
    """
    return hand_over(f"http://127.0.0.1:{port}/pair#{code}", "Pair this browser", data_dir / FILE)


def is_person() -> bool:
    """Whether somebody sits at the terminal, so that a window may open: a service and a script have none."""
    return sys.stdout.isatty() and sys.stderr.isatty()

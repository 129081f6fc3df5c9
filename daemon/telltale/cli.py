"""The command `telltale`. Each command imports what it needs when it runs, so that help and `check` start fast."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, ClassVar, NoReturn, cast

import click

from . import __version__, settings
from .offline import stay_home
from .terminal import BAD_USE, CANNOT, fail

if TYPE_CHECKING:
    from sqlite_utils import Database

    from .settings import Settings

LOG_BYTES = 1024 * 1024  # some 15,000 requests

data_option = click.option("--data", type=click.Path(path_type=Path), help="The folder of the history.")
port_option = click.option(
    "--port", type=click.IntRange(0, 65_535), help="The daemon's port; 8355 unless told otherwise."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
models_option = click.option("--models", type=click.Path(path_type=Path), help="The model folder.")


class Commands(click.Group):
    """The commands of this module, and those of others, each imported only when it is asked for."""

    _ELSEWHERE: ClassVar = {
        "check": "cli_text",
        "scan": "cli_scan",
        "browsers": "cli_trust",
        "unpair": "cli_trust",
        "doctor": "cli_trust",
        "service": "cli_service",
        "completion": "cli_service",
        "export": "cli_history",
        "import": "cli_history:import_history",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order that help shows them."""
        return [*super().list_commands(ctx), *self._ELSEWHERE]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported now if it is another module's."""
        if cmd_name not in self._ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        module, _, name = self._ELSEWHERE[cmd_name].partition(":")
        found: click.Command = getattr(import_module(f"telltale.{module}"), name or cmd_name)
        return found


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="telltale", message="%(prog)s %(version)s", help="Print the version.")
def main() -> None:
    """Telltale spots the notes that AI leaves behind in the news, on this computer alone."""
    stay_home()


@main.command()
@port_option
@data_option
@models_option
@click.option("--verbose", is_flag=True, help="Log errors in full, which may quote words of what was read.")
@click.option(
    "--log",
    type=click.Path(path_type=Path),
    help="Write the log to this file, of 1 MB and one older, not to the terminal.",
)
def run(port: int | None, data: Path | None, models: Path | None, verbose: bool, log: Path | None) -> None:
    """Run the daemon that the browser extension asks, until Ctrl-C.

    Started at a terminal while no browser is paired, it opens the page that pairs one with a click.

    Exit status: 0 when it was stopped, 1 when it cannot run.
    """
    told = told_settings(port, data, models)
    _start_log(verbose, log)
    # sqlite-utils imports pandas wherever it is installed: half a second and 70 MB that a daemon has no use for.
    sys.modules.setdefault("pandas", cast(ModuleType, None))
    from .app import run as serve
    from .first_run import invite, is_person
    from .history import HistoryError
    from .listening import StartError

    try:
        stuck = serve(told, listening=partial(invite, told) if is_person() else None)
    except (StartError, HistoryError) as error:
        if log:
            logging.getLogger("telltale").error("%s", error)
        fail(str(error), CANNOT)
    if stuck:
        _leave()


@main.command()
@port_option
@data_option
@json_option
@click.option("--open", "to_open", is_flag=True, help="Open the daemon's page that pairs with a click.")
def pair(port: int | None, data: Path | None, as_json: bool, to_open: bool) -> None:
    """Make a code that pairs a browser's extension with the daemon."""
    told = told_settings(port, data)
    from .auth import make_code
    from .listening import answers

    if to_open and not answers(told.port):
        fail(_not_running(told.port), CANNOT)
    code = _in_history(told, make_code, told.code_seconds)
    if to_open:
        _open_pairing_page(told, code)
    if as_json:
        click.echo(json.dumps({"code": code, "seconds": told.code_seconds}))
        return
    click.echo(f"Enter this code in the extension within {told.code_seconds // 60} minutes; it works once.")
    click.echo(f"code: {code}")


@main.command("open")
@port_option
@data_option
@click.option("--print", "only_print", is_flag=True, help="Print the address instead of opening a browser.")
def open_history(port: int | None, data: Path | None, only_print: bool) -> None:
    """Open the history in the browser; the address works once, for a minute."""
    told = told_settings(port, data)
    from .auth import make_ticket
    from .handover import hand_over
    from .listening import answers

    if not answers(told.port):
        fail(_not_running(told.port), CANNOT)
    url = f"http://127.0.0.1:{told.port}/open/{_in_history(told, make_ticket, told.ticket_seconds)}?to=/"
    if only_print or not hand_over(url, "Open the history", told.data_dir / "open.html"):
        click.echo(url)
        return
    click.echo("If the browser may not read the file that brings it there: `telltale open --print`.", err=True)


@main.command()
@port_option
@data_option
@json_option
def status(port: int | None, data: Path | None, as_json: bool) -> None:
    """Say whether the daemon runs and what the history holds.

    Exit status: 0 when it runs, 1 when it does not.
    """
    told = told_settings(port, data)
    from .listening import answers

    runs, pages = answers(told.port), _pages(told)
    if as_json:
        click.echo(json.dumps({"runs": runs, "port": told.port, "history": str(told.database), "pages": pages}))
    else:
        click.echo(f"Telltale runs on port {told.port}." if runs else _not_running(told.port))
        click.echo(f"History: {told.database}, {_count(pages)}.")
    sys.exit(0 if runs else CANNOT)


@main.command()
def version() -> None:
    """Print the version."""
    click.echo(f"telltale {__version__}")


def _open_pairing_page(told: Settings, code: str) -> None:
    from .first_run import OPENED, open_pairing_page

    if open_pairing_page(told.port, told.data_dir, code):
        click.echo(f"To pair, {OPENED}", err=True)
    else:
        click.echo("No browser could be asked to open the page.", err=True)


def told_settings(port: int | None = None, data: Path | None = None, models: Path | None = None) -> Settings:
    try:
        return settings.load(port, data, models)
    except settings.SettingsError as error:
        fail(str(error), BAD_USE)


def _in_history(told: Settings, make: Callable[[Database, float, int], str], lasts: int) -> str:
    """Make a secret in the history's file, which the daemon may have open."""
    from .history import HistoryError, open_database
    from .history.database import transaction

    try:
        db = open_database(told.database)
        with closing(db), transaction(db):
            return make(db, time.time(), lasts)
    except (HistoryError, sqlite3.Error) as error:
        fail(str(error), CANNOT)


def _pages(told: Settings) -> int | None:
    if not told.database.exists():
        return None
    from .history import HistoryError, open_database
    from .history.queries import page_count

    try:
        with closing(open_database(told.database)) as db:
            return page_count(db)
    except (HistoryError, sqlite3.Error) as error:
        fail(str(error), CANNOT)


def _count(pages: int | None) -> str:
    return "not made yet" if pages is None else f"{pages} page{'' if pages == 1 else 's'}"


def _not_running(port: int) -> str:
    return f"Telltale does not run on port {port}; `telltale run` starts it."


def _start_log(verbose: bool, file: Path | None) -> None:
    handlers = [_log_file(file)] if file else None
    when = "%Y-%m-%d %H:%M:%S" if file else "%H:%M:%S"
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt=when, handlers=handlers)
    logging.getLogger("telltale").setLevel(logging.DEBUG if verbose else logging.INFO)


def _log_file(path: Path) -> logging.Handler:
    from logging.handlers import RotatingFileHandler

    os.umask(0o077)  # whatever this process makes from here on is its user's alone, the next log file too
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")
    except OSError as error:
        fail(f"The log {path} cannot be written: {error.strerror}.", BAD_USE)


def _leave() -> NoReturn:
    """End without waiting for the page in work: everything acknowledged is on disk already."""
    logging.shutdown()
    os._exit(0)

"""The commands about who is let in and whether all is well: `browsers`, `unpair`, `doctor`."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .cli import data_option, json_option, models_option, port_option, told_settings
from .terminal import CANNOT, fail, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

    from .settings import Settings


@click.command()
@data_option
@json_option
def browsers(data: Path | None, as_json: bool) -> None:
    """List the browsers that are paired."""
    from .auth import pairings

    with _history(told_settings(data=data)) as db:
        found = pairings(db)
    if as_json:
        click.echo(json.dumps(found, indent=1))
        return
    for pairing in found:
        origin = pairing["origin"] or "no browser"
        click.echo(f"{pairing['id']}  {pairing['created']}  {printable(pairing['name'])} ({printable(origin)})")
    if not found:
        click.echo("No browser is paired; `telltale pair` makes a code.")


@click.command()
@data_option
@click.argument("ids", metavar="ID…", nargs=-1)
@click.option("--all", "everyone", is_flag=True, help="End every pairing.")
def unpair(data: Path | None, ids: tuple[str, ...], everyone: bool) -> None:
    """End the pairings with these IDs, which `telltale browsers` lists; open history pages close too.

    Exit status: 0 when all were ended, 1 when one was unknown.
    """
    from .auth import pairings
    from .auth import unpair as end

    if everyone == bool(ids):
        raise click.UsageError("Name one ID or more, or --all.")
    with _history(told_settings(data=data)) as db:
        wanted = [pairing["id"] for pairing in pairings(db)] if everyone else list(ids)
        unknown = [pairing_id for pairing_id in wanted if not end(db, pairing_id)]
    for pairing_id in wanted:
        if pairing_id not in unknown:
            click.echo(f"{pairing_id} is paired no longer.")
    if unknown:
        fail(f"No pairing has the ID {printable(', '.join(unknown))}; `telltale browsers` lists them.", CANNOT)


@click.command()
@port_option
@data_option
@models_option
@json_option
@click.option("--repair", is_flag=True, help="Get back what can be read of FILE, else of the history itself.")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def doctor(
    port: int | None, data: Path | None, models: Path | None, as_json: bool, repair: bool, file: Path | None
) -> None:
    """Look whether all is well: versions, model, files, history, pairings, network.

    Exit status: 0 when nothing is wrong, 1 when something is.
    """
    told = told_settings(port, data, models)
    if repair:
        _repair(told, file)
        return
    from .doctor import WRONG, examine

    findings = examine(told)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=1))
    else:
        width = max(len(finding.what) for finding in findings)
        for finding in findings:
            click.echo(f"{finding.state:5}  {finding.what:{width}}  {finding.says}")
    sys.exit(CANNOT if any(finding.state == WRONG for finding in findings) else 0)


def _repair(told: Settings, file: Path | None) -> None:
    from .history import HistoryError

    try:
        with _held(told.database, file):
            _repair_file(file) if file else _repair_own(told.database)
    except (HistoryError, OSError) as error:
        fail(str(error), CANNOT)


@contextmanager
def _held(database: Path, file: Path | None) -> Iterator[None]:
    """Another file than the history may be repaired while a daemon runs."""
    from .history.lock import hold

    if file and not (database.exists() and file.samefile(database)):
        yield
        return
    lock = hold(database)
    try:
        yield
    finally:
        lock.release()


def _repair_own(database: Path) -> None:
    """Put what can be read in the damaged history's place; the damaged file stays beside it."""
    import time

    from .history.aside import move_aside
    from .history.salvage import is_whole, salvage

    if is_whole(database):
        click.echo(f"{database} has no fault; nothing was changed.")
        return
    kept = move_aside(database, time.time())
    click.echo(f"The damaged history was moved to {kept}.")
    _say_saved(salvage(kept, database), database)


def _repair_file(file: Path) -> None:
    from .history.aside import REPAIRED
    from .history.salvage import salvage

    target = file.with_stem(file.stem + REPAIRED)
    if target.exists():
        fail(f"{target} is there already; move it away first.", CANNOT)
    _say_saved(salvage(file, target), target)


def _say_saved(saved: dict[str, int], target: Path) -> None:
    told = ", ".join(f"{count:,} {table}" for table, count in saved.items() if count)
    click.echo(f"Got back into {target}: {told or 'nothing'}.")


@contextmanager
def _history(told: Settings) -> Iterator[Database]:
    from .history import HistoryError, open_database
    from .history.database import transaction

    try:
        with closing(open_database(told.database)) as db, transaction(db):
            yield db
    except (HistoryError, sqlite3.Error) as error:
        fail(str(error), CANNOT)

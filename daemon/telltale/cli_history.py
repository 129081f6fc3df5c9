"""The commands that take the history elsewhere and back: `export` and `import`."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING

import click

from .cli import data_option, told_settings
from .domain import FAMILIES, Verdict
from .terminal import BAD_USE, CANNOT, fail

if TYPE_CHECKING:
    from sqlite_utils import Database

    from .history.finding import Search
    from .history.merge.merge import Report

STDOUT = "-"
FORMATS = {
    ".csv": "csv",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".db": "sqlite",
    ".sqlite": "sqlite",
}
MOST_FAULTS = 10  # that are said in full


@click.command()
@data_option
@click.option(
    "-o", "--output", default=STDOUT, show_default=True, help="The file to write; its ending tells the format."
)
@click.option(
    "--format", "form", type=click.Choice(sorted(set(FORMATS.values()))), help="The format, whatever the ending."
)
@click.option("--words", default="", help="Only pages with these words, as the search page takes them.")
@click.option("--outlet", default="", metavar="DOMAIN", help="Only this outlet's pages.")
@click.option("--verdict", type=click.Choice([v.value for v in Verdict]), help="Only pages with this verdict.")
@click.option("--family", type=click.Choice(FAMILIES), help="Only pages with a note of this family.")
@click.option("--since", default="", metavar="MONTH", help="Only pages first seen from this month on, such as 2026-01.")
@click.option("--until", default="", metavar="MONTH", help="Only pages first seen up to this month.")
@click.option("--removed", is_flag=True, help="Only pages from which a note was removed later.")
@click.option(
    "--source", default="", metavar="NAME", help="An imported history or a scan instead of what this browser read."
)
@click.option("--overwrite", is_flag=True, help="Replace the file if it is there.")
def export(
    data: Path | None, output: str, form: str | None, source: str, overwrite: bool, **filters: str | bool
) -> None:
    """Write the history, or what the options choose of it, as CSV, JSON, NDJSON or SQLite.

    NDJSON and SQLite can be imported elsewhere. Beside SQLite, a NAME.metadata.json is written for Datasette. The daemon
    may run meanwhile.

    Exit status: 0 when it was written, 1 when it cannot be, 2 when the options cannot be met.
    """
    from .history.finding import SearchError

    told = told_settings(data=data)
    form = form or FORMATS.get(Path(output).suffix.lower()) or _unknown(output)
    if not told.database.exists():
        fail(f"There is no history in {told.data_dir}.", CANNOT)
    if output != STDOUT and Path(output).exists() and not overwrite:
        fail(f"{output} is there already; --overwrite replaces it.", BAD_USE)
    try:
        with _history(told.database) as db:
            named = _named(db)
            wanted = _search(named, source, filters)
            count = (
                _write_sqlite(told.database, output, wanted) if form == "sqlite" else _write(db, output, form, wanted)
            )
    except SearchError as error:
        fail(str(error), BAD_USE)
    except OSError as error:
        fail(f"{output} cannot be written: {error.strerror}.", CANNOT)
    click.echo(f"Wrote {_pages(count)}.{_elsewhere(named) if not count and not source else ''}", err=True)


@click.command("import")
@data_option
@click.option("--name", default="", help="What to call whose history it is; the file's name unless told.")
@click.option(
    "--own", is_flag=True, help="Count its pages with what this browser read; pages known here stay as they are."
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_history(data: Path | None, name: str, own: bool, file: Path) -> None:
    """Take another's history in, from FILE: what `telltale export` wrote as NDJSON or SQLite.

    It is shown apart, and counts for nothing that this browser read. Taken in again, only what is new is added. The
    daemon may run meanwhile.

    Exit status: 0 when all was taken in, 1 when something was left out or nothing can be.
    """
    from .history.merge.files import FileError
    from .history.merge.merge import Told, import_file
    from .times import iso

    try:
        with _history(told_settings(data=data).database) as db:
            report = import_file(db, file, Told(name, own), iso(time.time()))
    except FileError as error:
        fail(str(error), CANNOT)
    _say(report)


def _unknown(output: str) -> str:
    if output == STDOUT:
        return "ndjson"
    fail(f"The file's name must end in one of {', '.join(FORMATS)}, or --format must name the format.", BAD_USE)


def _named(db: Database) -> dict[str, int]:
    """The sources that --source can name."""
    from .history.queries import sources
    from .history.schema import OWN

    return {row["name"]: row["id"] for row in sources(db) if row["id"] != OWN}


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names) or "none"


def _elsewhere(known: Mapping[str, int]) -> str:
    return f" They would be of what this browser read; --source names another: {_quoted(known)}." if known else ""


def _search(known: Mapping[str, int], source: str, filters: Mapping[str, str | bool | None]) -> Search:
    from .history.finding import Search
    from .history.schema import OWN

    if source and source not in known:
        fail(f"No source is called '{source}'; there are: {_quoted(known)}.", BAD_USE)
    chosen = {name: value for name, value in filters.items() if value is not None}
    return Search(source=known.get(source, OWN), **chosen)  # type: ignore[arg-type]  # click has checked them


def _write(db: Database, output: str, form: str, wanted: Search) -> int:
    from .history.export import pages, text

    written, found = text.FORMATS[form](), pages.batch(db, wanted)
    count = 0
    with _opened(output) as out:
        out.write(written.head().encode())
        while found:
            out.write(written.write(found).encode())
            count += len(found)
            found = pages.batch(db, wanted, found[-1]["page_id"])
        out.write(written.tail().encode())
    return count


def _write_sqlite(database: Path, output: str, wanted: Search) -> int:
    """Made beside the file, so that there is never half of one."""
    from .history.export.sqlite import write

    if output == STDOUT:
        fail("SQLite cannot be written to standard output; name a file with -o.", BAD_USE)
    target = Path(output)
    with TemporaryDirectory(prefix=f".{target.name}-", dir=target.absolute().parent) as folder:
        made = Path(folder) / "history.db"
        count = write(database, made, wanted)
        about = Path(folder) / "metadata.json"
        about.write_text(json.dumps(_metadata(made, target.stem), ensure_ascii=False, indent=1), encoding="utf-8")
        about.chmod(0o600)
        made.replace(target)
        about.replace(target.with_suffix(".metadata.json"))
    return count


def _metadata(made: Path, name: str) -> dict[str, object]:
    from .history.export.datasette import metadata

    with closing(sqlite3.connect(made)) as db:
        found = db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
    return metadata(name, [table for (table,) in found])


@contextmanager
def _opened(output: str) -> Iterator[IO[bytes]]:
    """For its owner alone, as the history is."""
    if output == STDOUT:
        yield sys.stdout.buffer
        return
    with os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        if Path(output).is_file():  # that was there keeps its mode otherwise; a device keeps it rightly
            Path(output).chmod(0o600)
        yield file


@contextmanager
def _history(database: Path) -> Iterator[Database]:
    from .history import HistoryError, open_database

    try:
        with closing(open_database(database)) as db:
            yield db
    except (HistoryError, sqlite3.Error) as error:
        fail(str(error), CANNOT)


def _say(report: Report) -> None:
    counts = ", ".join(f"{count:,} {outcome}" for outcome, count in report.counts.items())
    click.echo(f"Taken in: {_pages(sum(report.counts.values()))} ({counts}).")
    for where, sentence in report.faults[:MOST_FAULTS]:
        click.echo(f"Left out: {where}: {sentence}", err=True)
    if report.faults:
        fail(f"{_pages(len(report.faults))} could not be taken in.", CANNOT)


def _pages(count: int) -> str:
    return f"{count:,} page{'' if count == 1 else 's'}"

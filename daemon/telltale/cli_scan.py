"""The command `telltale scan`. No web code is imported here."""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .cli import models_option
from .settings import default_models_dir
from .terminal import CANNOT, fail

if TYPE_CHECKING:
    from .history.scanned import Scanned
    from .scan.run import Engine, Outcome, Told
    from .scan.stage import StageSettings

INTERRUPTED = 130  # as shells have it for Ctrl-C
MOST_ON_GPU = 4  # each has a copy of the model there, and cores are many


@click.command()
@click.argument("sources", metavar="INPUT...", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option(
    "-o", "--output", default="-", show_default=True, help="Where results go: NDJSON, .parquet, .db or .sqlite."
)
@click.option(
    "--source",
    metavar="NAME",
    help="Put results into the history, as a source of this name, apart from what was browsed.",
)
@click.option("--data", type=click.Path(path_type=Path), help="The folder of the history.")
@click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    help="Processes that read; as many as cores unless told, at most 4 on a GPU.",
)
@click.option(
    "--sample",
    default=1.0,
    type=click.FloatRange(0, 1, min_open=True),
    help="Read this share of the records, the same ones each time, such as 0.01.",
)
@click.option(
    "--since", metavar="DAY", help="Read what was published, or else crawled, from this day on, such as 2026-01-31."
)
@click.option(
    "--outlet",
    "outlets",
    multiple=True,
    metavar="DOMAIN",
    help="Read the pages of this site's outlet; may be repeated.",
)
@click.option(
    "--field", "fields", multiple=True, metavar="NAME=COLUMN", help="Which column holds a field, such as text=content."
)
@click.option(
    "--report", type=click.Path(path_type=Path), help="Write a report with plots: .html, or .json for the figures."
)
@click.option("--overwrite", is_flag=True, help="Begin anew, whatever is there.")
@click.option("--quiet", is_flag=True, help="Say nothing but faults.")
@click.option("--ray", "address", metavar="ADDRESS", help="Read on a Ray cluster: local, auto or ray://HOST:PORT.")
@click.option(
    "--device",
    default="auto",
    show_default=True,
    help="Where the model computes: auto (a GPU if there is one), cpu, cuda, cuda:N or mps.",
)
@click.option(
    "--precision",
    default="auto",
    show_default=True,
    type=click.Choice(["auto", "int8", "bf16", "fp32"]),
    help="How the model computes; auto takes the fastest, once for the whole scan.",
)
@models_option
def scan(
    sources: tuple[str, ...], output: str, source: str | None, data: Path | None, workers: int | None, sample: float,
    since: str | None, outlets: tuple[str, ...], fields: tuple[str, ...], report: Path | None, overwrite: bool,
    quiet: bool, address: str | None, device: str, precision: str, models: Path | None,
) -> None:  # fmt: skip
    """Read a corpus: each INPUT is a file of JSON lines, WARC or Parquet (.gz and .zst too), a page, or a folder of these.

    A record has text, html or blocks, and an id or url; the results are in the order of the inputs. What cannot be read is
    written beside the output and does not stop the scan. A scan that was ended goes on when the same command is given,
    unless it reads or writes -.

    Exit status: 0 when all was gone through, 1 when nothing but errors came of it, 2 when it cannot begin or go on, 130 when
    Ctrl-C ended it.
    """
    from .classifier.weights import ModelError, read_card
    from .history.database import HistoryError
    from .scan.device import check_device
    from .scan.raw import ScanError
    from .scan.run import Told, run
    from .scan.stage import StageSettings, Wanted

    if "-" in sources and len(sources) > 1:
        fail("Standard input (-) cannot be read beside other inputs.")
    folder = (models or default_models_dir()).absolute()
    wanted = Wanted(sample, frozenset(map(_outlet, outlets)), _day(since))
    stage = StageSettings(folder, precision, wanted, _columns(fields), device=device, keep_pages=source is not None)
    told = Told([Path(s) for s in sources], Path(output), stage, overwrite=overwrite, quiet=quiet, report=report)
    try:
        read_card(folder)  # said here, once, and not by each worker
        check_device(device, here=address is None)
        history: list[Path] = []
        if source is not None:
            database = _database(data)
            history = [database, database.with_name(f"{database.name}-wal")]
            told = _into_history(told, source, database)
        if report:
            _check_report(report, told, history)
        outcome = run(told, lambda s: _engine(s, workers, address), lambda found: _end(found, told, source))
    except (ScanError, ModelError, HistoryError) as error:
        fail(str(error))
    except KeyboardInterrupt:  # before the reading, or at the report; the reading itself tells of it in the outcome
        sys.exit(INTERRUPTED)
    if not outcome.finished:
        sys.exit(INTERRUPTED)
    if set(outcome.summary.counts) == {"errors"}:
        sys.exit(CANNOT)


def _end(outcome: Outcome, told: Told, source: str | None) -> None:
    """Say what came of it, and write the report; the summary was said also where that fails."""
    if not told.quiet:
        click.echo(_closing(outcome, told), err=True)
        if source is not None:
            click.echo(f"The history has these pages as the source '{source}'.", err=True)
    if told.report:
        _write_report(told.report, outcome, told)


def _database(data: Path | None) -> Path:
    from .settings import SettingsError, load

    try:
        return load(data_dir=data).database
    except SettingsError as error:
        fail(str(error))


def _into_history(told: Told, source: str, database: Path) -> Told:
    """The same scan with the history for its output; what belongs beside an output lies beside the history, as private."""
    from dataclasses import replace
    from hashlib import sha256

    from .history.database import open_database
    from .times import iso

    if told.output != Path("-"):
        fail("--source and --output each name a place for the results; give one of them.")
    open_database(database).close()  # what is wrong with it is said before anything is read
    now = iso(time.time())
    beside = database.with_name(f"scan-{sha256(source.encode('utf-8', 'replace')).hexdigest()[:12]}")
    return replace(told, output=beside, into=lambda mark: _opened(database, source, mark, now))


def _opened(database: Path, source: str, mark: str | None, now: str) -> Scanned:
    """The source, which must be there where a scan goes on: else what it has written would be lost without a word."""
    from contextlib import closing

    from .history.database import HistoryError, open_database
    from .history.queries import sources
    from .history.scanned import Scanned

    if mark:
        with closing(open_database(database)) as db:
            if source not in (known["name"] for known in sources(db)):
                raise HistoryError(
                    f"{database} no longer holds the source '{source}' that the scan had written to; put it back to go on, or "
                    "use --overwrite to begin anew."
                )
    return Scanned(database, source, mark or now)


def _engine(settings: StageSettings, workers: int | None, address: str | None) -> Engine:
    if address:
        from .scan.cluster import Cluster

        return Cluster(settings, workers, address)
    from .scan.run import Local

    return Local(settings, workers or (_cores() if settings.device == "cpu" else min(_cores(), MOST_ON_GPU)))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _outlet(told: str) -> str:
    """The outlet of a domain or an address, as records have it."""
    from .outlets import AddressError, address_of

    try:
        return address_of(told if "://" in told else f"https://{told}").outlet
    except AddressError:
        fail(f"--outlet must be a domain such as news.example, not '{told}'.")


def _day(told: str | None) -> str:
    try:
        return date.fromisoformat(told).isoformat() if told else ""
    except ValueError:
        fail(f"--since must be a day such as 2026-01-31, not '{told}'.")


def _columns(told: tuple[str, ...]) -> dict[str, str]:
    from .scan.records import FIELDS

    pairs = [pair.partition("=") for pair in told]
    for name, _, column in pairs:
        if name not in FIELDS or not column:
            fail(f"--field must be NAME=COLUMN with a NAME of {', '.join(FIELDS)}.")
    return {name: column for name, _, column in pairs}


def _check_report(path: Path, told: Told, history: list[Path]) -> None:
    """Before hours of reading: whether the report can be written, and over nothing that is read or written."""
    place = path.resolve()  # where a link points: what the attempt makes is deleted, and not the link
    taken = [*told.paths, *history, *(told.beside(suffix) for suffix in ("", ".errors.ndjson", ".scan", ".scan-wal"))]
    if place in {other.resolve() for other in taken}:
        fail(f"The report would be written over {path}, which is read or written too; name another file for --report.")
    if _may_be_input(place, told):
        fail(f"{path} stands in a folder that is to be read; delete it, or name another file for --report.")
    new = not place.exists()
    try:
        place.open("ab").close()
    except OSError as error:
        fail(f"{path} cannot be written: {error.strerror}.")
    if new:
        place.unlink()


def _may_be_input(place: Path, told: Told) -> bool:
    """Whether a file stands in a folder that is read. A scan that goes on may have written it, and knows its inputs."""
    from .scan.sinks import holds_something

    goes_on = told.beside(".scan").exists() and not told.overwrite
    folders = [path.resolve() for path in told.paths if path.is_dir()]
    return not goes_on and holds_something(place) and any(map(place.is_relative_to, folders))


def _write_report(path: Path, outcome: Outcome, told: Told) -> None:
    from .scan.raw import ScanError
    from .scan.report import html
    from .times import iso

    if path.suffix.lower() == ".json":
        text = json.dumps(outcome.summary.as_json(), ensure_ascii=False, indent=1) + "\n"
    else:
        text = html(outcome.summary, [p.name for p in told.paths], told.stage.models.name, iso(time.time()))
    try:
        path.write_text(text, encoding="utf-8", errors="replace")  # a file's name need not be UTF-8
    except OSError as error:
        again = "; the same command tries again" if told.lasting else ""
        raise ScanError(f"{path} cannot be written: {error.strerror}{again}.") from None


def _closing(outcome: Outcome, told: Told) -> str:
    lines = [f"Went on after {outcome.resumed} records."] if outcome.resumed else []
    lines.append(outcome.summary.as_text())
    if outcome.summary.counts.get("errors") and outcome.errors.exists():
        lines.append(f"What could not be read is in {outcome.errors}.")
    if not outcome.finished:
        more = "the same command goes on from here" if told.lasting else "with - there is no place to go on from"
        lines.append(f"The scan was ended before its end; {more}.")
    return "\n".join(lines)

"""A scan from its inputs to its results: which engine reads, what is kept, and where to go on."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol

from ..classifier.weights import read_card
from . import inputs
from .device import settled
from .formats import STDIN
from .progress import Progress
from .raw import Batch, Done, Part, Position, ScanError
from .sinks import Lines, Sink, Sqlite, holds_something, open_sink
from .stage import StageSettings, load_reader
from .state import State
from .summary import Summary, summary_of, write_outlets


class Engine(Protocol):
    """What reads the records of parts from a place on, in order."""

    def run(self, parts: list[Part], first: int, after: Position | None) -> Iterator[Done]:
        """What became of each batch of parts[first:], the first of them from behind a position."""

    def close(self) -> None:
        """End what it started."""


@dataclass(frozen=True)
class Told:
    """What a scan is told. `output` is a file or `-`; `into` opens what takes the results instead of a file, given the
    mark of an earlier run or None, and then `output` only names the files that stand beside it. `report` is what will be
    written of the outcome."""

    paths: list[Path]
    output: Path
    stage: StageSettings
    overwrite: bool = False
    quiet: bool = False
    into: Callable[[Any], Sink] | None = None
    report: Path | None = None

    @property
    def lasting(self) -> bool:
        """Whether there is something to go on from: a pipe cannot be read or written again."""
        return self.output != STDIN and self.paths != [STDIN]

    def beside(self, suffix: str) -> Path:
        """A file beside the output."""
        return self.output.with_name(self.output.name + suffix)

    def own(self) -> frozenset[Path]:
        """What the scan itself writes in a format that it reads: no input, also when it lies in a folder that is one."""
        beside = [self.beside(suffix) for suffix in ("", ".errors.ndjson", ".parts")]
        return frozenset(path.resolve() for path in (*beside, *([self.report] if self.report else [])))


@dataclass(frozen=True)
class Outcome:
    """What a scan came to."""

    summary: Summary
    errors: Path
    finished: bool
    resumed: int = 0


class Local:
    """The engine of this machine."""

    def __init__(self, told: StageSettings, workers: int) -> None:
        from .local import Workers

        self._workers = Workers(told, workers)

    def run(self, parts: list[Part], first: int, after: Position | None) -> Iterator[Done]:
        """See Engine."""
        return self._workers.run(batches_of(parts, first, after))

    def close(self) -> None:
        """See Engine."""
        self._workers.close()


def batches_of(parts: list[Part], first: int, after: Position | None) -> Iterator[Batch]:
    """The batches of all parts from a place on."""
    for number in range(first, len(parts)):
        yield from inputs.batches(parts[number], number, after if number == first else None)


def run(
    told: Told, engine: Callable[[StageSettings], Engine], then: Callable[[Outcome], None] = lambda outcome: None
) -> Outcome:
    """Scan. Ended by Ctrl-C it says so in the outcome; the same call goes on from there. `then` is what is done with the
    outcome: if that raises, the same call comes to it again. Raises ScanError and, where the card of the model cannot be read,
    ModelError."""
    try:
        return _run(told, engine, then)
    except BrokenPipeError:  # who read the output has enough; that is no fault to tell
        raise
    except (OSError, sqlite3.Error) as error:
        raise ScanError(f"The scan cannot go on: {error}.") from error


def _run(told: Told, engine: Callable[[StageSettings], Engine], then: Callable[[Outcome], None]) -> Outcome:
    own = told.own()
    if told.output != STDIN and own & {path.resolve() for path in told.paths}:
        raise ScanError(f"{told.output} would be written over what is to be read; name another output.")
    parts = [Part(STDIN, "lines", 0)] if told.paths == [STDIN] else inputs.parts_of(told.paths, own, told.stage.columns)
    state = _state(told)
    over = not told.lasting
    try:
        resumed = _check(state, told, parts)
        finished, summary = _into_sinks(told, state, parts, engine)
        outcome = Outcome(summary, told.beside(".errors.ndjson"), finished, resumed)
        then(outcome)
        over = over or finished  # not before all is written: until then another run can still do it
    finally:
        state.close(over)
    return outcome


def _into_sinks(
    told: Told, state: State, parts: list[Part], engine: Callable[[StageSettings], Engine]
) -> tuple[bool, Summary]:
    stage = replace(_settled(told.stage, state), known=state.path)
    sinks = _sinks(told, state.told("marks") or {})
    with ExitStack() as fault:
        for sink in sinks.values():
            fault.callback(sink.close, False)
        finished = _scan(told, state, parts, sinks, engine, stage)
        summary = summary_of(state)
        if finished and isinstance(sinks["out"], Sqlite):
            write_outlets(sinks["out"].db, summary)
            sinks["out"].mark()
        fault.pop_all()
    for sink in sinks.values():
        sink.close(finished)
    return finished, summary


def _scan(
    told: Told, state: State, parts: list[Part], sinks: dict[str, Sink], engine: Callable[[StageSettings], Engine], stage: StageSettings
) -> bool:  # fmt: skip
    first, after = state.told("at") or (0, None)
    read = state.told("read") or 0
    before = [0]
    for part in parts:
        before.append(before[-1] + part.size)
    committed = time.monotonic()
    state.commit(**{name: sink.mark() for name, sink in sinks.items()})
    with closing(engine(stage)) as running, Progress(before[-1], before[first] + read, told.quiet) as progress:
        try:
            for done in running.run(parts, first, after):
                with _whole():
                    _write(done, parts, sinks)
                    state.add(done)
                    progress.advance(done, before[done.part] + done.done)
                    if time.monotonic() - committed >= sinks["out"].seconds:
                        state.commit(**{name: sink.mark() for name, sink in sinks.items()})
                        committed = time.monotonic()
        except KeyboardInterrupt:
            return _commit(state, sinks, finished=False)
    return _commit(state, sinks, finished=True)


@contextmanager
def _whole() -> Iterator[None]:
    """Ctrl-C waits: a batch that was written but not counted would be written again when the scan goes on."""
    if threading.current_thread() is not threading.main_thread():  # no other is interrupted
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        signal.raise_signal(signal.SIGINT)


def _commit(state: State, sinks: dict[str, Sink], finished: bool) -> bool:
    state.commit(**{name: sink.mark() for name, sink in sinks.items()})
    return finished


def _write(done: Done, parts: list[Part], sinks: dict[str, Sink]) -> None:
    sinks["out"].write(done.rows)
    sinks["errors"].write({"input": str(parts[done.part].path), **fault} for fault in done.faults)


def _sinks(told: Told, marks: dict[str, Any]) -> dict[str, Sink]:
    out = told.into(marks.get("out")) if told.into else open_sink(told.output, marks.get("out", 0))
    errors: Sink = StderrLines()
    with ExitStack() as fault:
        fault.callback(out.close, False)
        if told.output != STDIN:
            mode = 0o600 if told.into else 0o644  # what stands beside a history is as private as the history
            errors = Lines(told.beside(".errors.ndjson"), marks.get("errors"), mode)
        fault.pop_all()
    return {"out": out, "errors": errors}


class StderrLines:
    """Errors where there is no file to stand beside."""

    seconds = 1.0

    def write(self, rows: Iterable[dict[str, Any]]) -> None:
        """A sentence each."""
        import click

        for row in rows:
            click.echo(
                f"telltale: {row['input']}, {row['id'] or row['at']}: {row['error']}".translate(_PLAIN), err=True
            )

    def mark(self) -> Any:
        """Nothing to go on from."""
        return None

    def close(self, finished: bool) -> None:
        """Nothing to close."""


_PLAIN = {n: f"\\x{n:02x}" for n in (*range(32), *range(127, 160))}  # a page's text must not drive the terminal


def _state(told: Told) -> State:
    """The state beside the output, or one that goes with the run where there is nothing to go on from."""
    if not told.lasting:
        import tempfile

        handle, name = tempfile.mkstemp(suffix=".telltale-scan")
        os.close(handle)
        _refuse_existing(told, None)
        return State(Path(name))
    path = told.beside(".scan")
    if told.overwrite:
        for found in (path, told.beside(".scan-wal"), told.beside(".scan-shm"), told.beside(".errors.ndjson")):
            found.unlink(missing_ok=True)
        told.output.unlink(missing_ok=True)
    _refuse_existing(told, path)
    return State(path)


def _refuse_existing(told: Told, state: Path | None) -> None:
    there = told.output != STDIN and holds_something(told.output)
    if there and told.overwrite and state is None:
        told.output.unlink()
    elif there and not (state and state.exists()):
        raise ScanError(f"{told.output} exists already; name another file, or use --overwrite.")


def _check(state: State, told: Told, parts: list[Part]) -> int:
    """How many records earlier runs of the same scan have read. Raises ScanError where it is another scan."""
    stage = told.stage
    wanted = [stage.wanted.sample, sorted(stage.wanted.outlets), stage.wanted.since, sorted(stage.columns.items())]
    files = [[str(p.path.absolute()), p.format, p.size] for p in parts]
    here = [files, wanted, str(stage.models), _model(stage), stage.precision, stage.device]
    mine = json.loads(json.dumps(here))  # as it is kept: lists for tuples
    known = state.told("scan")
    if known is not None and known != mine:
        raise ScanError(
            f"{told.output} was begun with other inputs, filters, another model, device or precision; "
            "repeat that command to go on, or use --overwrite."
        )
    state.tell("scan", mine)
    found = state.db.execute("SELECT count FROM counts WHERE name = 'records'").fetchone()
    return int(found[0]) if found else 0


def _settled(stage: StageSettings, state: State) -> StageSettings:
    """The stage on the device and in the precision that the scan began with, chosen then, for all workers alike."""
    if stage.load is not load_reader:
        return stage
    found = state.told("computed")
    if found is None:
        found = _chosen(stage)
        state.tell("computed", found)
    return replace(stage, device=found[0], precision=found[1])


def _chosen(stage: StageSettings) -> tuple[str, str]:
    """By another process: torch stays out of this one, which only hands on."""
    try:
        with ProcessPoolExecutor(1, get_context("spawn")) as other:
            return other.submit(settled, stage.device, stage.precision).result()
    except BrokenProcessPool:
        raise ScanError(
            "The process that chooses device and precision died; torch needs some 300 MB of memory."
        ) from None


def _model(stage: StageSettings) -> dict[str, Any]:
    """The model's card, with the digests of its files: one that was trained anew may lie in the same folder."""
    return asdict(read_card(stage.models)) if stage.load is load_reader else {}

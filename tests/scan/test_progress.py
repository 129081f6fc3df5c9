"""What is said of how far a scan has come: rate and time left are of this run alone."""

from __future__ import annotations

import io

import pytest
from corpora import record, write
from telltale.scan import progress, run
from telltale.scan.progress import Progress
from telltale.scan.raw import Done
from telltale.scan.state import State


@pytest.fixture
def clock(monkeypatch):
    """A clock that is set by hand."""
    time = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: time[0])
    return time


def done(rows: int = 60) -> Done:
    return Done(0, 0, 0, [{}] * rows)


def test_the_line_leaves_out_what_earlier_runs_read(clock, capsys):
    with Progress(1000, 800) as said:
        clock[0] = 60.0
        said.advance(done(), 850)
    assert capsys.readouterr().err == "60 pages, 1.0 pages/s, 85% read, about 3 minutes left.\n"


def test_the_bar_says_the_same(clock, monkeypatch):
    screen = io.StringIO()
    screen.isatty = lambda: True
    monkeypatch.setattr(progress.sys, "stderr", screen)
    with Progress(1000, 800) as said:
        clock[0] = 60.0
        said.advance(done(), 850)
    shown = screen.getvalue()
    assert "85%" in shown and "1.0 pages/s, about 3 minutes left" in shown


def test_where_an_earlier_run_ended_within_a_file_is_where_this_one_begins(scan, tmp_path, monkeypatch):
    begun = []
    monkeypatch.setattr(
        run, "Progress", lambda size, before, quiet: begun.append(before) or Progress(size, before, True)
    )
    source = write(tmp_path / "in.jsonl", [record(i) for i in range(100)])
    add = State.add

    def interrupted(state, done):
        add(state, done)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(State, "add", interrupted)
        scan(source, tmp_path / "out.ndjson")
    scan(source, tmp_path / "out.ndjson")
    lines = source.read_bytes().splitlines(keepends=True)
    assert begun == [0, sum(map(len, lines[:32]))]

"""A scan that was ended goes on where it was, if it is the same scan; what ends it is told in one sentence."""

from __future__ import annotations

import errno
import shutil
import signal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from corpora import record, results, write
from telltale.cli_scan import _closing
from telltale.scan import run as module
from telltale.scan.raw import ScanError
from telltale.scan.sinks import Parquet
from telltale.scan.stage import StageSettings
from telltale.scan.state import State
from telltale.scan.summary import Summary, summary_of


@pytest.fixture
def source(tmp_path):
    return write(tmp_path / "in.jsonl", [record(i) for i in range(100)])


def interrupted(add, after=True):
    """Ctrl-C when a batch was written, before it is counted or after that."""

    def adding(state, done):
        if after:
            add(state, done)
        signal.raise_signal(signal.SIGINT)
        if not after:
            add(state, done)

    return adding


@pytest.mark.parametrize("after", [False, True])
def test_ctrl_c_between_writing_and_counting_doubles_nothing(scan, source, tmp_path, monkeypatch, after):
    with monkeypatch.context() as patch:
        patch.setattr(State, "add", interrupted(State.add, after))
        outcome = scan(source, tmp_path / "out.ndjson")
    assert (outcome.finished, outcome.summary.counts["records"]) == (False, len(results(tmp_path / "out.ndjson")))
    outcome = scan(source, tmp_path / "out.ndjson")
    assert [r["id"] for r in results(tmp_path / "out.ndjson")] == list(range(100))
    assert (outcome.finished, outcome.summary.counts["records"]) == (True, 100)


def test_ctrl_c_that_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with module._whole():
            signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_scan_goes_on_with_its_columns_and_not_with_another_model(tmp_path, monkeypatch):
    cards = iter(["a", "a", "b"])
    monkeypatch.setattr(module, "_model", lambda stage: {"files": {"weights.safetensors": next(cards)}})
    told = module.Told([], tmp_path / "out", StageSettings(Path("models"), columns={"text": "content"}))
    state = State(tmp_path / "out.scan")
    try:
        assert [module._check(state, told, []) for _ in range(2)] == [0, 0]
        with pytest.raises(ScanError, match="another model"):
            module._check(state, told, [])
    finally:
        state.close()


@pytest.mark.parametrize("name", ["out.ndjson", "out.md", "out.parquet"])
def test_a_scan_goes_on_whose_results_lie_in_the_folder_that_it_reads(scan, tmp_path, monkeypatch, name):
    write(tmp_path / "a.jsonl", [{"id": "bad"}, *(record(i) for i in range(40))])
    for page in "pq":
        (tmp_path / f"{page}.md").write_text("A story.")
    output, report = tmp_path / "sub" / ".." / name, tmp_path / "report.html"
    (tmp_path / "sub").mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(State, "add", interrupted(State.add))
        assert not scan(tmp_path, output, report=report).finished
    assert (tmp_path / f"{name}.errors.ndjson").exists()
    report.write_text("<html>What was found so far.</html>")
    outcome = scan(tmp_path, output, report=report)
    counts = outcome.summary.counts
    assert (outcome.finished, counts["records"], counts["errors"]) == (True, 42, 1)


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("out.ndjson", "out.ndjson"),
        ("out.db", "out.db"),
        ("out.parquet", "out.parquet.parts"),
        ("out.ndjson", "out.ndjson.errors.ndjson"),
    ],
)
def test_a_scan_whose_results_are_gone_does_not_go_on_without_them(scan, tmp_path, monkeypatch, name, gone):
    source = write(tmp_path / "in.jsonl", [{"id": "bad"}, *(record(i) for i in range(99))])
    with monkeypatch.context() as patch:
        patch.setattr(State, "add", interrupted(State.add))
        assert not scan(source, tmp_path / name).finished
    left = tmp_path / gone
    shutil.rmtree(left) if left.is_dir() else left.unlink()
    for _ in range(2):  # the refusal leaves nothing that a second try would take for the results
        with pytest.raises(ScanError, match=f"{gone.removesuffix('.parts')} no longer holds .*--overwrite"):
            scan(source, tmp_path / name)
    assert scan(source, tmp_path / name, overwrite=True).summary.counts["records"] == 99


def test_an_empty_file_is_not_taken_for_results_whose_parts_may_go(scan, source, tmp_path, monkeypatch):
    output = tmp_path / "out.parquet"
    output.touch()
    with monkeypatch.context() as patch:
        patch.setattr(State, "add", interrupted(State.add))
        scan(source, output)
    shutil.rmtree(tmp_path / "out.parquet.parts")
    with pytest.raises(ScanError, match="no longer holds"):
        scan(source, output)


def test_results_that_were_cut_are_refused_too(scan, source, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(State, "add", interrupted(State.add))
        scan(source, tmp_path / "out.ndjson")
    (tmp_path / "out.ndjson").write_text("{}\n")
    with pytest.raises(ScanError, match="no longer holds"):
        scan(source, tmp_path / "out.ndjson")
    assert (tmp_path / "out.ndjson").read_text() == "{}\n"


def test_device_and_precision_are_chosen_once_and_kept(tmp_path, monkeypatch):
    found = iter([("cpu", "bf16")])
    monkeypatch.setattr(module, "_chosen", lambda stage: next(found))
    state = State(tmp_path / "out.scan")
    try:
        for _ in range(2):
            stage = module._settled(StageSettings(Path("models"), device="auto"), state)
            assert (stage.device, stage.precision) == ("cpu", "bf16")
        assert "Computed on cpu in bf16." in summary_of(state).as_text()
    finally:
        state.close()


def test_what_is_done_with_the_outcome_is_done_again_if_it_failed(scan, source, tmp_path):
    def fails(outcome):
        raise ScanError("The report cannot be written.")

    with pytest.raises(ScanError, match="report"):
        scan(source, tmp_path / "out.parquet", then=fails)
    came = []
    scan(source, tmp_path / "out.parquet", then=came.append)
    assert [outcome.summary.counts["records"] for outcome in came] == [100]
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 100
    assert not (tmp_path / "out.parquet.scan").exists()


@pytest.mark.parametrize(("paths", "output", "goes_on"), [("a", "out", True), ("-", "out", False), ("a", "-", False)])
def test_that_it_goes_on_is_said_only_where_it_does(paths, output, goes_on):
    told = module.Told([Path(paths)], Path(output), StageSettings(Path("models")))
    ended = module.Outcome(Summary({}, [], [], []), Path("errors"), finished=False)
    assert ("the same command goes on" in _closing(ended, told)) == goes_on


def full(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("name", ["out.ndjson", "out.db"])
def test_a_full_disk_is_one_sentence(scan, source, tmp_path, monkeypatch, name):
    monkeypatch.setattr(module, "_write", full)
    with pytest.raises(ScanError, match=r"cannot go on.*No space left on device.*\.$"):
        scan(source, tmp_path / name)


def test_a_disk_that_is_full_only_at_the_end_loses_nothing(scan, source, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(Parquet, "_put_together", full)
        with pytest.raises(ScanError, match="cannot go on"):
            scan(source, tmp_path / "out.parquet")
    assert scan(source, tmp_path / "out.parquet").resumed == 100
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 100


def test_a_parquet_file_that_was_put_together_outlives_a_kill_after_it(scan, source, tmp_path):
    scan(source, tmp_path / "out.parquet")
    Parquet(tmp_path / "out.parquet", 1).close(finished=True)
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 100
    assert not (tmp_path / "out.parquet.parts").exists()

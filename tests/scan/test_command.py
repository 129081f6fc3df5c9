"""The command `telltale scan`: its report, its exit status, and whose pages it reads."""

from __future__ import annotations

import json
from dataclasses import replace

import fake_reader
import pytest
from click.testing import CliRunner
from corpora import record, results, write
from dying_scan import Here
from telltale import cli_scan
from telltale.cli import main
from telltale.scan import device, run


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Give the command records and options; it reads with the reader that knows two sentences."""
    monkeypatch.setattr("telltale.classifier.weights.read_card", lambda folder: None)
    monkeypatch.setattr(run, "_model", lambda stage: {})
    monkeypatch.setattr(run, "_chosen", lambda stage: ("cpu", "fp32"))
    monkeypatch.setattr(cli_scan, "_engine", lambda stage, *_: Here(replace(stage, load=fake_reader.load)))

    def command(records, *options):
        source = write(tmp_path / "in.jsonl", records)
        return CliRunner().invoke(main, ["scan", str(source), "-o", str(tmp_path / "out.ndjson"), *map(str, options)])

    return command


RECORDS = [record(i) for i in range(40)]


def test_a_report_that_cannot_be_written_is_refused_before_anything_is_read(command, tmp_path):
    told = command(RECORDS, "--report", tmp_path / "none" / "report.html")
    assert (told.exit_code, told.stderr.count("\n")) == (2, 1)
    assert not (tmp_path / "out.ndjson").exists()


@pytest.mark.parametrize("name", ["out.ndjson", "in.jsonl", "out.ndjson.errors.ndjson", "./in.jsonl"])
def test_a_report_over_what_is_read_or_written_is_refused(command, tmp_path, name):
    told = command(RECORDS, "--report", f"{tmp_path}/{name}")
    assert (told.exit_code, "another file for --report" in told.stderr) == (2, True)
    assert len(results(tmp_path / "in.jsonl")) == 40


def test_a_report_that_fails_at_the_end_costs_neither_the_summary_nor_a_second_reading(command, tmp_path):
    report = tmp_path / "report.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli_scan, "_check_report", lambda *_: report.mkdir())
        told = command(RECORDS, "--report", report)
    assert (told.exit_code, "40 records read" in told.stderr) == (2, True)
    report.rmdir()
    told = command(RECORDS, "--report", report)
    assert (told.exit_code, "Went on after 40 records." in told.stderr) == (0, True)
    found = json.loads(report.read_text("utf-8"))
    assert (found["counts"]["records"], found["device"], found["precision"]) == (40, "cpu", "fp32")
    assert len(results(tmp_path / "out.ndjson")) == 40


def test_nothing_but_errors_is_no_success(command):
    assert command([{"id": 1}]).exit_code == 1
    assert command([{"id": 1}, record(2)], "--overwrite").exit_code == 0


@pytest.mark.parametrize(
    ("told", "outlet"),
    [
        ("BBC.co.uk", "bbc.co.uk"),
        ("www.bbc.co.uk", "bbc.co.uk"),
        ("https://www.bbc.co.uk/news?x=1", "bbc.co.uk"),
        ("müller.de", "xn--mller-kva.de"),
        ("localhost", "localhost"),
    ],
)
def test_an_outlet_is_named_as_addresses_name_it(told, outlet):
    assert cli_scan._outlet(told) == outlet


def test_what_names_no_outlet_is_refused_and_what_does_chooses(command, tmp_path):
    assert command(RECORDS, "--outlet", "no host").exit_code == 2
    assert command(RECORDS, "--outlet", "www.outlet1.example").exit_code == 0
    assert {r["outlet"] for r in results(tmp_path / "out.ndjson")} == {"outlet1.example"}


@pytest.mark.parametrize(("where", "workers"), [("cpu", 16), ("cuda", 4)])
def test_a_gpu_has_few_workers_unless_told(monkeypatch, where, workers):
    monkeypatch.setattr(cli_scan, "_cores", lambda: 16)
    monkeypatch.setattr(run, "Local", lambda stage, count: count)
    stage = run.StageSettings(None, device=where)
    assert (cli_scan._engine(stage, None, None), cli_scan._engine(stage, 7, None)) == (workers, 7)


def test_integers_are_for_processors_alone(monkeypatch):
    monkeypatch.setattr(device, "device_of", lambda told: "cuda")
    with pytest.raises(device.ScanError, match=r"on cuda the precision must be auto, fp32 or bf16\.$"):
        device.settled("auto", "int8")


def test_a_gpu_that_is_elsewhere_decides_for_itself(monkeypatch):
    monkeypatch.setattr(device, "_present", lambda told: False)
    assert device.settled("cuda", "auto") == ("cuda", "auto")

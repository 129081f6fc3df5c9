"""The command `telltale scan`: its report, its exit status, and whose pages it reads."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import fake_reader
import pytest
from click.testing import CliRunner
from corpora import html_of, record, results, write
from dying_scan import Here
from telltale import cli_scan
from telltale.cli import main
from telltale.scan import device, run
from telltale.scan.stage import StageSettings


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


@pytest.mark.parametrize("options", [[], ["--overwrite"]])
def test_a_report_over_what_stands_in_a_folder_that_is_read_is_refused(command, tmp_path, options):
    page = tmp_path / "pages" / "a.html"
    page.parent.mkdir()
    page.write_bytes(html_of(1))
    (tmp_path / "out.ndjson.scan").touch() if options else None
    told = command(RECORDS, "--report", page, page.parent, *options)
    assert (told.exit_code, "delete it, or name another file for --report" in told.stderr) == (2, True)
    assert page.read_bytes() == html_of(1)


def test_a_report_in_a_folder_that_is_read_is_written_again_by_the_scan_that_goes_on(command, tmp_path):
    report = tmp_path / "pages" / "report.html"
    report.parent.mkdir()
    report.with_name("a.html").write_bytes(html_of(1))

    def half(path, *_):
        path.write_text("<!doc")
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli_scan, "_write_report", half)
        assert command(RECORDS, "--report", report, report.parent).exit_code == 130
    assert command(RECORDS, "--report", report, report.parent).exit_code == 0
    assert report.read_text("utf-8").endswith("</html>")


@pytest.mark.parametrize("name", ["history.db", "history.db-wal"])
def test_a_report_over_the_history_is_refused(command, tmp_path, name):
    told = command(
        RECORDS, "-o", "-", "--source", "A", "--data", tmp_path / "data", "--report", tmp_path / "data" / name
    )
    assert (told.exit_code, "another file for --report" in told.stderr) == (2, True)


def test_a_link_is_where_it_was_when_a_report_was_tried(command, tmp_path):
    link, place = tmp_path / "report.html", tmp_path / "elsewhere.html"
    link.symlink_to(place)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "run", interrupted)
        command(RECORDS, "--report", link)
    assert link.is_symlink() and not place.exists()
    command(RECORDS, "--report", link)
    assert link.is_symlink() and place.read_text("utf-8").startswith("<!doctype html>")


def interrupted(*_):
    raise KeyboardInterrupt


@pytest.mark.parametrize("place", [(run, "_chosen"), (cli_scan, "_write_report")])
def test_ctrl_c_before_and_behind_the_reading_is_130_and_it_goes_on(command, tmp_path, place):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(*place, interrupted)
        patch.setattr(run, "load_reader", StageSettings(Path()).load)
        assert command(RECORDS, "--report", tmp_path / "report.html").exit_code == 130
    assert command(RECORDS, "--report", tmp_path / "report.html").exit_code == 0
    assert len(results(tmp_path / "out.ndjson")) == 40


def test_a_scan_whose_source_is_gone_does_not_go_on_without_it(command, tmp_path):
    told = ["-o", "-", "--source", "A", "--data", tmp_path / "data"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli_scan, "_end", interrupted)
        assert command(RECORDS, *told).exit_code == 130
    for left in (tmp_path / "data").glob("history.db*"):
        left.unlink()
    for _ in range(2):
        refused = command(RECORDS, *told)
        assert (refused.exit_code, "no longer holds the source 'A'" in refused.stderr) == (2, True)
    assert command(RECORDS, *told, "--overwrite").exit_code == 0


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

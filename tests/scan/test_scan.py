"""A scan with real processes and a reader that knows two sentences: formats, filters, faults."""

from __future__ import annotations

import errno
import gzip
import os
import sqlite3
from pathlib import Path

import fake_reader
import pytest
from corpora import LEAK, html_of, lines_of, record, results, warc_of, write
from telltale.scan import parquet
from telltale.scan.inputs import parts_of, read
from telltale.scan.raw import Part, ScanError
from telltale.scan.records import time_of
from telltale.scan.run import Local, Told, run
from telltale.scan.stage import StageSettings, Wanted


@pytest.mark.parametrize("name", ["in.jsonl", "in.ndjson.gz", "in.jsonl.zst", "in.parquet", "in.unknown"])
def test_records_of_each_format_give_the_same_results_in_order(scan, tmp_path, name):
    outcome = scan(write(tmp_path / name, [record(i) for i in range(100)]), tmp_path / "out.ndjson")
    found = results(tmp_path / "out.ndjson")
    assert [r["id"] for r in found] == list(range(100))
    assert [r["verdict"] == "undisclosed" for r in found] == [i % 4 == 0 for i in range(100)]
    assert (outcome.finished, outcome.summary.pages, outcome.summary.total("undisclosed")) == (True, 100, 25)
    assert not (tmp_path / "out.ndjson.scan").exists()
    note = found[4]["notes"][0]
    assert (note["start"], note["end"], note["quote"]) == (10, 10 + len(LEAK), LEAK)


@pytest.mark.parametrize("packed", [True, False])
def test_html_of_an_archive_is_read_with_its_address_and_time(scan, tmp_path, packed):
    records = warc_of(9)
    name = "crawl.warc.gz" if packed else "crawl.warc"
    (tmp_path / name).write_bytes(b"".join(r if packed else gzip.decompress(r) for r in records))
    scan(tmp_path / name, tmp_path / "out.ndjson")
    found = results(tmp_path / "out.ndjson")
    assert [(r["url"], r["seen"], r["title"]) for r in found][8] == (
        "https://outlet2.example/8",
        "2026-02-09T00:00:00Z",
        "Story 8",
    )
    assert [len(r["notes"]) for r in found] == [1, 0, 0, 0, 1, 0, 0, 0, 1]


def test_the_address_may_stand_in_angle_brackets_as_wget_writes_it(scan, tmp_path):
    raw = gzip.decompress(warc_of(1)[0])
    (tmp_path / "crawl.warc").write_bytes(raw.replace(b"https://outlet0.example/0", b"<https://outlet0.example/0>"))
    scan(tmp_path / "crawl.warc", tmp_path / "out.ndjson")
    assert [(r["id"], r["url"]) for r in results(tmp_path / "out.ndjson")] == [("https://outlet0.example/0",) * 2]


def test_a_folder_of_pages_is_read_by_name(scan, tmp_path):
    folder = tmp_path / "pages" / "deep"
    folder.mkdir(parents=True)
    (folder / "a.html").write_bytes(html_of(0))
    (folder / "b.txt").write_text(f"A title\n\n{LEAK}", encoding="utf-8")
    (folder / "c.bin").write_bytes(b"\0")
    scan(tmp_path / "pages", tmp_path / "out.ndjson")
    assert [(r["id"], r["verdict"]) for r in results(tmp_path / "out.ndjson")] == [
        ("deep/a.html", "undisclosed"),
        ("deep/b.txt", "undisclosed"),
    ]


def test_a_file_of_a_folder_that_cannot_be_read_is_one_fault(tmp_path):
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text("A story.")
    reading = read(Part(tmp_path, "pages", 24))
    found = [next(reading)]
    (tmp_path / "b.txt").unlink()
    found += reading
    assert [(raw.at, raw.kind) for raw in found] == [("a.txt", "text"), ("b.txt", "fault"), ("c.txt", "text")]


def test_a_file_name_that_is_not_utf_8_ends_nothing(scan, tmp_path):
    from telltale.cli_scan import _write_report

    folder = tmp_path / os.fsdecode(b"pages\xff")
    folder.mkdir()
    (folder / os.fsdecode(b"a\xff.txt")).write_text("A story.")
    (folder / os.fsdecode(b"b\xff.html")).write_text("<html></html>")
    outcome = scan(folder, tmp_path / "out.ndjson")
    assert [r["id"] for r in results(tmp_path / "out.ndjson")] == ["a\ufffd.txt"]
    assert [(e["at"], Path(e["input"]).name) for e in results(outcome.errors)] == [("b?.html", "pages?")]
    told = Told([folder], tmp_path / "out.ndjson", StageSettings(Path("models")))
    _write_report(tmp_path / "report.html", outcome, told)
    assert "pages?" in (tmp_path / "report.html").read_text("utf-8")


@pytest.mark.parametrize("text", ["<article>A story.", "\ufeff<!-- x --><html>", "<MAIN id='a'>"])
def test_a_file_without_a_suffix_is_html_where_check_takes_it_for_html(tmp_path, text):
    (tmp_path / "page").write_text(text, encoding="utf-8")
    assert [part.format for part in parts_of([tmp_path / "page"])] == ["pages"]


def test_what_cannot_be_read_is_written_beside_the_output_and_stops_nothing(scan, tmp_path):
    bad = [
        b"no json",
        b"[1]",
        {"id": 1},
        {"text": "x"},
        {"id": 2, "text": 3},
        {"id": 3, "url": "ftp://x", "text": "x"},
        {"id": 4, "html": "<html></html>"},
        b"\xff",
    ]
    (tmp_path / "in.jsonl").write_bytes(lines_of([record(8), *bad, {"id": "\ud800", "text": "a\ud800\0"}, record(9)]))
    outcome = scan(tmp_path / "in.jsonl", tmp_path / "out.ndjson")
    errors = results(tmp_path / "out.ndjson.errors.ndjson")
    assert [r["id"] for r in results(tmp_path / "out.ndjson")] == [8, "\ufffd", 9]
    assert (len(errors), outcome.summary.counts["errors"]) == (8, 8)
    assert all(e["error"].endswith(".") and e["input"].endswith("in.jsonl") for e in errors)


def test_a_record_that_no_process_survives_is_one_error(scan, tmp_path):
    records = [record(i, fake_reader.DEADLY if i == 40 else "") for i in range(70)]
    scan(write(tmp_path / "in.jsonl", records), tmp_path / "out.ndjson")
    assert [r["id"] for r in results(tmp_path / "out.ndjson")] == [i for i in range(70) if i != 40]
    assert len(results(tmp_path / "out.ndjson.errors.ndjson")) == 1


def test_a_damaged_archive_is_an_error_and_the_rest_is_read(tmp_path):
    good = write(tmp_path / "b.jsonl.gz", [record(i) for i in range(50)])
    damaged = good.read_bytes()[:-200]
    (tmp_path / "a.jsonl.gz").write_bytes(damaged)
    stage = StageSettings(Path("models"), load=fake_reader.load)
    outcome = run(
        Told([tmp_path / "a.jsonl.gz", good], tmp_path / "out.ndjson", stage, quiet=True), lambda s: Local(s, 1)
    )
    assert [r["id"] for r in results(tmp_path / "out.ndjson")][-50:] == list(range(50))
    assert outcome.summary.counts["errors"] >= 1


FAULTS = [MemoryError(), OSError(errno.EIO, "Input/output error"), OSError(errno.EMFILE, "Too many open files")]


def raising(error):
    def raises(*_, **__):
        raise error

    return raises


@pytest.mark.parametrize("error", FAULTS, ids=repr)
@pytest.mark.parametrize("name", ["in.jsonl.gz", "in.warc.gz"])
def test_a_machine_that_cannot_read_a_file_now_ends_the_scan(tmp_path, monkeypatch, name, error):
    (tmp_path / name).write_bytes(b"".join(warc_of(2)))
    monkeypatch.setattr(gzip.GzipFile, "read1", raising(error))
    monkeypatch.setattr(gzip.GzipFile, "readline", raising(error))
    with pytest.raises(ScanError, match=rf"{name} cannot be read now \({type(error).__name__}.*goes on\.$"):
        list(read(parts_of([tmp_path / name])[0]))


@pytest.mark.parametrize("error", FAULTS, ids=repr)
@pytest.mark.parametrize("place", ["_plain", "_rows", "_row"])
def test_a_machine_that_cannot_decode_rows_now_ends_the_scan(tmp_path, monkeypatch, place, error):
    monkeypatch.setattr(parquet, "LARGEST", 0)
    monkeypatch.setattr(parquet, place, raising(error))
    write(tmp_path / "in.parquet", [record(1)])
    with pytest.raises(ScanError, match="cannot be read now"):
        list(read(parts_of([tmp_path / "in.parquet"])[0]))


def test_a_page_that_the_machine_cannot_open_now_ends_the_scan(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("A story.")
    part = parts_of([tmp_path])[0]
    monkeypatch.setattr(Path, "open", raising(FAULTS[-1]))
    with pytest.raises(ScanError, match="cannot be read now"):
        list(read(part))


def test_an_error_without_a_number_is_the_files(tmp_path, monkeypatch):
    part = parts_of([write(tmp_path / "in.jsonl.gz", [record(1)])])[0]
    monkeypatch.setattr(gzip.GzipFile, "readline", raising(OSError("damaged")))
    assert [raw.kind for raw in read(part)] == ["fault"]


def test_filters_leave_out_and_count(scan, tmp_path):
    source = write(tmp_path / "in.jsonl", [record(i) for i in range(100)])
    wanted = Wanted(outlets=frozenset({"outlet1.example"}), since="2026-01-15")
    outcome = scan(source, tmp_path / "out.ndjson", wanted)
    kept = [i for i in range(100) if i % 3 == 1 and i % 28 + 1 >= 15]
    assert [r["id"] for r in results(tmp_path / "out.ndjson")] == kept
    assert sum(n for name, n in outcome.summary.counts.items() if name.startswith("left out")) == 100 - len(kept)


def test_a_sample_is_the_same_each_time(scan, tmp_path):
    source = write(tmp_path / "in.jsonl", [record(i) for i in range(400)])
    for name in ("a", "b"):
        scan(source, tmp_path / f"{name}.ndjson", Wanted(sample=0.25))
    assert (tmp_path / "a.ndjson").read_bytes() == (tmp_path / "b.ndjson").read_bytes()
    assert 60 < len(results(tmp_path / "a.ndjson")) < 140


def test_the_same_text_counts_once_at_an_outlet_and_keeps_its_notes(scan, tmp_path):
    records = [{"id": i, "url": f"https://outlet{i % 2}.example/{i}", "text": f"Same.\n{LEAK}"} for i in range(100)]
    outcome = scan(write(tmp_path / "in.jsonl", records), tmp_path / "out.ndjson")
    assert (outcome.summary.pages, outcome.summary.total("undisclosed")) == (2, 2)
    assert outcome.summary.counts["same text"] >= 90
    assert {r["notes"][0]["quote"] for r in results(tmp_path / "out.ndjson")} == {LEAK}


def test_the_same_lines_in_other_blocks_keep_their_own_blocks(scan, tmp_path):
    records = [{"id": 1, "text": f"Same.\n{LEAK}"}, {"id": 2, "blocks": [f"Same.\n{LEAK}"]}]
    scan(write(tmp_path / "in.jsonl", records), tmp_path / "out.ndjson")
    found = results(tmp_path / "out.ndjson")
    assert [(r["notes"][0]["block"], r["notes"][0]["start"], r["same_text"]) for r in found] == [
        (1, 6, False),
        (0, 6, False),
    ]
    assert found[0]["text_sha256"] == found[1]["text_sha256"] and "key" not in found[0]


def test_another_scan_is_not_taken_for_the_same(scan, tmp_path):
    source = write(tmp_path / "in.jsonl", [record(i) for i in range(10)])
    scan(source, tmp_path / "out.ndjson")
    with pytest.raises(ScanError, match="exists already"):
        scan(source, tmp_path / "out.ndjson")
    assert scan(source, tmp_path / "out.ndjson", overwrite=True).finished
    assert len(results(tmp_path / "out.ndjson")) == 10


def test_what_is_read_is_not_written_over(scan, tmp_path):
    source = write(tmp_path / "in.jsonl", [record(1)])
    before = source.read_bytes()
    with pytest.raises(ScanError, match="would be written over what is to be read; name another output"):
        scan(source, tmp_path / "." / "in.jsonl", overwrite=True)
    assert source.read_bytes() == before


def test_sqlite_holds_outlets_with_intervals(scan, tmp_path):
    scan(write(tmp_path / "in.jsonl", [record(i) for i in range(60)]), tmp_path / "out.db")
    db = sqlite3.connect(tmp_path / "out.db")
    rows = db.execute(
        "SELECT outlet, pages, undisclosed, undisclosed_low < 0.25, undisclosed_high > 0.25 FROM outlets ORDER BY 1"
    ).fetchall()
    assert rows == [(f"outlet{i}.example", 20, 5, 1, 1) for i in range(3)]
    assert db.execute("SELECT count(*) FROM notes WHERE family = 'preamble'").fetchone() == (15,)
    db.close()


@pytest.mark.parametrize("id", [2**63 - 1, -(2**63)])
def test_sqlite_keeps_a_number_as_far_as_it_can_and_a_larger_one_as_text(scan, tmp_path, id):
    larger = id + (1 if id > 0 else -1)
    scan(write(tmp_path / "in.jsonl", [{"id": i, "text": "A story."} for i in (id, larger)]), tmp_path / "out.db")
    db = sqlite3.connect(tmp_path / "out.db")
    assert db.execute("SELECT id FROM pages ORDER BY page").fetchall() == [(id,), (str(larger),)]
    db.close()


@pytest.mark.parametrize(
    ("given", "time"),
    [
        ("2026-01-31", "2026-01-31"),
        ("2026-W05-6", "2026-01-31"),
        ("2026-01-31T01:00:00+02:00", "2026-01-30T23:00:00Z"),
        ("0001-01-01T00:00:00", ""),
        ("0001-01-01", ""),
        ("9999-12-31T23:59:59-05:00", ""),
    ],
)
def test_a_time_is_a_day_or_a_second_of_these_centuries(given, time):
    assert time_of(given) == time


def test_a_date_that_stands_for_none_does_not_break_the_report(scan, tmp_path):
    from telltale.scan.report import html

    days = ("0001-01-01T00:00:00", "0999-05-05", "2026-W05-6", "2026-01-31", "2025-01-31")
    records = [{"id": i, "text": "A story.", "published": day} for i, day in enumerate(days)]
    outcome = scan(write(tmp_path / "in.jsonl", records), tmp_path / "out.ndjson")
    assert "2026-01" in html(outcome.summary, ["in.jsonl"], "fake-1", "2026-01-01T00:00:00Z")


def test_the_command_says_in_one_sentence_what_is_wrong(tmp_path):
    from click.testing import CliRunner
    from telltale.cli import main

    source = write(tmp_path / "in.jsonl", [record(0)])
    for bad in (["--since", "x"], ["--field", "x=y"], ["--models", str(tmp_path)], ["-"]):
        told = CliRunner().invoke(main, ["scan", str(source), "-o", str(tmp_path / "out"), *bad])
        assert (told.exit_code, told.stderr.count("\n"), told.stderr[:10]) == (2, 1, "telltale: ")


def test_the_report_escapes_what_pages_say(scan, tmp_path):
    from telltale.scan.report import html

    outcome = scan(write(tmp_path / "in.jsonl", [record(i) for i in range(40)]), tmp_path / "out.ndjson")
    text = html(outcome.summary, ["<script>alert(1)</script>"], "fake-1", "2026-01-01T00:00:00Z")
    assert "<script>" not in text and "&lt;script&gt;" in text
    assert "10 of 40" in text and "outlet0.example" in text and text.count("<svg") >= 5

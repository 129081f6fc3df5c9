"""A scan with real processes and a reader that knows two sentences: formats, filters, faults, and going on after a kill."""

from __future__ import annotations

import gzip
import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import fake_reader
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from telltale.scan.raw import ScanError
from telltale.scan.run import Local, Told, run
from telltale.scan.stage import StageSettings, Wanted

LEAK = "Here is the rewritten article."
STORY = "The council voted on Tuesday to repair the old bridge, which has been closed since the flood in spring. "


def record(i: int, text: str = "") -> dict:
    return {
        "id": i,
        "url": f"https://outlet{i % 3}.example/{i}",
        "text": text or f"Story {i}.\n\n{LEAK if i % 4 == 0 else 'No.'}",
        "published": f"2026-01-{i % 28 + 1:02}",
    }


def lines_of(records: list) -> bytes:
    return b"".join((r if isinstance(r, bytes) else json.dumps(r).encode()) + b"\n" for r in records)


def html_of(i: int) -> bytes:
    note = f"<p>{LEAK}</p>" if i % 4 == 0 else ""
    return f"<!doctype html><html lang='en'><head><title>Story {i}</title></head><body><article><h1>Story {i}</h1><p>{STORY * 3}</p>{note}<p>{STORY * 2}</p></article></body></html>".encode()


def warc_of(count: int) -> list[bytes]:
    found = []
    for i in range(count):
        http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html_of(i)
        head = (
            "WARC/1.0\r\nWARC-Type: response\r\n"
            f"WARC-Target-URI: https://outlet{i % 3}.example/{i}\r\nWARC-Date: 2026-02-{i % 28 + 1:02}T00:00:00Z\r\n"
            f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{i:012}>\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
        )
        found.append(gzip.compress(head.encode() + http + b"\r\n\r\n"))
    return found


def scan(source: Path, output: Path, wanted: Wanted | None = None, **told):
    stage = StageSettings(Path("models"), wanted=wanted or Wanted(), load=fake_reader.load)
    return run(Told([source], output, stage, quiet=True, **told), lambda s: Local(s, 2))


def results(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def write(path: Path, records: list[dict]) -> Path:
    raw = lines_of(records)
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(records), path, row_group_size=7)
    elif path.suffix == ".zst":
        path.write_bytes(zstandard.compress(raw))
    else:
        path.write_bytes(gzip.compress(raw) if path.suffix == ".gz" else raw)
    return path


@pytest.mark.parametrize("name", ["in.jsonl", "in.ndjson.gz", "in.jsonl.zst", "in.parquet", "in.unknown"])
def test_records_of_each_format_give_the_same_results_in_order(tmp_path, name):
    outcome = scan(write(tmp_path / name, [record(i) for i in range(100)]), tmp_path / "out.ndjson")
    found = results(tmp_path / "out.ndjson")
    assert [r["id"] for r in found] == list(range(100))
    assert [r["verdict"] == "undisclosed" for r in found] == [i % 4 == 0 for i in range(100)]
    assert (outcome.finished, outcome.summary.pages, outcome.summary.total("undisclosed")) == (True, 100, 25)
    assert not (tmp_path / "out.ndjson.scan").exists()
    note = found[4]["notes"][0]
    assert (note["start"], note["end"], note["quote"]) == (10, 10 + len(LEAK), LEAK)


@pytest.mark.parametrize("packed", [True, False])
def test_html_of_an_archive_is_read_with_its_address_and_time(tmp_path, packed):
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


def test_a_folder_of_pages_is_read_by_name(tmp_path):
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


def test_what_cannot_be_read_is_written_beside_the_output_and_stops_nothing(tmp_path):
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


def test_a_record_that_no_process_survives_is_one_error(tmp_path):
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


def test_filters_leave_out_and_count(tmp_path):
    source = write(tmp_path / "in.jsonl", [record(i) for i in range(100)])
    wanted = Wanted(outlets=frozenset({"outlet1.example"}), since="2026-01-15")
    outcome = scan(source, tmp_path / "out.ndjson", wanted)
    kept = [i for i in range(100) if i % 3 == 1 and i % 28 + 1 >= 15]
    assert [r["id"] for r in results(tmp_path / "out.ndjson")] == kept
    assert sum(n for name, n in outcome.summary.counts.items() if name.startswith("left out")) == 100 - len(kept)


def test_a_sample_is_the_same_each_time(tmp_path):
    source = write(tmp_path / "in.jsonl", [record(i) for i in range(400)])
    for name in ("a", "b"):
        scan(source, tmp_path / f"{name}.ndjson", Wanted(sample=0.25))
    assert (tmp_path / "a.ndjson").read_bytes() == (tmp_path / "b.ndjson").read_bytes()
    assert 60 < len(results(tmp_path / "a.ndjson")) < 140


def test_the_same_text_counts_once_at_an_outlet_and_keeps_its_notes(tmp_path):
    records = [{"id": i, "url": f"https://outlet{i % 2}.example/{i}", "text": f"Same.\n{LEAK}"} for i in range(100)]
    outcome = scan(write(tmp_path / "in.jsonl", records), tmp_path / "out.ndjson")
    assert (outcome.summary.pages, outcome.summary.total("undisclosed")) == (2, 2)
    assert outcome.summary.counts["same text"] >= 90
    assert {r["notes"][0]["quote"] for r in results(tmp_path / "out.ndjson")} == {LEAK}


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("in.jsonl", "out.ndjson"),
        ("in.jsonl.gz", "out.db"),
        ("in.jsonl.zst", "out.ndjson"),
        ("in.parquet", "out.parquet"),
        ("in.warc.gz", "out.ndjson"),
    ],
)
def test_after_a_kill_each_record_is_there_once(tmp_path, source, name):
    if "warc" in source:
        (tmp_path / source).write_bytes(b"".join(warc_of(300)))
    else:
        write(tmp_path / source, [record(i) for i in range(300)])
    code = f"""
import os, signal, sys
from pathlib import Path
import fake_reader
from telltale.scan import run as module
from telltale.scan.stage import StageSettings
left = int(sys.argv[1])
write = module._write
def counted(done, parts, sinks):
    global left
    write(done, parts, sinks)
    sinks["out"].seconds = 0
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
module._write = counted
told = module.Told([Path({str(tmp_path / source)!r})], Path({str(tmp_path / name)!r}), StageSettings(Path("models"), load=fake_reader.load), quiet=True)
if __name__ == "__main__":
    module.run(told, lambda s: module.Local(s, 1))
"""
    script = tmp_path / "script.py"
    script.write_text(code, encoding="utf-8")
    here = os.pathsep.join(p for p in sys.path if p)
    statuses = [
        subprocess.run([sys.executable, script, n], env={**os.environ, "PYTHONPATH": here}).returncode
        for n in ("2", "4", "1000")
    ]
    assert statuses == [-signal.SIGKILL, -signal.SIGKILL, 0]
    assert ids_in(tmp_path / name) == [f"https://outlet{i % 3}.example/{i}" for i in range(300)]


def ids_in(path: Path) -> list[str]:
    if path.suffix == ".parquet":
        return pq.read_table(path)["url"].to_pylist()
    if path.suffix == ".db":
        return [row[0] for row in sqlite3.connect(path).execute("SELECT url FROM pages ORDER BY page")]
    return [r["url"] for r in results(path)]


def test_another_scan_is_not_taken_for_the_same(tmp_path):
    source = write(tmp_path / "in.jsonl", [record(i) for i in range(10)])
    scan(source, tmp_path / "out.ndjson")
    with pytest.raises(ScanError, match="exists already"):
        scan(source, tmp_path / "out.ndjson")
    assert scan(source, tmp_path / "out.ndjson", overwrite=True).finished
    assert len(results(tmp_path / "out.ndjson")) == 10


def test_sqlite_holds_outlets_with_intervals(tmp_path):
    scan(write(tmp_path / "in.jsonl", [record(i) for i in range(60)]), tmp_path / "out.db")
    db = sqlite3.connect(tmp_path / "out.db")
    rows = db.execute(
        "SELECT outlet, pages, undisclosed, undisclosed_low < 0.25, undisclosed_high > 0.25 FROM outlets ORDER BY 1"
    ).fetchall()
    assert rows == [(f"outlet{i}.example", 20, 5, 1, 1) for i in range(3)]
    assert db.execute("SELECT count(*) FROM notes WHERE family = 'preamble'").fetchone() == (15,)
    db.close()


def test_the_command_says_in_one_sentence_what_is_wrong(tmp_path):
    from click.testing import CliRunner
    from telltale.cli import main

    source = write(tmp_path / "in.jsonl", [record(0)])
    for bad in (["--since", "x"], ["--field", "x=y"], ["--models", str(tmp_path)], ["-"]):
        told = CliRunner().invoke(main, ["scan", str(source), "-o", str(tmp_path / "out"), *bad])
        assert (told.exit_code, told.stderr.count("\n"), told.stderr[:10]) == (2, 1, "telltale: ")


def test_the_report_escapes_what_pages_say(tmp_path):
    from telltale.scan.report import html

    outcome = scan(write(tmp_path / "in.jsonl", [record(i) for i in range(40)]), tmp_path / "out.ndjson")
    text = html(outcome.summary, ["<script>alert(1)</script>"], "fake-1", "2026-01-01T00:00:00Z")
    assert "<script>" not in text and "&lt;script&gt;" in text
    assert "10 of 40" in text and "outlet0.example" in text and text.count("<svg") >= 5

"""A scan that was killed, twice, goes on: each record stands in the output exactly once, whatever the output is."""

from __future__ import annotations

import gzip
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import zstandard
from corpora import record, results, warc_of, write

RECORDS = 300
LIVES = [("2", "write"), ("4", "mark"), ("1000", "write")]  # at which batch, and when in it


@pytest.mark.parametrize(
    ("source", "name", "engine"),
    [
        ("in.jsonl", "out.ndjson", "workers"),
        ("in.jsonl.gz", "out.db", "here"),
        ("in.jsonl.zst", "out.ndjson", "here"),
        ("in.parquet", "out.parquet", "here"),
        ("in.warc.gz", "out.ndjson", "here"),
        ("in.warc", "out.ndjson", "here"),
        ("whole.warc.gz", "out.ndjson", "here"),
        ("whole.warc.zst", "out.ndjson", "here"),
        ("in.jsonl", "history.db", "here"),
    ],
)
def test_after_a_kill_each_record_is_there_once(tmp_path, source, name, engine):
    if "warc" in source:
        (tmp_path / source).write_bytes(archive(source))
    else:
        write(tmp_path / source, [record(i) for i in range(RECORDS)])
    command = [sys.executable, "-m", "dying_scan", tmp_path / source, tmp_path / name]
    statuses = [subprocess.run([*command, *life, engine]).returncode for life in LIVES]
    assert statuses == [-signal.SIGKILL, -signal.SIGKILL, 0]
    assert urls_in(tmp_path / name) == [f"https://outlet{i % 3}.example/{i}" for i in range(RECORDS)]


def archive(name: str) -> bytes:
    """An archive packed record by record, as a whole, or not at all."""
    packed = b"".join(warc_of(RECORDS))
    whole = {"whole.warc.gz": gzip.compress, "whole.warc.zst": zstandard.compress, "in.warc": bytes}.get(name)
    return whole(gzip.decompress(packed)) if whole else packed


def urls_in(path: Path) -> list[str]:
    if path.suffix == ".parquet":
        return pq.read_table(path)["url"].to_pylist()
    if path.name == "history.db":  # a record that came twice would have been seen twice
        return column(path, "SELECT url FROM pages WHERE times_seen = 1 ORDER BY id")
    if path.suffix == ".db":
        return column(path, "SELECT url FROM pages ORDER BY page")
    return [r["url"] for r in results(path)]


def column(path: Path, sql: str) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [row[0] for row in db.execute(sql)]

"""Small corpora in each format that a scan reads, and what a scan wrote."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

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

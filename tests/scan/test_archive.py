"""Web archives: what is wrong with a record or with the end of a file is told, and no record is lost or read twice."""

from __future__ import annotations

import gzip
import re

import pytest
import zstandard
from corpora import html_of, record, results, warc_of, write
from telltale.scan import archive
from telltale.scan.inputs import parts_of, read
from telltale.scan.raw import END, ScanError

RECORDS = [gzip.decompress(packed) for packed in warc_of(4)]


def told(path, data: bytes, after=None) -> list:
    path.write_bytes(data)
    return list(read(parts_of([path])[0], after))


def kinds(raws) -> list[str]:
    return [raw.kind for raw in raws]


def changed(raw: bytes, before: bytes, after: bytes) -> bytes:
    """A record with other bytes in it, and its length as it is then."""
    head, content = raw.replace(before, after).removesuffix(b"\r\n\r\n").split(b"\r\n\r\n", 1)
    head = re.sub(rb"Content-Length: \d+", b"Content-Length: %d" % len(content), head)
    return head + b"\r\n\r\n" + content + b"\r\n\r\n"


def with_coding(raw: bytes, coding: bytes, body: bytes | None = None) -> bytes:
    head = b"Content-Encoding: " + coding + b"\r\nContent-Type: text/html"
    raw = changed(raw, b"Content-Type: text/html", head)
    return raw if body is None else changed(raw, html_of(1), body)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
@pytest.mark.parametrize("each", [True, False])
def test_reading_goes_on_behind_each_record_however_the_archive_is_packed(tmp_path, pack, each):
    data = b"".join(map(pack, RECORDS)) if each else pack(b"".join(RECORDS))
    raws = told(tmp_path / "in.warc", data)
    assert [raw.url for raw in raws] == [f"https://outlet{i % 3}.example/{i}" for i in range(4)]
    for n, raw in enumerate(raws, 1):
        assert [r.url for r in told(tmp_path / "in.warc", data, raw.at)] == [r.url for r in raws[n:]]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("coding", [b"gzip", b"br", b"zstd"])
def test_a_response_that_cannot_be_unpacked_is_one_fault(tmp_path, pack, coding):
    records = [RECORDS[0], with_coding(RECORDS[1], coding), *RECORDS[2:]]
    raws = told(tmp_path / "in.warc", b"".join(map(pack, records)))
    assert kinds(raws) == ["html", "fault", "html", "html"]
    assert raws[1].url == "https://outlet1.example/1" and raws[1].payload.endswith(".")


def test_a_packed_response_is_unpacked(tmp_path):
    raws = told(tmp_path / "in.warc", with_coding(RECORDS[1], b"gzip", gzip.compress(html_of(1))))
    assert [(raw.kind, raw.payload, raw.charset) for raw in raws] == [("html", html_of(1), "utf-8")]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize(("before", "after"), [(b"text/html", b"image/png"), (b"200 OK", b"404 Not Found")])
def test_of_what_is_no_page_only_the_first_bytes_are_read(tmp_path, monkeypatch, pack, before, after):
    sizes, parsed = [], archive._parsed
    monkeypatch.setattr(archive, "_parsed", lambda content, how: sizes.append(len(content)) or parsed(content, how))
    large = changed(changed(RECORDS[1], before, after), html_of(1), b"\0" * 500_000)
    raws = told(tmp_path / "in.warc", b"".join(map(pack, [large, RECORDS[2]])))
    assert [raw.payload for raw in raws] == [html_of(2)]
    assert max(sizes) <= archive._HEAD


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_page_is_read_whole_however_long_it_and_its_head_are(tmp_path, pack):
    large = changed(RECORDS[1], html_of(1), html_of(1) * 500)
    with_head = changed(large, b"Content-Type: text/html", b"X: " + b"x" * 16_000 + b"\r\nContent-Type: text/html")
    raws = told(tmp_path / "in.warc", b"".join(map(pack, [large, with_head])))
    assert [raw.payload for raw in raws] == [html_of(1) * 500] * 2


@pytest.mark.parametrize("packed", [True, False])
def test_wherever_an_archive_is_cut_off_there_is_a_fault(tmp_path, packed):
    records = warc_of(2) if packed else RECORDS[:2]
    data = b"".join(records)
    behind = 0 if packed else 4  # bytes that follow the content: nothing is lost with them
    ends = {end - n for end in (len(records[0]), len(data)) for n in range(behind + 1)}
    for length in range(1, len(data), 7):
        found = kinds(told(tmp_path / "in.warc", data[:length]))
        assert ("fault" in found) == (length not in ends) and len(found) <= 3, length


@pytest.mark.parametrize(
    "data", [b"".join(RECORDS).replace(b"\r\n", b"\n"), b"\n" * 50, b"WARC/1.0", b"no archive" * 9]
)
def test_a_file_without_a_record_that_can_be_read_is_a_fault(tmp_path, data):
    assert kinds(told(tmp_path / "in.warc", data)) == ["fault"]


def test_what_was_told_of_the_end_is_not_told_again(tmp_path):
    data = b"".join(RECORDS) + b"no archive" * 9
    raws = told(tmp_path / "in.warc", data)
    assert (kinds(raws), raws[-1].at) == (["html"] * 4 + ["fault"], END)
    assert told(tmp_path / "in.warc", data, END) == []


def test_a_resource_is_a_page_by_its_own_content_type(tmp_path):
    head, _, body = RECORDS[0].partition(b"\r\n\r\n")
    plain = body.split(b"\r\n\r\n", 1)[1]
    for kind, found in ((b'Text/HTML; charset="utf-8"', [("html", html_of(0), "utf-8")]), (b"image/png", [])):
        resource = head.replace(b"application/http; msgtype=response", kind).replace(b": response", b": resource")
        raws = told(tmp_path / "in.warc", changed(resource + b"\r\n\r\n" + plain, b"", b""))
        assert [(raw.kind, raw.payload, raw.charset) for raw in raws] == found


def test_conversions_are_passed_over_and_counted(tmp_path):
    records = [raw.replace(b"WARC-Type: response", b"WARC-Type: conversion") for raw in RECORDS]
    raws = told(tmp_path / "in.warc", b"".join(records))
    assert kinds(raws) == ["fault"] and raws[0].payload.startswith("4 records of the type 'conversion'")


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_packed_file_without_an_inner_suffix_is_what_it_holds(tmp_path, pack):
    assert len(told(tmp_path / "crawl.gz", pack(b"".join(RECORDS)))) == 4
    lines = write(tmp_path / "in.jsonl", [record(i) for i in range(3)]).read_bytes()
    assert kinds(told(tmp_path / "lines.gz", pack(lines))) == ["json"] * 3
    with pytest.raises(ScanError, match="unpack it first"):
        told(tmp_path / "page.gz", pack(html_of(0)))


def test_a_damaged_record_does_not_end_a_scan(scan, tmp_path):
    (tmp_path / "in.warc").write_bytes(b"".join([RECORDS[0], with_coding(RECORDS[1], b"gzip"), *RECORDS[2:]]))
    outcome = scan(tmp_path / "in.warc", tmp_path / "out.ndjson")
    assert [r["title"] for r in results(tmp_path / "out.ndjson")] == ["Story 0", "Story 2", "Story 3"]
    assert [e["id"] for e in results(outcome.errors)] == ["https://outlet1.example/1"]

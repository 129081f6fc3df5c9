"""Parquet: only what is asked for is read, what cannot be read is one row, and little lies in memory at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from corpora import results
from telltale.scan import parquet as module
from telltale.scan.formats import LARGEST
from telltale.scan.inputs import batches, parts_of, read


def rows_of(path, columns=None, after=None, **table) -> list:
    pq.write_table(pa.table(table), path)
    return list(read(parts_of([path], columns=columns or {})[0], after))


def test_times_finer_than_python_has_them_are_read(scan, tmp_path):
    nanoseconds = pa.array([1_767_225_600_000_000_001, None], pa.timestamp("ns", "Europe/Berlin"))
    blocks = pa.array([[{"text": "A.", "at": 1}], []], pa.list_(pa.struct([("text", pa.string()), ("at", pa.timestamp("ns"))])))  # fmt: skip
    raws = rows_of(tmp_path / "in.parquet", id=[1, 2], text=["A.", "B."], seen=nanoseconds, blocks=blocks)
    assert [type(raw.payload["seen"]) for raw in raws] == [datetime, type(None)]
    assert raws[0].payload["seen"] == datetime(2026, 1, 1, tzinfo=UTC)
    assert type(raws[0].payload["blocks"][0]["at"]) is datetime
    scan(tmp_path / "in.parquet", tmp_path / "out.ndjson")
    assert [r["seen"] for r in results(tmp_path / "out.ndjson")] == ["2026-01-01T00:00:00Z", ""]


def test_only_columns_that_are_asked_for_are_read(tmp_path):
    table = {"id": [1], "content": ["A."], "text": ["no"], "crawled": pa.array([1], pa.timestamp("ns"))}
    raws = rows_of(tmp_path / "in.parquet", {"text": "content"}, **table)
    assert [raw.payload for raw in raws] == [{"id": 1, "content": "A."}]
    assert [raw.payload for raw in rows_of(tmp_path / "in.parquet", other=["x", "y"])] == [{}, {}]


def test_a_cell_that_cannot_be_read_costs_its_row_and_a_time_without_end_costs_nothing(tmp_path):
    bad = pa.Array.from_buffers(pa.string(), 3, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0"), pa.py_buffer(b"a\xffc")])  # fmt: skip
    days = pa.array([20_000, 1, 10_000_000], pa.date32())
    raws = rows_of(tmp_path / "in.parquet", text=bad, published=days, title=pa.array(["x"] * 3).dictionary_encode())
    assert [raw.kind for raw in raws] == ["row", "fault", "row"]
    assert "'text'" in raws[1].payload
    assert [raws[2].payload[name] for name in ("text", "published", "title")] == ["c", None, "x"]


def test_a_damaged_group_is_one_fault_and_the_next_is_read(tmp_path):
    path = tmp_path / "in.parquet"
    pq.write_table(pa.table({"id": list(range(30))}), path, row_group_size=10, compression="zstd")
    where = pq.ParquetFile(path).metadata.row_group(1).column(0).dictionary_page_offset
    data = bytearray(path.read_bytes())
    data[where : where + 8] = b"\xff" * 8
    path.write_bytes(data)
    raws = list(read(parts_of([path])[0]))
    assert [raw.kind for raw in raws] == ["row"] * 10 + ["fault"] + ["row"] * 10
    assert raws[10].payload.startswith("The rows 11 to 20 cannot be read")
    assert [raw.at for raw in read(parts_of([path])[0], 20)] == list(range(21, 31))


def test_cells_are_decoded_column_by_column_where_all_is_well(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_row", None)
    raws = rows_of(tmp_path / "in.parquet", id=list(range(300)), text=[f"Story {i}." for i in range(300)])
    assert [raw.payload for raw in raws] == [{"id": i, "text": f"Story {i}."} for i in range(300)]


def test_durations_and_large_lists_are_read(tmp_path):
    inner = pa.struct([("text", pa.string()), ("at", pa.timestamp("ns")), ("long", pa.duration("ns"))])
    blocks = pa.array([[{"text": "A.", "at": 1, "long": 1_001}]], pa.large_list(inner))
    raws = rows_of(tmp_path / "in.parquet", id=[1], blocks=blocks)
    assert raws[0].payload["blocks"] == [{"text": "A.", "at": datetime(1970, 1, 1), "long": timedelta(microseconds=1)}]


def test_a_row_that_is_too_large_is_a_fault(tmp_path):
    raws = rows_of(tmp_path / "in.parquet", id=[1, 2], text=["a" * (LARGEST + 1), "b"])
    assert [raw.kind for raw in raws] == ["fault", "row"]


def test_long_rows_are_decoded_and_handed_out_a_few_at_a_time(tmp_path, monkeypatch):
    decoded, at_once = [], module._at_once
    monkeypatch.setattr(module, "_at_once", lambda *told: decoded.append(at_once(*told)) or decoded[-1])
    texts = [f"{i:06}" * 100_000 for i in range(20)]
    pq.write_table(pa.table({"id": range(20), "text": texts}), tmp_path / "in.parquet", use_dictionary=False)
    sizes = [len(batch.raws) for batch in batches(parts_of([tmp_path / "in.parquet"])[0], 0)]
    assert (sizes, decoded) == ([4] * 5, [3])


@pytest.mark.parametrize("rows", [1, 1000])
def test_short_rows_are_decoded_many_at_a_time(tmp_path, monkeypatch, rows):
    pq.write_table(pa.table({"id": range(rows)}), tmp_path / "in.parquet")
    about = pq.ParquetFile(tmp_path / "in.parquet").metadata.row_group(0)
    assert 1 <= module._at_once(about, frozenset({"id"})) <= 256

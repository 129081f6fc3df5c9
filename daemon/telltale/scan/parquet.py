"""Parquet files, a few rows at a time. What is wrong with a row, or with a group of rows, is told, and the next is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .formats import LARGEST, TOO_LARGE, needed
from .machine import of_machine
from .raw import Part, Position, Raw

_ROWS = 256
_BYTES = 2 * 1024 * 1024  # of rows that are decoded at once
_BUFFER = 1024 * 1024  # of each column; without one a whole group is read


def parquet(part: Part, after: Position | None) -> Iterator[Raw]:
    """The rows of a Parquet file, of the part's columns. A position is the number of rows up to and with this one."""
    file = needed("pyarrow.parquet").ParquetFile(part.path, pre_buffer=False, buffer_size=_BUFFER)
    with file:
        end, rows, first = 0, max(file.metadata.num_rows, 1), int(after or 0)
        for group in range(file.num_row_groups):
            begin, end = end, end + file.metadata.row_group(group).num_rows
            if end > first:
                for at, kind, payload in _group(file, group, part.columns, begin):
                    if at > first:
                        yield Raw(at, kind, payload, part.size * at // rows)


def _group(file: Any, group: int, wanted: frozenset[str], at: int) -> Iterator[tuple[int, str, Any]]:
    about = file.metadata.row_group(group)
    end = at + about.num_rows
    columns = [name for name in file.schema_arrow.names if name in wanted]
    try:
        for batch in file.iter_batches(_at_once(about, wanted), row_groups=[group], columns=columns):
            cells = {name: _plain(batch.column(n)) for n, name in enumerate(batch.schema.names)}
            for kind, payload in _rows(cells, batch.num_rows):
                at += 1
                yield at, kind, payload
    except Exception as error:  # the library has errors of many kinds; the next group may be whole
        if of_machine(error):
            raise
        yield end, "fault", f"The rows {at + 1} to {end} cannot be read ({type(error).__name__}: {error})."


def _at_once(about: Any, wanted: frozenset[str]) -> int:
    columns = [about.column(n) for n in range(about.num_columns)]
    size = sum(c.total_uncompressed_size for c in columns if c.path_in_schema.partition(".")[0] in wanted)
    fit: int = _BYTES * about.num_rows // max(size, 1)
    return max(1, min(_ROWS, fit))


def _rows(cells: dict[str, Any], count: int) -> Iterator[tuple[str, Any]]:
    """Column by column, many times as fast; cell by cell where one may be too large or cannot be read."""
    try:
        fits = sum(column.nbytes for column in cells.values()) <= LARGEST
        lists = {name: column.to_pylist() for name, column in cells.items()} if fits else None
    except Exception as error:  # as in _row, which finds the cell
        if of_machine(error):
            raise
        lists = None
    for n in range(count):
        yield _row(cells, n) if lists is None else ("row", {name: values[n] for name, values in lists.items()})


def _row(cells: dict[str, Any], n: int) -> tuple[str, Any]:
    if sum(column.slice(n, 1).nbytes for column in cells.values()) > LARGEST:
        return "fault", TOO_LARGE
    row: dict[str, Any] = {}
    for name, column in cells.items():
        try:
            row[name] = column[n].as_py()
        except Exception as error:
            if of_machine(error):
                raise
            if not needed("pyarrow").types.is_temporal(column.type):  # a time that Python cannot hold is unknown
                return "fault", f"The column '{name}' of the row cannot be read ({type(error).__name__})."
            row[name] = None
    return "row", row


def _plain(column: Any) -> Any:
    kind = _plain_type(column.type)
    return column if kind == column.type else column.cast(kind, safe=False)


def _plain_type(kind: Any) -> Any:
    """The type whose values are Python's own: nanoseconds would be pandas', which the workers do without."""
    arrow = needed("pyarrow")
    if arrow.types.is_timestamp(kind):
        return arrow.timestamp("us" if kind.unit == "ns" else kind.unit, "UTC" if kind.tz else None)
    if arrow.types.is_duration(kind):
        return arrow.duration("us" if kind.unit == "ns" else kind.unit)
    if arrow.types.is_dictionary(kind):
        return _plain_type(kind.value_type)
    if arrow.types.is_list(kind):
        return arrow.list_(_plain_type(kind.value_type))
    if arrow.types.is_large_list(kind):
        return arrow.large_list(_plain_type(kind.value_type))
    if arrow.types.is_struct(kind):
        return arrow.struct([(field.name, _plain_type(field.type)) for field in kind])
    return kind

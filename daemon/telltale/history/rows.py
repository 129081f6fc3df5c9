"""Rows of SQLite as dictionaries, and back."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

Row = dict[str, Any]


def rows(db: Database, sql: str, *values: Any) -> list[Row]:
    """All rows of a query as dictionaries."""
    cursor = db.execute(sql, list(values))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def one(db: Database, sql: str, *values: Any) -> Row | None:
    """The first row of a query, or None."""
    found = rows(db, sql, *values)
    return found[0] if found else None


def insert(db: Database, table: str, row: Row) -> int:
    """Add a row and return its id."""
    marks = ", ".join("?" * len(row))
    cursor = db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))
    return int(cursor.lastrowid or 0)


def update(db: Database, table: str, row_id: int, changes: Row) -> None:
    """Change columns of the row with an id."""
    columns = ", ".join(f"{name} = ?" for name in changes)
    db.execute(f"UPDATE {table} SET {columns} WHERE id = ?", [*changes.values(), row_id])

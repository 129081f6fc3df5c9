"""Steps from an empty file to today's tables; all that are pending run in one transaction, with the record that
they ran."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from . import plain_views, schema, tallies, wordings

migrations = Migrations("telltale")


@migrations()
def m001_history(db: Database) -> None:
    _all(db, schema.HISTORY + schema.TALLIES + schema.SEARCH)


@migrations()
def m002_auth(db: Database) -> None:
    _all(db, schema.AUTH)


@migrations()
def m003_identity(db: Database) -> None:
    _all(db, schema.IDENTITY)


@migrations()
def m004_speed(db: Database) -> None:
    _all(db, schema.BEGINNINGS + schema.ORDERS)


@migrations()
def m005_wordings(db: Database) -> None:
    _all(db, schema.WORDINGS)
    wordings.rebuild(db)
    tallies.recount(db)


@migrations()
def m006_plain_views(db: Database) -> None:
    _all(db, plain_views.VIEWS)


def _all(db: Database, statements: tuple[str, ...]) -> None:
    for statement in statements:
        db.execute(statement)

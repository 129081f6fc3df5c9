"""Sites that a person joined, because one outlet publishes under several domains."""

from __future__ import annotations

from sqlite_utils import Database

from .page_state import kept_in_step
from .rows import Row, one, rows


class AliasError(ValueError):
    """The sites cannot be joined; the message is one sentence that says why."""


def outlet_of_site(db: Database, site: str) -> str:
    """The outlet that a site counts to: itself, unless a person joined it to another."""
    found = one(db, "SELECT outlet FROM aliases WHERE site = ?", site)
    return str(found["outlet"]) if found else site


def sites_of(db: Database, outlet: str) -> list[str]:
    """The sites that were joined to an outlet."""
    return [row["site"] for row in rows(db, "SELECT site FROM aliases WHERE outlet = ? ORDER BY site", outlet)]


def join(db: Database, site: str, outlet: str) -> None:
    """Count a site's pages, those read and those to come, to an outlet. Raises AliasError."""
    outlet = outlet_of_site(db, outlet)
    if site == outlet:
        raise AliasError("An outlet cannot be joined to itself.")
    before = outlet_of_site(db, site)
    for other in (site, *sites_of(db, site)):
        db.execute("INSERT OR REPLACE INTO aliases (site, outlet) VALUES (?, ?)", [other, outlet])
    own = "SELECT id FROM pages WHERE outlet = ? OR (outlet = ? AND site = ?)"
    _move(db, rows(db, own, site, before, site), outlet)


def split(db: Database, site: str) -> None:
    """Let a joined site be an outlet of its own again."""
    joined = outlet_of_site(db, site)
    db.execute("DELETE FROM aliases WHERE site = ?", [site])
    _move(db, rows(db, "SELECT id FROM pages WHERE outlet = ? AND site = ?", joined, site), site)


def _move(db: Database, pages: list[Row], outlet: str) -> None:
    for page in pages:
        with kept_in_step(db, page["id"]):
            db.execute("UPDATE pages SET outlet = ? WHERE id = ?", [outlet, page["id"]])

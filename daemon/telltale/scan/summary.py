"""What a scan found, by outlet and by family: always k of n pages, with the interval that n allows."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from ..domain import kind_of
from ..history.wilson import wilson
from .state import State

_OUTLETS = "CREATE TABLE outlets (outlet, records, pages, undisclosed, disclosed, undisclosed_low, undisclosed_high)"
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Summary:
    """`counts` of records, errors and what was left out; `outlets` with most surely undisclosed pages first (with their
    Wilson `interval`), `families` and `days`; `computed` is the device and the precision, where they are known."""

    counts: dict[str, int]
    outlets: list[dict[str, Any]]
    families: list[dict[str, Any]]
    days: list[dict[str, Any]]
    computed: tuple[str, str] | None = None

    @property
    def pages(self) -> int:
        """Distinct texts at distinct outlets."""
        return sum(o["pages"] for o in self.outlets)

    def total(self, name: str) -> int:
        """All outlets' undisclosed or disclosed pages."""
        return sum(o[name] for o in self.outlets)

    def as_text(self) -> str:
        """For the terminal: the counts, then the first outlets and families."""
        c = self.counts
        lines = [f"{c.get('records', 0)} records read, {self.pages} pages (a text counts once at an outlet)."]
        lines += [f"{count} {name}" for name, count in sorted(c.items()) if name != "records"]
        low, high = wilson(self.total("undisclosed"), self.pages)
        lines.append(f"Undisclosed: {self.total('undisclosed')} of {self.pages} pages (95 % interval {low:.2%} to {high:.2%}); "
                     f"disclosed: {self.total('disclosed')} of {self.pages}.")  # fmt: skip
        noted = [o for o in self.outlets if o["undisclosed"] or o["disclosed"]]
        for o in noted[:SHOWN]:
            low, high = o["interval"]
            lines.append(
                f"  {o['outlet'] or '(no address)'}: {o['undisclosed']} of {o['pages']} undisclosed "
                f"({low:.1%} to {high:.1%}), {o['disclosed']} disclosed"
            )
        if len(noted) > SHOWN:
            lines.append(f"  and {len(noted) - SHOWN} more outlets with notes")
        lines += [f"  {f['family']} ({f['kind']}): {f['pages']} of {self.pages} pages" for f in self.families]
        if self.computed:
            device, precision = self.computed
            lines.append(f"Computed on {device}{f' in {precision}' if precision != 'auto' else ''}.")
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        device, precision = self.computed or (None, None)
        found = {"counts": self.counts, "outlets": self.outlets, "families": self.families, "days": self.days}
        return {**found, "device": device, "precision": precision}


def summary_of(state: State) -> Summary:
    """The summary of a state."""
    db = state.db
    outlets = _rows(db, "SELECT * FROM outlets")
    for outlet in outlets:
        outlet["interval"] = wilson(outlet["undisclosed"], outlet["pages"])
    outlets.sort(key=lambda o: (-o["interval"][0], -o["disclosed"], -o["pages"], o["outlet"]))
    families = _rows(db, "SELECT family, sum(pages) AS pages FROM families GROUP BY family ORDER BY 2 DESC, 1")
    return Summary(
        counts=dict(db.execute("SELECT name, count FROM counts").fetchall()),
        outlets=outlets,
        families=[{**f, "kind": kind_of(f["family"]).value} for f in families],
        days=_rows(db, "SELECT day AS period, pages, undisclosed, disclosed FROM days WHERE pages ORDER BY day"),
        computed=state.told("computed"),
    )


def write_outlets(db: sqlite3.Connection, summary: Summary) -> None:
    """The outlets as a table of a SQLite output."""
    db.execute("DROP TABLE IF EXISTS outlets")
    db.execute(_OUTLETS)
    names = ("outlet", "records", "pages", "undisclosed", "disclosed")
    rows = [[*(o[n] for n in names), *o["interval"]] for o in summary.outlets]
    db.executemany("INSERT INTO outlets VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def _rows(db: sqlite3.Connection, sql: str) -> list[dict[str, Any]]:
    cursor = db.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]

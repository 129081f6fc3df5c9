"""Plots as numbers for an SVG: pages read over time, and how many of them carry notes.

The two are drawn under each other, each to its own scale, because notes are rare: beside all pages they would be a line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ..history.rows import Row

WIDTH, HEIGHT = 1000, 100  # units of the SVG, which is stretched to the width of the page
MOST_BARS = 240  # the latest twenty years
MOST_DAYS = 92  # bars of one day each, up to a quarter; longer times are drawn by months


@dataclass(frozen=True, slots=True)
class Bar:
    """One period: `read` is the height of the pages read; the others those of pages with notes, to their own scale."""

    x: float
    width: float
    read: float
    undisclosed: float
    disclosed: float
    title: str


@dataclass(frozen=True, slots=True)
class Plot:
    """Bars, the periods that they stand for, and what the tallest bar of each half counts."""

    bars: list[Bar]
    periods: list[Row]
    unit: str
    most_read: int
    most_noted: int


def timeline(counts: list[Row]) -> Plot | None:
    """The plot of {period, pages, undisclosed, disclosed} by day or month; None when nothing was counted."""
    if not counts:
        return None
    daily = len(counts[0]["period"]) == 10
    if daily and _days_between(counts[0]["period"], counts[-1]["period"]) > MOST_DAYS:
        counts, daily = _by_month(counts), False
    return _plot(_without_gaps(counts, daily)[-MOST_BARS:], "day" if daily else "month")


def _plot(periods: list[Row], unit: str) -> Plot:
    most_read = max(p["pages"] for p in periods)
    most_noted = max(p["undisclosed"] + p["disclosed"] for p in periods)
    step = WIDTH / len(periods)
    width = min(step * 0.8, WIDTH / 12)  # few bars are not drawn as walls
    bars = [
        Bar(
            x=round(i * step + (step - width) / 2, 2),
            width=round(width, 2),
            read=_height(p["pages"], most_read),
            undisclosed=_height(p["undisclosed"], most_noted),
            disclosed=_height(p["disclosed"], most_noted),
            title=f"{p['period']}: {p['undisclosed']} undisclosed and {p['disclosed']} disclosed of {p['pages']} read",
        )
        for i, p in enumerate(periods)
    ]
    return Plot(bars, periods, unit, most_read, most_noted)


def _height(count: int, most: int) -> float:
    """At least one unit for what is not zero, so that one note among thousands is seen."""
    return max(1.0, round(count / most * HEIGHT, 2)) if count else 0.0


def _days_between(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def _by_month(counts: list[Row]) -> list[Row]:
    months: dict[str, Row] = {}
    for row in counts:
        month = months.setdefault(row["period"][:7], _empty(row["period"][:7]))
        for name in ("pages", "undisclosed", "disclosed"):
            month[name] += row[name]
    return list(months.values())


def _without_gaps(counts: list[Row], daily: bool) -> list[Row]:
    known = {row["period"]: row for row in counts}
    steps = _days if daily else _months
    return [known.get(period) or _empty(period) for period in steps(counts[0]["period"], counts[-1]["period"])]


def _empty(period: str) -> Row:
    return {"period": period, "pages": 0, "undisclosed": 0, "disclosed": 0}


def _days(first: str, last: str) -> Iterable[str]:
    day = date.fromisoformat(first)
    return ((day + timedelta(i)).isoformat() for i in range(_days_between(first, last) + 1))


def _months(first: str, last: str) -> Iterable[str]:
    months = range(_month_number(first), _month_number(last) + 1)
    return (f"{number // 12}-{number % 12 + 1:02}" for number in months)


def _month_number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1

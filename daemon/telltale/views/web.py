"""The network as numbers for an SVG: outlets on a circle, a line between two that share words or a byline.

Names do not fit on a circle at the width of a telephone, so that each outlet has a number, which the list beside explains.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from math import cos, pi, sin

from ..history.rows import Row

SIZE = 400.0  # units of the square SVG
RADIUS = 165.0
MOST_OUTLETS = 24  # that can be told apart on the circle


@dataclass(frozen=True, slots=True)
class Place:
    """An outlet on the circle; `number` stands beside its dot, `shared` is how many
    groups of words or bylines it is in."""

    number: int
    outlet: str
    shared: int
    x: float
    y: float
    label_x: float
    label_y: float


@dataclass(frozen=True, slots=True)
class Line:
    """What two outlets share: `width` grows with how much."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    title: str


@dataclass(frozen=True, slots=True)
class Web:
    """The plot, and how many outlets share something in all."""

    places: list[Place]
    lines: list[Line]
    outlets: int


def web(groups: list[Row]) -> Web | None:
    """The plot of groups that each have their `outlets`; None when nothing is shared."""
    shared = Counter(row["outlet"] for group in groups for row in group["outlets"])
    if not shared:
        return None
    chosen = sorted(shared, key=lambda outlet: (-shared[outlet], outlet))[:MOST_OUTLETS]
    named = set(chosen)  # paired only among themselves: a group of all outlets would join all with all
    pairs = Counter(pair for group in groups for pair in combinations(_names(group, named), 2))
    places = {outlet: _place(i, outlet, shared[outlet], len(chosen)) for i, outlet in enumerate(chosen)}
    lines = [_line(places[one], places[other], many) for (one, other), many in sorted(pairs.items())]
    return Web(list(places.values()), lines, len(shared))


def _names(group: Row, wanted: set[str]) -> list[str]:
    return sorted(row["outlet"] for row in group["outlets"] if row["outlet"] in wanted)


def _place(i: int, outlet: str, shared: int, many: int) -> Place:
    angle = 2 * pi * i / many - pi / 2
    x, y = cos(angle), sin(angle)
    middle, out = SIZE / 2, RADIUS + 18
    at = [round(middle + length * part, 1) for length in (RADIUS, out) for part in (x, y)]
    return Place(i + 1, outlet, shared, *at)


def _line(one: Place, other: Place, many: int) -> Line:
    title = f"{one.outlet} and {other.outlet} share {many}"
    return Line(one.x, one.y, other.x, other.y, min(1.0 + 0.75 * (many - 1), 6.0), title)

"""The report of a scan: one HTML file that loads nothing from elsewhere. Text from pages is escaped by the template."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from ..history.wilson import wilson
from ..views.plots import timeline
from .summary import Summary

MOST_OUTLETS = 50  # in the plot and the table; the output has all of them


def html(summary: Summary, inputs: list[str], model: str, at: str) -> str:
    """The report's text."""
    outlets = [o for o in summary.outlets if o["undisclosed"] or o["disclosed"]]
    shown = outlets[:MOST_OUTLETS]
    top = max([o["interval"][1] for o in shown], default=1.0) or 1.0
    text: str = _template().render(
        summary=summary,
        inputs=inputs,
        model=model,
        at=at,
        outlets=[{**o, **_place(o, top)} for o in shown],
        hidden=len(outlets) - len(shown),
        top=top,
        families=_bars(summary.families),
        plot=timeline([d for d in summary.days if len(d["period"]) == 10]),
        interval=wilson(summary.total("undisclosed"), summary.pages),
        style=(Path(__file__).parents[1] / "views" / "static" / "telltale.css").read_text(encoding="utf-8"),
    )
    return text


def _place(outlet: dict[str, Any], top: float) -> dict[str, float]:
    """Where an outlet's dot and interval lie in a plot of width 1000 that ends at the share `top`."""
    low, high = outlet["interval"]
    share = outlet["undisclosed"] / outlet["pages"] if outlet["pages"] else 0.0
    return {name: round(value / top * 1000, 1) for name, value in (("low", low), ("high", high), ("dot", share))}


def _bars(families: list[dict[str, Any]]) -> list[dict[str, Any]]:
    most = max([f["pages"] for f in families], default=1)
    return [{**f, "width": max(1.0, round(f["pages"] / most * 1000, 1))} for f in families]


def _template() -> Any:
    environment = Environment(
        loader=PackageLoader("telltale.scan", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = lambda share: f"{share:.2%}".replace("%", " %")
    return environment.get_template("report.html")

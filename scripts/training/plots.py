"""Plots of figures: recall by family with intervals, reliability, confusion. SVG, readable in black and white."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt


def draw(figures: dict[str, Any], folder: Path) -> list[Path]:
    """Write the plots into a folder and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {"recall": _recall, "reliability": _reliability, "confusion": _confusion}
    return [_saved(plot(figures), folder / f"{name}.svg") for name, plot in made.items()]


def _saved(figure: Any, path: Path) -> Path:
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)
    return path


def _recall(figures: dict[str, Any]) -> Any:
    rows = {**figures["recall_by_family"], **{k.upper(): v for k, v in figures["recall"].items()}}
    figure, axes = plt.subplots(figsize=(7, 0.3 * len(rows) + 1))
    for y, (_, row) in enumerate(rows.items()):
        axes.plot(row["interval"], [y, y], color="0.6", linewidth=3)
        axes.plot([row["k"] / row["n"]], [y], "o", color="black")
    axes.set_yticks(range(len(rows)), [f"{name} ({row['k']} of {row['n']})" for name, row in rows.items()])
    axes.set(xlim=(0, 1.02), xlabel="pages found, with 95 % Wilson interval")
    return figure


def _reliability(figures: dict[str, Any]) -> Any:
    figure, axes = plt.subplots(figsize=(4, 4))
    bins = figures["reliability"]
    axes.plot([0, 1], [0, 1], ":", color="0.5")
    for row in bins:
        axes.plot([row["confidence"]] * 2, row["interval"], color="0.6", linewidth=3)
    axes.plot([r["confidence"] for r in bins], [r["k"] / r["n"] for r in bins], "o-", color="black")
    axes.set(
        xlim=(0, 1),
        ylim=(0, 1),
        xlabel="probability of a note in the strongest sentence",
        ylabel="share of pages that carry a note",
    )
    return figure


def _confusion(figures: dict[str, Any]) -> Any:
    table = figures["confusion"]
    columns = sorted({c for row in table.values() for c in row})
    shares = [[row.get(c, 0) / max(1, sum(row.values())) for c in columns] for row in table.values()]
    figure, axes = plt.subplots(figsize=(0.4 * len(columns) + 2, 0.4 * len(table) + 1))
    axes.imshow(shares, cmap="Greys", vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(columns)), columns, rotation=90)
    axes.set_yticks(range(len(table)), list(table))
    axes.set(xlabel="read as", ylabel="is")
    return figure

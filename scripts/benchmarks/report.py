"""The figures for a person: a page in Markdown, which is also what is printed, and a plot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

matplotlib.use("svg")
import matplotlib.pyplot as plt
from telltale.classifier.product import PRECISIONS

from . import history, scan
from .reading import BATCHED, CHOSEN, STOCK, every_window, limit_of, with_sieves
from .stages import STAGES

TITLE = """# Performance

Made by `scripts/bench --docs`; the figures are in [performance.json](performance.json). The pages come from the templates of
`scripts/corpus` that training never saw: whole articles of some 40 sentences, one in ten with a note. The stock pipeline is
transformers' `text-classification` on an encoder of six layers, as the usual small one has, of our sizes and vocabulary, a sentence at a time as it comes;
its weights are random, which changes no time. All rows are timed in turns on each page, so a busy moment hits all alike.

![How long a page takes](pictures/performance.svg)
"""
OLDER = """
## On an older processor
The same with `ONEDNN_MAX_CPU_ISA=AVX2`: bfloat16 has no instructions there, and 8-bit integers have slower ones. It binds the library
that makes these products; float32 products, the stock pipeline's among them, come from another one, and stay as fast as they
were.
"""
STARTING = """
## Starting, memory, many tabs
A daemon in a process of its own, from its start to `"state": "ready"`: {median} s (each of {all}). Resident memory when ready:
{ready} MB, at most {peak} MB after a page of 300,000 characters. Each tab sends a page and waits for its answer; a refused one
waits as long as the daemon asks it to. Answers come after the history is on disk.
"""
LENGTHS = """
## Cost against the length of a page
Linear is an exponent of 1: from 80 kB on segmentation has {segment}, the whole reading {read}. The extension sends 400 kB at most;
the daemon takes 5 MB.
"""
HISTORY = """
## The history at {pages:,} pages
Every page and query over HTTP, each time for another part of a made history; {bytes_a_page:,} bytes a page on disk, {cores} cores.
The file is in the system's cache, as after a look around; right after a gigabyte of other reading had pushed it out, searches that read
much took up to half a second.
"""
BROWSER = """
## In the browser
Real Chromium, the real daemon, the test pages of `tests/e2e` (huge.html has a megabyte) and a newspaper's page with all that stands
around an article. The daemon is warm, but each round has words that it never read. From DOMContentLoaded to the badge (the middle of
five rounds, and the slowest), what the extension holds the page's main thread, and how far it moves the layout.
"""


def markdown(found: dict[str, Any]) -> str:
    """The parts that were measured, in the order of the page, each with what it was `taken` with."""
    taken = found.get("taken", {})
    parts = ([*write(found[part]), _taken(part, taken.get(part))] for part, write in PARTS.items() if part in found)
    return "\n".join(line for lines in parts for line in lines) + "\n"


def _taken(part: str, told: dict[str, str] | None) -> str:
    if part == "history":  # no model reads its pages
        return f"\nMeasured {told['when'] if told else 'earlier'}."
    return "\nMeasured with " + ("{model}, {when}.".format(**told) if told else "an earlier model.")


def _reading(part: dict[str, Any]) -> Iterator[str]:
    m = part["machine"]
    yield "\n## A page's verdict"
    yield (
        f"{part['pages']} pages of {part['sentences']} sentences and {part['tokens']} tokens in windows, on {m['cores']} cores of "
        f"{m['processor']} ({m['isa']}), torch {m['torch']}, load average {m['load_average'][0]} before; "
        f"Telltale chose {part['speed']}.\n"
    )
    yield from _rows_of(part)


def _older(part: dict[str, Any]) -> Iterator[str]:
    yield OLDER + f"Telltale chose {part['speed']}; load average {part['machine']['load_average'][0]} before.\n"
    yield from _rows_of(part)


def _rows_of(part: dict[str, Any]) -> Iterator[str]:
    rows = part["rows"]
    yield "| milliseconds a page | mean | p50 | p95 | p99 | times the stock pipeline (mean) | pages with a note |"
    yield "|---|---|---|---|---|---|---|"
    for name, row in rows.items():
        count = "–" if row["pages_with_a_note"] is None or "products" in name else row["pages_with_a_note"]
        times = rows[STOCK]["mean"] / max(row["mean"], 0.01)
        yield f"| {name} | {_numbers(row)} | {times:.1f} | {count} |"
    yield ""
    for name in (name for name in PRECISIONS if limit_of(name) in rows):
        usual, whole = (
            rows[row]["mean"] / rows[limit_of(name)]["mean"] for row in (with_sieves(name), every_window(name))
        )
        yield f"In {name} a page takes {usual:.2f} times the weight products of all its windows, read to the end {whole:.2f} times."


def _stages(part: dict[str, Any]) -> Iterator[str]:
    yield "\n## Where the time goes\nEncode is the layers and the sieves between them; record is a transaction on disk.\n"
    yield "| stage, milliseconds a page | mean | p50 | p95 | p99 |\n|---|---|---|---|---|"
    for name in STAGES:
        yield f"| {name} | {_numbers(part[name])} |"


def _daemon(part: dict[str, Any]) -> Iterator[str]:
    start, ready, huge = part["seconds_to_ready"], part["megabytes_when_ready"], part["megabytes_after_a_huge_page"]
    yield STARTING.format(**start, ready=ready["now"] if ready else "?", peak=huge["peak"] if huge else "?")
    yield "| tabs | pages | pages a second | refused | mean ms | p50 | p95 | p99 | MB after |\n|---|---|---|---|---|---|---|---|---|"
    for row in part["tabs"]:
        memory = row["megabytes"]["now"] if row["megabytes"] else "?"
        yield f"| {row['tabs']} | {row['pages']} | {row['pages_per_second']} | {row['refused']} | {_numbers(row)} | {memory} |"


def _lengths(part: dict[str, Any]) -> Iterator[str]:
    yield LENGTHS.format(**part["exponent"])
    yield "| kB of text | sentences | segment, ms | read, ms |\n|---|---|---|---|"
    for row in part["rows"]:
        yield f"| {row['kilobytes']} | {row['sentences']} | {row['segment']} | {row['read']} |"


def _scan(part: dict[str, Any]) -> Iterator[str]:
    yield f"\n## Scanning a corpus\n{scan.table(part)}"


def _history(part: dict[str, Any]) -> Iterator[str]:
    yield HISTORY.format(**part)
    yield history.table(part["ms"])


def _browser(part: Sequence[dict[str, Any]]) -> Iterator[str]:
    yield BROWSER
    yield "| page | badge after, ms | slowest, ms | longest on the main thread, ms | all of it, ms | layout shift |"
    yield "|---|---|---|---|---|---|"
    names = ("page", "badgeMs", "slowestMs", "longestMs", "totalMs", "shift")
    for row in part:
        yield f"| {' | '.join(str(row.get(name, '–')) for name in names)} |"  # earlier figures had no slowest


def _numbers(row: dict[str, Any]) -> str:
    return " | ".join(str(row[name]) for name in ("mean", "p50", "p95", "p99"))


PARTS = {
    "reading": _reading,
    "older": _older,
    "stages": _stages,
    "daemon": _daemon,
    "lengths": _lengths,
    "scan": _scan,
    "history": _history,
    "browser": _browser,
}


def draw(part: dict[str, Any], path: Path) -> None:
    """The rows of one part as bars on a logarithmic scale, from the mean to the 99th percentile."""
    rows = part["rows"]
    figure, axes = plt.subplots(figsize=(8, 0.35 * len(rows) + 1))
    places = np.arange(len(rows))[::-1]
    means = [row["mean"] for row in rows.values()]
    colours = ["0.6" if name in (STOCK, BATCHED) else "black" if name == CHOSEN else "0.35" for name in rows]
    axes.barh(places, means, color=colours, height=0.6)
    axes.plot([row["p99"] for row in rows.values()], places, "|", color="black", markersize=10)
    axes.set_yticks(places, list(rows))
    axes.set(xscale="log", xlabel="milliseconds a page: mean; the mark is the 99th percentile")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)

"""Times of things that are done side by side, and what is said of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
REST = 0.02  # seconds, in which threads that wait for more work go to sleep
WARM_UP = 3  # pages that are read before the clock counts: kernels are made, caches filled


def summary(milliseconds: Sequence[float]) -> dict[str, float]:
    """Mean and percentiles, in milliseconds."""
    ordered = sorted(milliseconds)
    return {
        "mean": round(statistics.fmean(ordered), 2),
        **{f"p{share}": round(_percentile(ordered, share), 2) for share in (50, 95, 99)},
    }


def _percentile(ordered: Sequence[float], share: int) -> float:
    """The nearest rank: a time that was measured, never one between two."""
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def milliseconds(run: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - start)


def in_turns(rows: Mapping[str, Callable[[T], object]], things: Sequence[T]) -> dict[str, list[float]]:
    """Milliseconds of each row for each thing, all rows one after the other at each: a busy moment hits all alike."""
    times: dict[str, list[float]] = {name: [] for name in rows}
    for number, thing in enumerate(things):
        for name, run in rows.items():
            time.sleep(REST)
            taken = milliseconds(lambda run=run, thing=thing: run(thing))  # type: ignore[misc]
            if number >= WARM_UP:
                times[name].append(taken)
    return times


def machine() -> dict[str, Any]:
    """What the figures were taken on, and how busy it was with other work just before."""
    import os
    import platform

    import torch

    return {
        "processor": _processor() or platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "isa": torch.backends.cpu.get_cpu_capability(),
        "torch": torch.__version__,
        "python": platform.python_version(),
        "load_average": [round(x, 2) for x in os.getloadavg()],
        "when": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return ""

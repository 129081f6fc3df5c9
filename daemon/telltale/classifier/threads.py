"""How many of torch's threads read a page: as many as find a core of their own at the moment."""

from __future__ import annotations

import os
from pathlib import Path

import torch

LOAD = Path("/proc/loadavg")  # its fourth field is "RUNNING/ALL"; only Linux has it


def take_threads(most: int) -> None:
    """Have torch use `most` threads, and fewer while other programs keep cores busy.

    At each of a page's thousand small steps all threads wait for the last one: two threads on one free core took twice as long
    as one thread does.
    """
    wanted = max(1, min(most, cores() - _others()))
    if wanted != torch.get_num_threads():
        torch.set_num_threads(wanted)


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _others() -> int:
    """Programs that run now beside this one."""
    try:
        return int(LOAD.read_text(encoding="ascii").split()[3].split("/")[0]) - 1
    except (OSError, ValueError, IndexError):
        return 0

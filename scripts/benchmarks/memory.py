"""What a process and its children take of the memory, counted once where they share it (Linux)."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Memory:
    """Of one process, in bytes: `rss` is resident; `pss` divides what is shared by how many share it, so that the sum over
    processes is what they take together; `own` is shared with none; `inherited` is no file's and yet shared, since a fork."""

    rss: int
    pss: int
    own: int
    inherited: int


def memory_of(pid: int) -> Memory | None:
    """None when the process has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except (FileNotFoundError, ProcessLookupError):
        return None
    kilobytes = {name: int(value.split()[0]) for name, _, value in (line.partition(":") for line in lines)}
    own = kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]
    inherited = max(0, kilobytes["Anonymous"] - kilobytes["Private_Dirty"])
    return Memory(*(1024 * n for n in (kilobytes["Rss"], kilobytes["Pss"], own, inherited)))


def family_of(pid: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    found = [pid]
    for process in found:
        found += children.get(process, [])
    return found


def together(pid: int) -> int:
    """What a process and its descendants take together, in bytes."""
    return sum(m.pss for process in family_of(pid) if (m := memory_of(process)))


class Watch:
    """Looks at a process's family all along; `seen` are bytes, one for each `seconds`."""

    def __init__(self, pid: int, seconds: float = 1.0) -> None:
        self.seen: list[int] = []
        self._pid, self._seconds, self._end = pid, seconds, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._end.wait(self._seconds):
            self.seen.append(together(self._pid))

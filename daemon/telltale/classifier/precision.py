"""How to multiply on this machine: the floating type and the number of threads, chosen by a short measurement at start."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from itertools import product

import torch

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}
MOST_THREADS = 4  # the browser keeps the rest
CLEARLY = 1.3  # bfloat16 has 8 bits of mantissa, so it must be worth it
TOKENS, HIDDEN, INNER = 512, 384, 1536  # one feed-forward product of about two windows
TURNS = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """`precision` is a key of DTYPES; `gflops` what was measured for it with `threads` threads."""

    precision: str
    threads: int
    gflops: float

    @property
    def dtype(self) -> torch.dtype:
        """The floating type of weights and sums."""
        return DTYPES[self.precision]

    def __str__(self) -> str:
        threads = f"{self.threads} thread{'' if self.threads == 1 else 's'}"
        return f"{self.precision}, {threads} ({self.gflops:.0f} GFLOP/s)"


def choose(precision: str = "auto") -> Choice:
    """The fastest way (about 50 ms); sets torch's number of threads to it. Raises ValueError for an unknown precision."""
    if precision not in ("auto", *DTYPES):
        raise ValueError(f"The precision must be auto, {' or '.join(DTYPES)}, not '{precision}'.")
    names = DTYPES if precision == "auto" else [precision]
    found = [_measured(name, threads) for threads, name in product(_thread_counts(), names)]
    best = max(found, key=lambda c: c.gflops / (CLEARLY if c.precision == "bf16" and len(names) > 1 else 1.0))
    torch.set_num_threads(best.threads)
    return best


def fastest_dtype() -> torch.dtype:
    """The floating type that is fastest here with the threads that torch has; for training, which takes them all."""
    found = [_measured(name, torch.get_num_threads()) for name in DTYPES]
    return max(found, key=lambda c: c.gflops / (CLEARLY if c.precision == "bf16" else 1.0)).dtype


def _thread_counts() -> list[int]:
    most = min(MOST_THREADS, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    return sorted({1, max(1, most // 2), most})


def _measured(precision: str, threads: int) -> Choice:
    torch.set_num_threads(threads)
    dtype = DTYPES[precision]
    left, right = torch.ones(TOKENS, HIDDEN, dtype=dtype), torch.ones(INNER, HIDDEN, dtype=dtype)
    times = []
    for _ in range(TURNS + 1):  # the first prepares the kernel
        start = time.perf_counter()
        torch.nn.functional.linear(left, right)
        times.append(time.perf_counter() - start)
    return Choice(precision, threads, 2 * TOKENS * HIDDEN * INNER / min(times[1:]) / 1e9)

"""How to multiply on this machine: the kind of number and the number of threads, chosen by a short measurement at start."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import torch

from .product import FLOATS, INT8, PRECISIONS, Product, has_integers, in_precision
from .threads import cores

MOST_THREADS = 4  # the browser keeps the rest
CLEARLY = 1.3  # bfloat16 has 8 bits of mantissa, so it must be worth it
TOKENS, HIDDEN, INNER = 512, 384, 1536  # one feed-forward product of about two windows
TURNS = 3
ROUNDS = 2  # some time apart, since another program may hold a core for a moment


@dataclass(frozen=True, slots=True)
class Choice:
    """`precision` is one of PRECISIONS; `gflops` what was measured for it with `threads` threads."""

    precision: str
    threads: int
    gflops: float

    def __str__(self) -> str:
        threads = f"{self.threads} thread{'' if self.threads == 1 else 's'}"
        return f"{self.precision}, {threads} ({self.gflops:.0f} GFLOP/s)"


def choose(precision: str = "auto") -> Choice:
    """The fastest way (about 100 ms); sets torch's number of threads to it. Raises ValueError for an unknown precision, and for
    int8 where torch cannot do it."""
    if precision not in ("auto", *PRECISIONS):
        raise ValueError(
            f"The precision must be auto, {', '.join(PRECISIONS[:-1])} or {PRECISIONS[-1]}, not '{precision}'."
        )
    if precision == INT8 and not has_integers():
        raise ValueError("PyTorch here does not multiply 8-bit integers; the precision must be auto, fp32 or bf16.")
    ways = [*product(_names(precision), _thread_counts())] * ROUNDS
    best = max((_measured(*way) for way in ways), key=_worth)
    torch.set_num_threads(best.threads)
    return best


def fastest_float() -> str:
    """The floating type that is fastest here with the threads that torch has; for training, which takes them all."""
    return max((_measured(name, torch.get_num_threads()) for name in FLOATS), key=_worth).precision


def _names(precision: str) -> Sequence[str]:
    if precision != "auto":
        return [precision]
    return PRECISIONS if has_integers() else list(FLOATS)


def _worth(choice: Choice) -> float:
    return choice.gflops / (CLEARLY if choice.precision == "bf16" else 1.0)


def _thread_counts() -> list[int]:
    most = min(MOST_THREADS, cores())
    return sorted({1, max(1, most // 2), most})


@torch.inference_mode()
def _measured(precision: str, threads: int) -> Choice:
    torch.set_num_threads(threads)
    states, measured = torch.ones(TOKENS, HIDDEN), in_precision(Product(HIDDEN, INNER), precision)
    times = []
    for _ in range(TURNS + 1):  # the first prepares the kernel
        start = time.perf_counter()
        measured(states)
        times.append(time.perf_counter() - start)
    return Choice(precision, threads, 2 * TOKENS * HIDDEN * INNER / min(times[1:]) / 1e9)

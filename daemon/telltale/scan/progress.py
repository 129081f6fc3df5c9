"""How far a scan has come, on standard error: a bar with the rate and the time left, or a line a minute where nobody looks."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

import click

from .raw import Done

LINE_SECONDS = 60.0


class Progress:
    """`size` is the inputs' bytes, 0 where it cannot be known; `before` those read by earlier runs, in another time."""

    def __init__(self, size: int, before: int, quiet: bool = False) -> None:
        self._size, self._before, self._at = size, before, before
        self._records = self._errors = 0
        self._began = self._told = time.monotonic()
        self._quiet = quiet
        self._bar: Any = None

    def __enter__(self) -> Progress:
        if self._size and sys.stderr.isatty() and not self._quiet:
            # click's own time left would take what earlier runs read for read in this one.
            self._bar = click.progressbar(
                length=self._size, file=sys.stderr, label="Reading", show_eta=False, item_show_func=lambda at: at
            ).__enter__()
            self._bar.update(self._before, self._rate())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.__exit__(kind, error, trace)

    def advance(self, done: Done, at: int) -> None:
        """A batch is done; `at` is how many bytes of all inputs are."""
        self._records += len(done.rows)
        self._errors += len(done.faults)
        if self._bar:
            self._bar.update(at - self._at, self._rate() + self._left(at))
        elif not self._quiet and time.monotonic() - self._told >= LINE_SECONDS:
            self._told = time.monotonic()
            click.echo(self._line(at), err=True)
        self._at = at

    def _rate(self) -> str:
        seconds = max(time.monotonic() - self._began, 1e-6)
        errors = f", {self._errors} errors" if self._errors else ""
        return f"{self._records / seconds:.1f} pages/s{errors}"

    def _left(self, at: int) -> str:
        if at <= self._before or not self._size:
            return ""
        left = (time.monotonic() - self._began) * (self._size - at) / (at - self._before)
        return f", about {left / 60:.0f} minutes left"

    def _line(self, at: int) -> str:
        read = f", {at / self._size:.0%} read" if self._size else ""
        return f"{self._records} pages, {self._rate()}{read}{self._left(at)}."

"""A scan that kills itself: `python -m dying_scan INPUT OUTPUT LEFT MOMENT ENGINE`.

It dies at the LEFT-th batch, at the MOMENT `write`, when the batch was written but not made lasting, or `mark`, when the
output is lasting and the scan's own state is not. ENGINE is `workers`, or `here` for no other processes, which is faster.
An OUTPUT that ends in history.db is a history.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import fake_reader
from telltale.history.scanned import Scanned
from telltale.scan import run as module
from telltale.scan.stage import Stage, StageSettings


class Here:
    """The stage in this process."""

    def __init__(self, told):
        self._stage = Stage(told)

    def run(self, parts, first, after):
        return map(self._stage, module.batches_of(parts, first, after))

    def close(self):
        pass


class Dying:
    """A sink in front of another that lets it do its work a number of times."""

    seconds = 0  # each batch is made lasting

    def __init__(self, sink, left, moment):
        self._sink, self._left, self._moment = sink, left, moment

    def __getattr__(self, name):
        return getattr(self._sink, name)

    def write(self, rows):
        self._sink.write(rows)
        self._left -= 1
        if not self._left and self._moment == "write":
            os.kill(os.getpid(), signal.SIGKILL)

    def mark(self):
        mark = self._sink.mark()
        if not self._left and self._moment == "mark":
            os.kill(os.getpid(), signal.SIGKILL)
        return mark


def main(source, output, left, moment, engine):
    into = (
        (lambda mark: Scanned(output, "Archive", mark or "2026-11-25T00:00:00Z"))
        if output.name == "history.db"
        else None
    )
    stage = StageSettings(Path("models"), load=fake_reader.load, keep_pages=into is not None)
    told = module.Told([source], output.with_name("scan") if into else output, stage, quiet=True, into=into)
    made = module._sinks
    module._sinks = lambda *args: {n: Dying(s, left, moment) if n == "out" else s for n, s in made(*args).items()}
    module.run(told, lambda s: module.Local(s, 1) if engine == "workers" else Here(s))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5])

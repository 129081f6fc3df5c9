"""The engine of one machine: this process reads the files, others read the pages, and the results come back in order."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import wait

from .raw import Batch, Done, ScanError
from .stage import Stage, StageSettings, load_reader

AHEAD = 3  # batches a worker that are read from the files before they are needed
MOST_TRIES = 2
WARM = f"{__package__}.warm"  # the module that the process which workers are forked from begins with
VARIABLE = "TELLTALE_SCAN_WARM"  # tells it what to load: [models, precision, device] as JSON
_stage: Stage | None = None


@dataclass(slots=True)
class _Task:
    batch: Batch
    result: Future[Done]
    tries: int = 1


class Workers:
    """Processes with a stage each. A record that ends its process is told as a fault, and another process goes on."""

    def __init__(self, told: StageSettings, count: int) -> None:
        self._told, self._count = told, count
        self._context = multiprocessing.get_context(_method(told))
        self._pool = self._started()

    def run(self, batches: Iterable[Batch]) -> Iterator[Done]:
        """What became of each batch, in order. Raises ScanError when no worker can start."""
        pending: deque[_Task] = deque()
        for batch in batches:
            pending.append(_Task(batch, self._submit(batch)))
            while pending and (len(pending) > self._count * AHEAD or pending[0].result.done()):
                yield self._finish(pending)
        while pending:
            yield self._finish(pending)

    def close(self) -> None:
        """Let what has not begun go."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _finish(self, pending: deque[_Task]) -> Done:
        while True:
            task = pending[0]
            try:
                done = task.result.result()
            except BrokenProcessPool:
                self._begin_again(pending)
                continue
            pending.popleft()
            return done

    def _begin_again(self, pending: deque[_Task]) -> None:
        """A process died. Everything handed out is handed out again; what was at the head twice is read alone."""
        self._pool.shutdown(wait=True)
        self._pool = self._started()
        head, *others = pending
        head.tries += 1
        if head.tries > MOST_TRIES:
            head.result = Future()
            head.result.set_result(self._alone(head.batch))
        else:
            head.result = self._submit(head.batch)
        for task in others:
            task.result = self._submit(task.batch)

    def _alone(self, batch: Batch) -> Done:
        """Record by record, to find the one that no process survives."""
        done = Done(batch.part, batch.at, batch.raws[-1].done)
        for raw in batch.raws:
            try:
                found = self._submit(Batch(batch.part, [raw])).result()
            except BrokenProcessPool:
                self._pool.shutdown(wait=True)
                self._pool = self._started()
                done.faults.append({"at": raw.at, "id": raw.url or None, "error": "The process that read it died."})
                continue
            done.rows += found.rows
            done.faults += found.faults
            done.left_out = {
                k: done.left_out.get(k, 0) + found.left_out.get(k, 0) for k in {*done.left_out, *found.left_out}
            }
        return done

    def _submit(self, batch: Batch) -> Future[Done]:
        try:
            return self._pool.submit(_work, batch)
        except BrokenProcessPool as error:
            failed: Future[Done] = Future()
            failed.set_exception(error)
            return failed

    def _started(self) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(self._count, self._context, _begin, (self._told,))
        try:
            pool.submit(_ready).result()
        except BrokenProcessPool:
            raise ScanError(
                "No worker could start; the model folder may be broken (`telltale check` says more)."
            ) from None
        return pool


def _method(told: StageSettings) -> str:
    """Forked from a process that has imported the stage and holds the model, where there is fork."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return "spawn"
    if told.load is load_reader:
        os.environ[VARIABLE] = json.dumps([str(told.models), told.precision, told.device])
    multiprocessing.get_context("forkserver").set_forkserver_preload([WARM])
    return "forkserver"


def _begin(told: StageSettings) -> None:
    global _stage
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the first process's to handle
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _stage = Stage(told)


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        with suppress(OSError):
            wait([parent.sentinel])
        os._exit(1)


def _ready() -> None:
    assert _stage


def _work(batch: Batch) -> Done:
    assert _stage
    return _stage(batch)

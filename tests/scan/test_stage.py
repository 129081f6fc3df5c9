"""What is a record's fault is told as one; what is the machine's ends the scan, which can go on."""

from __future__ import annotations

import errno
import json
import sqlite3
from pathlib import Path

import pytest
import torch
from telltale.scan.raw import Batch, Raw, ScanError
from telltale.scan.stage import Stage, StageSettings


def stage_that_raises(error: Exception) -> Stage:
    class Failing:
        model = "fake-1"

        def read(self, page):
            raise error

    return Stage(StageSettings(Path("models"), load=lambda *_: Failing()))


BATCH = Batch(0, [Raw(0, "json", json.dumps({"id": "a\x1b", "text": "A story."}).encode(), 0)])


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory."),
        torch.AcceleratorError("CUDA error", 1),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes."),
        OSError(errno.EMFILE, "Too many open files"),
        sqlite3.OperationalError("disk I/O error"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_fault_of_the_machine_is_held_against_no_record_but_says_where_it_was(error):
    with pytest.raises(
        ScanError, match=rf"could not go on reading at the record 'a\\x1b' \({type(error).__name__}.*goes on\.$"
    ):
        stage_that_raises(error)(BATCH)


def test_a_fault_of_a_record_is_told_as_one():
    found = stage_that_raises(RuntimeError("shapes"))(BATCH)
    assert [fault["error"] for fault in found.faults] == ["It could not be read (RuntimeError: shapes)."]

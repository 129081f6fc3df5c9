"""Faults of the machine, which would meet any record: they end a scan, which can go on, and are held against no record."""

from __future__ import annotations

import errno
import sqlite3
import sys

from ..memory import is_memory

_ERRNOS = (errno.EIO, errno.ESTALE, errno.ENOMEM, errno.EMFILE, errno.ENFILE)


def of_machine(error: Exception) -> bool:
    """Whether it is one: memory or open files that are used up, a GPU or a disk that fails. The OSErrors of libraries that
    have no number tell of a damaged file."""
    torch = sys.modules.get("torch")  # a process without the model does not load it for this
    kinds = (torch.OutOfMemoryError, torch.AcceleratorError) if torch else ()
    numbered = isinstance(error, OSError) and error.errno in _ERRNOS
    return numbered or is_memory(error) or isinstance(error, (sqlite3.Error, *kinds))

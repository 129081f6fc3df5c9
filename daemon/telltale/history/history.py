"""The open history as the event loop sees it: one thread that writes, one that reads."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from sqlite_utils import Database

from .database import connect, failure, open_database, transaction
from .erasure import erase

P = ParamSpec("P")
T = TypeVar("T")


class History:
    """Runs functions of a Database off the event loop. Only one thread writes, so writes never wait for each other."""

    def __init__(self, path: Path) -> None:
        """Open and migrate the file; blocking. Raises HistoryError."""
        self._path = path
        self._writer, self._reader = open_database(path), connect(path)
        self._reader.execute("PRAGMA query_only=ON")
        self._writing = ThreadPoolExecutor(1, "history-write")
        self._reading = ThreadPoolExecutor(1, "history-read")
        self._unerased = False

    async def write(self, work: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(db, …)` in one transaction and return its result after the commit. Raises HistoryError."""

        def committed() -> T:
            with transaction(self._writer):
                return work(self._writer, *args, **kwargs)

        return await self._run(self._writing, committed, "written")

    async def delete(self, work: Callable[[Database], int], always: bool = True) -> int:
        """Run `work(db)`, which deletes and says how much, then erase it from the files. Raises HistoryError.

        Whoever waits may be cancelled; both are done all the same. Unless `always`, files stay as they are when nothing
        was deleted and nothing is left from a deletion that could not be erased.
        """

        def erased() -> int:
            with transaction(self._writer):
                deleted = work(self._writer)
            self._unerased = self._unerased or always or deleted > 0
            if self._unerased:
                erase(self._writer)
                self._unerased = False
            return deleted

        return await asyncio.shield(self._run(self._writing, erased, "written"))

    async def read(self, work: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(db, …)`, which may only read, and return its result. Raises HistoryError."""
        return await self._run(self._reading, lambda: work(self._reader, *args, **kwargs), "read")

    async def _run(self, thread: ThreadPoolExecutor, work: Callable[[], T], verb: str) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(thread, work)
        except sqlite3.Error as error:
            raise failure(self._path, verb, error) from error

    def close(self) -> None:
        """Finish what was handed in, then close the file; blocking."""
        for thread in (self._writing, self._reading):
            thread.shutdown(wait=True)
        self._reader.close()
        self._writer.close()

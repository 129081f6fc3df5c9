"""Which files a folder holds, in an order that stays."""

from __future__ import annotations

import os
import stat
from collections.abc import Container, Iterator
from pathlib import Path

PAGES = (".html", ".htm", ".xhtml", ".txt", ".md")


def walk(folder: Path, without: Container[Path] = ()) -> Iterator[Path]:
    """All regular files under a folder, in the order of their names; links are not followed. `without` are resolved paths
    of files and folders that are left out."""
    for here, folders, files in os.walk(folder):
        place = Path(here).resolve()
        folders[:] = sorted(name for name in folders if place / name not in without)
        for name in sorted(files):
            path = Path(here, name)
            if place / name not in without and _regular(path):
                yield path


def _regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:  # it went meanwhile, or its folder cannot be entered: whoever opens it tells of it
        return True

"""Which files a folder holds, in an order that stays."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

PAGES = (".html", ".htm", ".xhtml", ".txt", ".md")


def walk(folder: Path) -> Iterator[Path]:
    """All regular files under a folder, in the order of their names; links are not followed."""
    for here, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            path = Path(here, name)
            if _regular(path):
                yield path


def _regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:  # it went meanwhile, or its folder cannot be entered: whoever opens it tells of it
        return True

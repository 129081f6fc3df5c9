"""Opens an address that holds a secret in the person's browser.

It goes by way of a file that only this user can read: every user of the computer sees the arguments with which programs
are started.
"""

from __future__ import annotations

import os
import sys
from html import escape
from pathlib import Path

import click

_GO_ON = """<!doctype html>
<meta charset="utf-8">
<title>Telltale</title>
<meta http-equiv="refresh" content="0; url={url}">
<a href="{url}">{label}</a>
"""


def hand_over(url: str, label: str, file: Path) -> bool:
    """Open an address, by a page in `file` with a link of that label; whether a browser was asked to."""
    if not has_screen():
        return False
    file.unlink(missing_ok=True)  # made anew, so that its mode is ours
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(_GO_ON.format(url=escape(url), label=escape(label)))
    return click.launch(file.as_uri()) == 0


def has_screen() -> bool:
    """Whether a browser could show anything. Windows and macOS have one wherever a person can start a program."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))

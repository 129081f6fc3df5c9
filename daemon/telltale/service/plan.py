"""What a platform is told: a file, and the commands that make it count. Each platform's module makes one of these. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

NAME = "telltale"
DESCRIPTION = "Telltale spots the notes that AI leaves behind in the news"
STOP_SECONDS = 15  # the daemon itself takes ten at most: five for the page in work, five for its connections
Command = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """How one platform keeps a program running for one user.

    `start` follows once `file` is written, `stop` comes before it is taken away and `forget` after; `check` ends with 0
    while the program runs. `log` tells a person where its log is.
    """

    file: Path
    content: bytes
    start: tuple[Command, ...]
    stop: tuple[Command, ...]
    forget: tuple[Command, ...]
    check: Command
    log: str

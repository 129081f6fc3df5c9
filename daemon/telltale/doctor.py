"""What `telltale doctor` looks at. It changes nothing; each finding is one line for a person."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from ipaddress import ip_address
from pathlib import Path

from . import __version__
from .classifier.weights import ModelError, check_files, read_card
from .history.aside import moved_aside
from .history.salvage import is_whole
from .listening import answers
from .offline import VARIABLES, OutboundRefused
from .settings import Settings
from .terminal import printable

MB = 1024 * 1024
LITTLE_SPACE = 200 * MB  # a year of reading is some 100 MB
OK, NOTE, WRONG = "ok", "note", "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, whether it is as it should be (`ok`, `note`, `wrong`), and what was seen."""

    what: str
    state: str
    says: str


def examine(told: Settings) -> list[Finding]:
    """Every check, in the order that they are shown."""
    return [finding for check in CHECKS for finding in check(told)]


def _versions(_told: Settings) -> Iterator[Finding]:
    python = ".".join(map(str, sys.version_info[:3]))
    says = f"telltale {__version__}, Python {python}, SQLite {sqlite3.sqlite_version}, torch {version('torch')}"
    yield Finding("versions", OK, says)


def _daemon(told: Settings) -> Iterator[Finding]:
    if answers(told.port):
        yield Finding("daemon", OK, f"runs on port {told.port}")
    else:
        yield Finding("daemon", NOTE, f"does not run on port {told.port}; `telltale run` starts it")


def _model(told: Settings) -> Iterator[Finding]:
    try:
        card = read_card(told.models_dir)
        check_files(told.models_dir, card)
    except ModelError as error:
        yield Finding("model", WRONG, str(error))
    else:
        yield Finding("model", OK, f"{card.name} in {told.models_dir}; every file is the one its card names (SHA-256)")


def _speed(_told: Settings) -> Iterator[Finding]:
    """Measured as a daemon does at its start; `GET /v1/status` has what the one that runs chose."""
    try:
        from .classifier.precision import choose  # torch: a second

        yield Finding("reading", OK, f"{choose()}, measured now")
    except (ImportError, OSError) as error:
        yield Finding("reading", WRONG, f"PyTorch cannot be loaded: {error}")


def _folder(told: Settings) -> Iterator[Finding]:
    folder = told.data_dir
    if not folder.is_dir():
        yield Finding("folder", NOTE, f"{folder} is not made yet")
        return
    mode = stat.S_IMODE(folder.stat().st_mode)
    if not os.access(folder, os.W_OK):
        yield Finding("folder", WRONG, f"{folder} cannot be written by this user")
    elif os.name == "posix" and mode & 0o077:
        yield Finding("folder", NOTE, f"{folder} is open to other users ({mode:04o}); `chmod 700` closes it")
    else:
        yield Finding("folder", OK, f"{folder} ({mode:04o})")


def _files(told: Settings) -> Iterator[Finding]:
    files = sorted(told.data_dir.glob("history*")) if told.data_dir.is_dir() else []
    if os.name != "posix" or not files:
        return
    open_ones = [file.name for file in files if stat.S_IMODE(file.stat().st_mode) & 0o077]
    if open_ones:
        yield Finding("files", WRONG, f"other users may read {', '.join(open_ones)}; `chmod 600` closes them")
    else:
        yield Finding("files", OK, f"{len(files)} files, none open to other users (0600)")


def _space(told: Settings) -> Iterator[Finding]:
    folder = next(p for p in (told.data_dir, *told.data_dir.absolute().parents) if p.is_dir())
    free = shutil.disk_usage(folder).free
    yield Finding("disk", NOTE if free < LITTLE_SPACE else OK, f"{free // MB:,} MB free where the history is")


def _history(told: Settings) -> Iterator[Finding]:
    path = told.database
    if not path.exists():
        yield Finding("history", NOTE, f"{path} is not made yet")
    elif is_whole(path):
        yield Finding("history", OK, f"{_contents(path)} in {path} ({path.stat().st_size / MB:.1f} MB), no fault found")
    else:
        yield Finding("history", WRONG, f"{path} is damaged; stop Telltale and run `telltale doctor --repair`")


def _contents(path: Path) -> str:
    try:
        count = _ask(path, "SELECT count(*) FROM pages")[0][0]
    except sqlite3.Error:
        return "no pages"
    return f"{count:,} page{'' if count == 1 else 's'}"


def _aside(told: Settings) -> Iterator[Finding]:
    for path in moved_aside(told.database):
        says = f"{path} was moved aside; `telltale doctor --repair {path}` gets back what can be read"
        yield Finding("damaged history", NOTE, says)


def _paired(told: Settings) -> Iterator[Finding]:
    try:
        names = [str(name) for (name,) in _ask(told.database, "SELECT name FROM tokens ORDER BY created")]
    except sqlite3.Error:
        names = []
    if names:
        yield Finding("paired", OK, f"{', '.join(map(printable, names))}; `telltale unpair` ends a pairing")
    else:
        yield Finding("paired", NOTE, "nobody; `telltale pair` makes a code")


def _listens(told: Settings) -> Iterator[Finding]:
    """Linux says where a port is listened on; elsewhere the rule is told."""
    found = [host for table in _TABLES if table.exists() for host, port in _listening(table) if port == told.port]
    if not all(ip_address(host).is_loopback for host in found):
        yield Finding(
            "listens", WRONG, f"port {told.port} is open to other computers; whatever listens there is not Telltale"
        )
    elif found:
        yield Finding("listens", OK, f"on {' and '.join(found)} port {told.port} alone: no other computer can reach it")
    else:
        yield Finding("listens", OK, "nowhere now; a daemon would on 127.0.0.1 and ::1 alone")


_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LISTEN = "0A"


def _listening(table: Path) -> Iterator[tuple[str, int]]:
    for line in table.read_text().splitlines()[1:]:
        _, local, _, state, *_ = line.split()
        host, port = local.split(":")
        if state == _LISTEN:
            # Words of 32 bits, each in the machine's own byte order.
            words = [bytes.fromhex(host[i : i + 8]) for i in range(0, len(host), 8)]
            raw = b"".join(word[::-1] if sys.byteorder == "little" else word for word in words)
            yield str(ip_address(raw)), int(port, 16)


def _outbound(_told: Settings) -> Iterator[Finding]:
    """Tried with an address that is kept for documentation (RFC 5737): nobody has it."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.connect(("192.0.2.1", 9))  # sends nothing
    except OutboundRefused:
        unset = [name for name, value in VARIABLES.items() if os.environ.get(name) != value]
        says = "refused to every other computer" + (f"; not set: {', '.join(unset)}" if unset else "")
        yield Finding("outbound", WRONG if unset else OK, says)
    except OSError:
        yield Finding("outbound", WRONG, "is not refused by Telltale, only by this computer")
    else:
        yield Finding("outbound", WRONG, "is not refused")


def _log(_told: Settings) -> Iterator[Finding]:
    yield Finding("log", OK, "on standard error: methods, routes and statuses; no page text, address, code or token")


def _ask(path: Path, sql: str) -> list[tuple[object, ...]]:
    if not path.exists():
        return []
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
        return db.execute(sql).fetchall()


CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    _versions, _daemon, _model, _speed, _folder, _files, _space, _history, _aside, _paired, _listens, _outbound, _log,
)  # fmt: skip

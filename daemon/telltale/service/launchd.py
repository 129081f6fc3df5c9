"""A launch agent of launchd (macOS). Pure."""

from __future__ import annotations

import plistlib
from collections.abc import Sequence
from pathlib import Path

from .plan import NAME, STOP_SECONDS, Service

LABEL = f"{NAME}.daemon"
PRIVATE = 0o077  # the umask


def service(command: Sequence[str], home: Path, uid: int, log: Path) -> Service:
    """The agent that runs `command` and writes to `log`, for the user with this number and home."""
    file = home / "Library" / "LaunchAgents" / f"{LABEL}.plist"
    known = {
        "Label": LABEL,
        "ProgramArguments": [*command, "--log", str(log)],
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": 30,
        "ExitTimeOut": STOP_SECONDS,
        "Umask": PRIVATE,
    }
    target = f"gui/{uid}/{LABEL}"
    return Service(
        file=file,
        content=plistlib.dumps(known),
        start=(("launchctl", "bootstrap", f"gui/{uid}", str(file)),),
        stop=(("launchctl", "bootout", target),),
        forget=(),
        check=("sh", "-c", f"launchctl print {target} | grep -q 'state = running'"),  # also prints what is only loaded
        log=f"tail {log}",
    )

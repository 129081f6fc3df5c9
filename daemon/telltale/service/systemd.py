"""A user unit of systemd (Linux). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .plan import DESCRIPTION, NAME, STOP_SECONDS, Service

UNIT = f"{NAME}.service"
# Status 1 says that it cannot run (port taken, no model): three tries, then it is left alone.
# ":" keeps systemd from putting the environment into the command.
TEXT = """\
[Unit]
Description={description}
StartLimitIntervalSec=300
StartLimitBurst=3

[Service]
Type=exec
ExecStart=:{command}
Restart=on-failure
RestartSec=5
TimeoutStopSec={stop_seconds}
UMask=0077
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6

[Install]
WantedBy=default.target
"""


def service(command: Sequence[str], config: Path) -> Service:
    """The unit that runs `command`; `config` is the user's folder of settings."""
    text = TEXT.format(description=DESCRIPTION, command=" ".join(map(_quoted, command)), stop_seconds=STOP_SECONDS)
    return Service(
        file=config / "systemd" / "user" / UNIT,
        content=text.encode(),
        start=(_systemctl("daemon-reload"), _systemctl("enable", UNIT), _systemctl("restart", UNIT)),
        stop=(_systemctl("disable", "--now", UNIT),),
        forget=(_systemctl("daemon-reload"),),
        check=_systemctl("is-active", "--quiet", UNIT),
        log=f"journalctl --user --unit {NAME}",
    )


def _systemctl(*arguments: str) -> tuple[str, ...]:
    return ("systemctl", "--user", *arguments)


def _quoted(word: str) -> str:
    """A word as systemd reads it back: C escapes in double quotes, `%` doubled."""
    for char, escape in (("\\", r"\\"), ('"', r"\""), ("%", "%%"), ("\n", r"\n"), ("\t", r"\t")):
        word = word.replace(char, escape)
    return f'"{word}"'

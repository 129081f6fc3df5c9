"""Puts a service in its place, takes it away, and says how it is. The only place that runs a platform's commands."""

from __future__ import annotations

import getpass
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_config_path, user_data_path, user_log_path

from ..settings import Settings
from . import launchd, systemd, windows
from .plan import NAME, Command, Service

PATIENCE_S = 60  # for one command of the platform; the longest is a stop, which takes 15 seconds


class ServiceError(Exception):
    """The platform does not do as asked; the message is one sentence that says why."""


@dataclass(frozen=True, slots=True)
class State:
    """How a service is: whether its file is there, and whether the platform says that it runs."""

    installed: bool
    active: bool
    file: str
    log: str


def service_here(told: Settings) -> Service:
    """The service of this platform. Raises ServiceError where there is none that Telltale knows."""
    command, log = command_of(told), user_log_path(NAME, appauthor=False) / f"{NAME}.log"
    if sys.platform == "win32":
        user = f"{os.environ.get('USERDOMAIN', '.')}\\{getpass.getuser()}"
        return windows.service(command, user_data_path(NAME, appauthor=False), user, log)
    if sys.platform == "darwin":
        return launchd.service(command, Path.home(), os.getuid(), log)
    if sys.platform == "linux":
        return systemd.service(command, user_config_path())
    raise ServiceError(f"Telltale knows no service manager of {sys.platform}; start `telltale run` by your own means.")


def command_of(told: Settings) -> list[str]:
    """The daemon's command with whatever differs from the default. -P: a module in the folder it starts in is not ours."""
    usual = Settings()
    differing = {
        "--port": (told.port, usual.port),
        "--data": (told.data_dir.absolute(), usual.data_dir),
        "--models": (told.models_dir.absolute(), usual.models_dir),
    }
    options = [word for name, (value, default) in differing.items() if value != default for word in (name, str(value))]
    return [_python(), "-P", "-m", NAME, "run", *options]


def _python() -> str:
    """This interpreter; on Windows the one that opens no console."""
    windowless = Path(sys.executable).with_name("pythonw.exe")
    return str(windowless) if sys.platform == "win32" and windowless.exists() else sys.executable


def install(service: Service) -> None:
    """Write the service's file and start it; one that is there is replaced. Raises ServiceError."""
    if service.file.exists():
        _try_all(service.stop)
    try:
        service.file.parent.mkdir(parents=True, exist_ok=True)
        service.file.write_bytes(service.content)
    except OSError as error:
        raise ServiceError(f"{service.file} cannot be written: {error.strerror}.") from None
    for command in service.start:
        _must(command, service.file)


def remove(service: Service) -> bool:
    """Stop the service and take its file away; False when there was none. Raises ServiceError."""
    if not service.file.exists():
        return False
    _try_all(service.stop)
    try:
        service.file.unlink()
    except OSError as error:
        raise ServiceError(f"{service.file} cannot be removed: {error.strerror}.") from None
    _try_all(service.forget)
    return True


def state(service: Service) -> State:
    """How the service is now."""
    installed = service.file.exists()
    active = installed and _try(service.check) == ""
    return State(installed, active, str(service.file), service.log)


def _must(command: Command, file: Path) -> None:
    if fault := _try(command):
        raise ServiceError(f"{file} is written, but `{' '.join(command)}` failed: {fault}")


def _try_all(commands: Sequence[Command]) -> None:
    """What is stopped may not run, what is forgotten may not be known: both are as wanted."""
    for command in commands:
        _try(command)


def _try(command: Command) -> str:
    """Run a command of the platform; what it said when it failed, else nothing."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        return f"there is no {command[0]} here."
    except subprocess.TimeoutExpired:
        return f"it took more than {PATIENCE_S} seconds."
    if done.returncode == 0:
        return ""
    return (done.stderr or done.stdout).strip() or f"it ended with status {done.returncode}."

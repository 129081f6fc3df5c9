"""A task of Windows' task scheduler. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from subprocess import list2cmdline
from xml.etree import ElementTree as xml

from .plan import DESCRIPTION, NAME, Service

# schtasks ends with 0 for a task that only exists, and says the state in the language of the system.
RUNS = f"exit [int]((Get-ScheduledTask -TaskName {NAME}).State -ne 'Running')"
SPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"


def service(command: Sequence[str], folder: Path, user: str, log: Path) -> Service:
    """The task that runs `command` when `user` (DOMAIN\\name) logs on, and writes to `log`; its XML lies in `folder`."""
    file = folder / f"{NAME}-task.xml"
    return Service(
        file=file,
        content=_xml([*command, "--log", str(log)], user),
        start=(
            ("schtasks", "/Create", "/TN", NAME, "/XML", str(file), "/F"),
            ("schtasks", "/Run", "/TN", NAME),
        ),
        stop=(("schtasks", "/End", "/TN", NAME), ("schtasks", "/Delete", "/TN", NAME, "/F")),
        forget=(),
        check=("powershell", "-NoProfile", "-Command", RUNS),
        log=f"type {list2cmdline([str(log)])}",
    )


def _xml(command: Sequence[str], user: str) -> bytes:
    """The scheduler reads UTF-16 alone. Without a user in the trigger only an administrator could make the task."""
    task = xml.Element("Task", version="1.2", xmlns=SPACE)
    _add(task, "RegistrationInfo", Description=DESCRIPTION)
    _add(xml.SubElement(task, "Triggers"), "LogonTrigger", Enabled="true", UserId=user)
    principal = _add(
        xml.SubElement(task, "Principals"), "Principal",
        UserId=user, LogonType="InteractiveToken", RunLevel="LeastPrivilege",
    )  # fmt: skip
    principal.set("id", "Author")
    settings = _add(
        task, "Settings",
        MultipleInstancesPolicy="IgnoreNew", DisallowStartIfOnBatteries="false", StopIfGoingOnBatteries="false",
        ExecutionTimeLimit="PT0S",  # none: it runs as long as the session
    )  # fmt: skip
    _add(settings, "RestartOnFailure", Interval="PT1M", Count="3")
    actions = xml.SubElement(task, "Actions", Context="Author")
    _add(actions, "Exec", Command=command[0], Arguments=list2cmdline(command[1:]))
    text: bytes = xml.tostring(task, encoding="UTF-16", xml_declaration=True)
    return text


def _add(parent: xml.Element, name: str, **texts: str) -> xml.Element:
    element = xml.SubElement(parent, name)
    for child, text in texts.items():
        xml.SubElement(element, child).text = text
    return element

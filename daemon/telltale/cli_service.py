"""The commands that tie Telltale to a person's session: `service` and `completion`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .cli import data_option, json_option, models_option, port_option, told_settings
from .terminal import CANNOT, fail

if TYPE_CHECKING:
    from .service.plan import Service
    from .settings import Settings

SHELLS = ("bash", "zsh", "fish")


@click.group()
def service() -> None:
    """Have Telltale started with your session (systemd, launchd, Windows' task scheduler)."""


@service.command()
@port_option
@data_option
@models_option
@click.option("--print", "only_print", is_flag=True, help="Print the service's file and change nothing.")
def install(port: int | None, data: Path | None, models: Path | None, only_print: bool) -> None:
    """Start Telltale now and with every session, with these settings; again after an upgrade or a change.

    Exit status: 0 when it was started, 1 when the service manager refused.
    """
    from .service import manager

    told = told_settings(port, data, models)
    found = _service(told)
    if only_print:
        click.echo(found.content.decode("utf-16" if found.content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"))
        return
    try:
        manager.install(found)
    except manager.ServiceError as error:
        fail(str(error), CANNOT)
    click.echo(f"Telltale starts with your session ({found.file}). Its log: {found.log}")


@service.command("status")
@port_option
@json_option
def service_status(port: int | None, as_json: bool) -> None:
    """Say whether Telltale is a service of yours and whether it answers.

    Exit status: 0 when the service runs and answers, 1 when not.
    """
    from .listening import answers
    from .service import manager

    told = told_settings(port)
    state = manager.state(_service(told))
    known = {**asdict(state), "port": told.port, "answers": answers(told.port)}
    click.echo(json.dumps(known) if as_json else _sentence(known))
    sys.exit(0 if state.active and known["answers"] else CANNOT)


@service.command()
def remove() -> None:
    """Stop the service and take it away; the history stays where it is."""
    from .service import manager

    found = _service(told_settings())
    try:
        removed = manager.remove(found)
    except manager.ServiceError as error:
        fail(str(error), CANNOT)
    click.echo(f"{found.file} is removed." if removed else "Telltale is no service here; nothing was changed.")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print what makes a SHELL complete the commands of telltale.

    In bash, for one: `telltale completion bash > ~/.local/share/bash-completion/completions/telltale`.
    """
    from click.shell_completion import get_completion_class

    from .cli import main

    found = get_completion_class(shell)
    assert found
    click.echo(found(main, {}, "telltale", "_TELLTALE_COMPLETE").source())


def _service(told: Settings) -> Service:
    from .service import manager

    try:
        return manager.service_here(told)
    except manager.ServiceError as error:
        fail(str(error), CANNOT)


def _sentence(known: dict[str, object]) -> str:
    if not known["installed"]:
        return "Telltale is no service here; `telltale service install` makes it one."
    runs = "runs" if known["active"] else "does not run"
    there = "answers" if known["answers"] else "does not answer"
    return f"The service ({known['file']}) {runs}; Telltale {there} on port {known['port']}. Its log: {known['log']}"

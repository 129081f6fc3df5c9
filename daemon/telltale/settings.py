"""What the daemon is told: the command line wins over the environment, and that over the defaults."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from platformdirs import user_data_path

MB = 1024 * 1024
T = TypeVar("T")


class SettingsError(ValueError):
    """A setting has no usable value; the message is one sentence that names it."""


def default_data_dir() -> Path:
    """Where the history lives unless told otherwise: the platform's folder for a user's data."""
    return user_data_path("telltale", appauthor=False)


def default_models_dir() -> Path:
    """TELLTALE_MODELS, else the model that came in the wheel, else the `models/` folder of the checkout."""
    told = os.environ.get("TELLTALE_MODELS")
    if told:
        return Path(told)
    package = Path(__file__).resolve().parent
    return package / "models" if (package / "models").is_dir() else package.parents[1] / "models"


@dataclass(frozen=True)
class Settings:
    """Everything that can differ from one daemon to another. The addresses bound are no setting: loopback only."""

    port: int = 8355
    data_dir: Path = field(default_factory=default_data_dir)
    models_dir: Path = field(default_factory=default_models_dir)
    body_bytes: int = 5 * MB  # the longest articles are under 1 MB of text; more is no article
    body_seconds: float = 30.0  # loopback needs milliseconds; a body that trickles must not hold a connection
    blocks: int = 5_000  # a long read has some 500 paragraphs, a live blog some 2,000
    connections: int = 256  # at once; ten browsers open some 60, and a process may have 1,024 files open
    queue: int = 32  # pages that wait at once; a browser restoring its tabs sends about so many
    stop_seconds: float = 5.0  # a page in work may end within this at shutdown; a person waits no longer
    pair_tries: int = 10  # a minute; a code has 39 bits, a person needs two or three tries
    code_seconds: int = 600  # time to walk from the terminal to the browser
    ticket_seconds: int = 60  # time for a browser to start
    session_seconds: int = 12 * 3600  # a day at the desk

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65_535:
            raise SettingsError(f"The port must be a number from 0 to 65535, not {self.port}.")

    @property
    def database(self) -> Path:
        """The one file that holds the history and the pairings."""
        return self.data_dir / "history.db"


def load(
    port: int | None = None,
    data_dir: Path | None = None,
    models_dir: Path | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Settings:
    """The settings of one run: arguments win over TELLTALE_PORT, TELLTALE_DATA and TELLTALE_MODELS, then defaults.

    Raises SettingsError with one sentence.
    """
    usual = Settings()
    return Settings(
        port=_first(port, _number(environ, "TELLTALE_PORT"), usual.port),
        data_dir=_first(data_dir, _path(environ, "TELLTALE_DATA"), usual.data_dir),
        models_dir=_first(models_dir, _path(environ, "TELLTALE_MODELS"), usual.models_dir),
    )


def _first(told: T | None, environment: T | None, usual: T) -> T:
    if told is not None:
        return told
    return usual if environment is None else environment


def _number(environ: Mapping[str, str], name: str) -> int | None:
    text = environ.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise SettingsError(f"{name} must be a number from 0 to 65535, not '{text}'.")
    return int(text)


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]) if environ.get(name) else None

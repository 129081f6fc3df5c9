"""How an experiment is run, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Plan:
    """`folder` is empty and the experiment's own. `short` asks for seconds instead of minutes. Without `models` a reader
    that knows one sentence stands for the model."""

    folder: Path
    short: bool
    models: Path | None = None

    def either(self, short: int, full: int) -> int:
        """How much of something: the first number in short, the second in full."""
        return short if self.short else full


@dataclass(frozen=True, slots=True)
class Outcome:
    """`wrong` names each promise that was not kept; `says` has the figures."""

    says: str
    wrong: tuple[str, ...] = ()


class Skipped(Exception):
    """The experiment cannot be made on this computer; the message says why."""


def outcome(says: str, **promises: bool) -> Outcome:
    """The outcome of promises by their names, such as `nothing_lost=True`."""
    return Outcome(says, tuple(name.replace("_", " ") for name, kept in promises.items() if not kept))

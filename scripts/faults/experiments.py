"""The experiments by their names."""

from __future__ import annotations

from collections.abc import Callable

from . import clock, damage, disk, killing, loopback, memory, neighbours, overload, versions, weights
from .plan import Outcome, Plan

EXPERIMENTS: dict[str, Callable[[Plan], Outcome]] = {
    "kill": killing.kill,
    "full-disk": disk.full,
    "read-only": disk.read_only,
    "damage": damage.damage,
    "overload": overload.overload,
    "huge-page": memory.huge_page,
    "no-memory": memory.too_little,
    "upgrade": versions.upgrade,
    "newer-client": versions.newer_client,
    "migration": versions.migration,
    "taken-port": neighbours.taken_port,
    "shared-folder": neighbours.shared_folder,
    "clock": clock.set_back,
    "weights": weights.altered,
    "loopback": loopback.alone,
}

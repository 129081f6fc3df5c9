"""Times as they are kept and shown: UTC, ISO 8601, whole seconds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], float]  # seconds since 1970, as time.time gives


def iso(seconds: float) -> str:
    """`2026-11-24T13:00:00Z` for seconds since 1970."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def compact(seconds: float) -> str:
    """`20261124T130000Z`: the same for the name of a file."""
    return iso(seconds).replace("-", "").replace(":", "")

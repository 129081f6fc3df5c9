"""Memory that is used up, however it is said."""

from __future__ import annotations


def is_memory(error: Exception) -> bool:
    """Whether there was too little memory: torch says so with a RuntimeError of its allocator."""
    return isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and "can't allocate memory" in str(error))

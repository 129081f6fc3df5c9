"""Memory that torch takes and frees by the megabyte: what the C library does with it, where it is glibc."""

import ctypes
import sys
from typing import Any

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of <malloc.h>
LARGEST = 32 * 2**20  # bytes; the most that glibc takes from its heap
KEPT = 64 * 2**20  # bytes of freed memory at the heap's end


def keep() -> None:
    """Keep what a reading frees for the next one. By default the library gives each large block back at once, and the system
    maps and clears the same pages again for the next product: a third of the time of a page."""
    if library := _glibc("mallopt"):
        library.mallopt(M_MMAP_THRESHOLD, LARGEST)
        library.mallopt(M_TRIM_THRESHOLD, KEPT)


def give_back() -> None:
    """Give free memory back to the system where the C library can be asked to; it keeps it else for a long time."""
    if library := _glibc("malloc_trim"):
        library.malloc_trim(0)


def _glibc(function: str) -> Any:
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    return library if hasattr(library, function) else None

"""Memory that loading took and freed."""

import ctypes
import sys


def give_back() -> None:
    """Give free memory back to the system where the C library can be asked to (glibc); it keeps it else for a long time."""
    if sys.platform != "linux":
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)

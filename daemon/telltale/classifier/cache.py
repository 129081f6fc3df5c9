"""Scores that were computed before. A window's scores depend on its pieces alone, so a page that grows is read from where
it grew, and a page seen again is not read at all."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from .pack import Window

MOST_WINDOWS = 4096  # some 700 pages; about 4 MB


class WindowCache:
    """The scores of the windows used last. Not safe for use by two threads at once."""

    def __init__(self, most: int = MOST_WINDOWS) -> None:
        self._most = most
        self._scores: OrderedDict[bytes, NDArray[np.float32]] = OrderedDict()

    def clear(self) -> None:
        """Forget all."""
        self._scores.clear()

    def get(self, window: Window) -> NDArray[np.float32] | None:
        """Probabilities [sentences of the window, labels], if they are known."""
        key = _key(window)
        found = self._scores.get(key)
        if found is not None:
            self._scores.move_to_end(key)
        return found

    def put(self, window: Window, scores: NDArray[np.float32]) -> None:
        """Keep the scores of a window, and forget those unused the longest."""
        self._scores[_key(window)] = scores
        while len(self._scores) > self._most:
            self._scores.popitem(last=False)


def _key(window: Window) -> bytes:
    """Of the pieces, and of which of them are markers of scored sentences."""
    return blake2b(array("i", [*window.ids, -1, *window.markers]).tobytes(), digest_size=16).digest()

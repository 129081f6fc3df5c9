"""What was scored before is not scored again, and only that."""

from __future__ import annotations

import numpy as np
from telltale.classifier.cache import WindowCache
from telltale.classifier.pack import Packing, Window, pack


def window(*ids: int) -> Window:
    return Window(list(ids), [0], [len(ids)], [0])


def test_scores_are_kept_by_the_pieces_of_a_window():
    cache, scores = WindowCache(), np.ones((1, 3), dtype=np.float32)
    cache.put(window(1, 5, 6), scores)
    assert cache.get(window(1, 5, 6)) is scores
    assert cache.get(window(1, 5, 7)) is None
    assert cache.get(Window([1, 5, 6], [1], [3], [0])) is None  # the same words, another sentence of them scored


def test_the_window_unused_the_longest_is_forgotten_first():
    cache, scores = WindowCache(most=2), np.ones((1, 3), dtype=np.float32)
    for ids in ((1,), (2,)):
        cache.put(window(*ids), scores)
    cache.get(window(1))
    cache.put(window(3), scores)
    assert [cache.get(window(n)) is not None for n in (1, 2, 3)] == [True, False, True]


def test_a_page_that_grows_is_read_from_where_it_grew():
    sizes = Packing(window=64, sentence=24, head=8, overlap=12)
    page = [[n] * 20 for n in range(10, 30)]
    cache, scores = WindowCache(), np.ones((1, 3), dtype=np.float32)
    before = pack(page, [True] * len(page), [5], sizes)
    for one in before:
        cache.put(one, scores)
    after = pack([*page, [99] * 20], [True] * (len(page) + 1), [5], sizes)
    unknown = [one for one in after if cache.get(one) is None]
    assert len(unknown) == 1 and unknown[0].sentences[-1] == len(page)

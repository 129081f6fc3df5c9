"""Packing: every sentence is scored once, among its neighbours, within the window."""

from __future__ import annotations

from itertools import compress

from hypothesis import given
from hypothesis import strategies as st
from telltale.classifier.pack import CLS, SEP, Packing, clip, narrowed, near, pack, passing

SIZES = Packing(window=64, sentence=24, head=8, overlap=12)
tokens = st.lists(st.integers(1000, 2000), max_size=40)


@given(st.lists(st.tuples(tokens, st.booleans()), max_size=40), tokens)
def test_every_sentence_is_scored_exactly_once_and_windows_keep_their_size(page, title) -> None:
    sentences, opens = [s for s, _ in page], [o for _, o in page]
    windows = pack(sentences, opens, title, SIZES)
    assert [i for w in windows for i in w.sentences] == list(range(len(sentences)))
    for window in windows:
        assert len(window.ids) <= SIZES.window
        for at, end, i in zip(window.markers, window.ends, window.sentences, strict=True):
            assert window.ids[at] == (CLS if opens[i] else SEP)
            assert window.ids[at + 1 : end] == clip(sentences[i], SIZES.sentence)


def test_the_title_stands_at_the_head_of_every_window() -> None:
    windows = pack([[7] * 20] * 9, [True] * 9, [5, 6], SIZES)
    assert len(windows) > 2
    assert all(w.ids[:3] == [CLS, 5, 6] for w in windows)


def test_a_window_begins_with_the_end_of_the_one_before() -> None:
    windows = pack([[i] * 8 for i in range(1, 20)], [True] * 19, [], SIZES)
    first = windows[1].sentences[0]
    assert windows[1].ids[:9] == [CLS, *[first] * 8]  # sentence number `first` counted from 1 is the one before


def test_a_long_sentence_keeps_its_head_and_its_tail() -> None:
    assert clip(list(range(100)), 9) == [0, 1, 2, 3, 4, 5, 97, 98, 99]


@given(st.lists(st.booleans(), max_size=60), st.integers(0, 4))
def test_what_is_near_is_all_that_is_within_the_distance(wanted, distance) -> None:
    found = near(wanted, distance)
    assert found == [any(w and abs(i - j) <= distance for j, w in enumerate(wanted)) for i in range(len(wanted))]


@given(st.lists(st.tuples(tokens, st.booleans()), min_size=1, max_size=40), tokens, st.randoms())
def test_a_narrowed_window_holds_the_title_and_what_is_near(page, title, random) -> None:
    for window in pack([s for s, _ in page], [o for _, o in page], title, SIZES):
        passes = [random.random() < 0.3 for _ in window.sentences]
        part, places = narrowed(window, passes, 1)
        kept = near(passes, 1)
        assert part.ids == [window.ids[at] for at in places]
        assert places == sorted(set(places))
        assert part.ids[: window.title] == window.ids[: window.title]
        assert part.sentences == list(compress(window.sentences, kept))
        assert part.read == list(compress(window.sentences, passes))
        wanted = [window.ids[start:end] for start, end in compress(zip(window.markers, window.ends, strict=True), kept)]
        assert [part.ids[a:b] for a, b in zip(part.markers, part.ends, strict=True)] == wanted
        past = window.markers[0] - window.title if kept[0] else 0
        assert len(part.ids) == window.title + past + sum(map(len, wanted))


def test_a_sentence_that_rests_passes_no_further_sieve() -> None:
    windows = pack([[i] * 6 for i in range(6)], [True] * 6, [5], SIZES)
    first, _ = passing(windows, [True, False, False, True, True, False], 1)
    assert [part.read for part in first] == [[0, 3, 4]]
    second, places = passing(first, [False, False, True], 1)
    assert [(part.read, part.sentences) for part in second] == [([4], [3, 4, 5])]
    assert [first[0].ids[at] for at in places] == second[0].ids
    assert passing(second, [False], 1) == ([], [])

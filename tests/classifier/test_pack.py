"""Packing: every sentence is scored once, among its neighbours, within the window."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from telltale.classifier.pack import CLS, SEP, Packing, clip, near, pack

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
def test_what_is_near_is_read_once_and_little_else(wanted, distance) -> None:
    runs = near(wanted, distance)
    read = [i for run in runs for i in range(run.start, run.stop)]
    close = {i for i in range(len(wanted)) if any(wanted[max(0, i - distance) : i + distance + 1])}
    assert read == sorted(set(read))
    assert close <= set(read) <= set(range(len(wanted)))
    assert all(b.start - a.stop >= 2 for a, b in zip(runs, runs[1:], strict=False))
    assert all(i - 1 in close and i + 1 in close for i in set(read) - close)

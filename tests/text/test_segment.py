"""Sentences: exact offsets on any text, the breaks a reader would make, linear time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telltale.text.segment import LONGEST_DENSE, LONGEST_SENTENCE, segment


def pieces(text: str) -> list[str]:
    return [text[a:b] for a, b in segment(text)]


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from(".!?。\n “”’)]\u00a0\u200d😀é"))))
def test_every_visible_character_is_in_exactly_one_sentence_in_order(text: str) -> None:
    at = 0
    for start, end in segment(text):
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        assert end - start <= LONGEST_SENTENCE
        at = end
    assert not text[at:].strip()


@given(st.text())
def test_a_sentence_never_begins_or_ends_with_white_space(text: str) -> None:
    assert all(piece == piece.strip() and piece for piece in pieces(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He won. She lost.", ["He won.", "She lost."]),
        ("Mr. Lee met Dr. Ito. They spoke.", ["Mr. Lee met Dr. Ito.", "They spoke."]),
        ("It fell 3.5 per cent. Then it rose.", ["It fell 3.5 per cent.", "Then it rose."]),
        ("“Really?” she asked. “Yes!” He left.", ["“Really?” she asked.", "“Yes!”", "He left."]),
        (
            "She went to the U.S. The vote was at 5 p.m. It passed.",
            ["She went to the U.S.", "The vote was at 5 p.m.", "It passed."],
        ),
        ("Am 3. Mai kam z. B. Herr Dr. Meier. Er blieb.", ["Am 3. Mai kam z. B. Herr Dr. Meier.", "Er blieb."]),
        ("J. K. Morrow spoke. Nobody heard.", ["J. K. Morrow spoke.", "Nobody heard."]),
        ("1. Mix. 2. Bake", ["1. Mix.", "2. Bake"]),
        ("It ended.[1] Then it began.[12]", ["It ended.[1]", "Then it began.[12]"]),
        ("これは記事です。次の文です。", ["これは記事です。", "次の文です。"]),
        ("He lives at No. 10. She said no. Then she left.", ["He lives at No. 10.", "She said no.", "Then she left."]),
        ("Θέλετε περίληψη; Η γέφυρα άνοιξε; όχι.", ["Θέλετε περίληψη;", "Η γέφυρα άνοιξε; όχι."]),
        ("He ran; She hid; Αθήνα; All waited.", ["He ran; She hid; Αθήνα;", "All waited."]),
        (";) So it began; Then", [";) So it began; Then"]),
        ("Είδες το «Βήμα»; Ναι.", ["Είδες το «Βήμα»;", "Ναι."]),
        ("Έγινε το 2024; Ναι.", ["Έγινε το 2024;", "Ναι."]),
        ("Τι λες...; Ναι.", ["Τι λες...;", "Ναι."]),
        ("He cited Smith, 2001.; Jones, 2002.; Brown", ["He cited Smith, 2001.; Jones, 2002.; Brown"]),
        ("Apples, pears, etc.; The rest", ["Apples, pears, etc.; The rest"]),
        ("Wait...; Then", ["Wait...; Then"]),
        ("Foo bar&nbsp;. Next one.", ["Foo bar&nbsp;.", "Next one."]),
        ("He stopped;. Then he went.", ["He stopped;.", "Then he went."]),
        ("Ein Satz.\nNoch einer ohne Punkt\nund Schluss", ["Ein Satz.", "Noch einer ohne Punkt", "und Schluss"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_breaks_where_a_reader_would(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


def test_a_run_without_an_end_is_cut_at_white_space() -> None:
    found = pieces("word " * 1000)
    assert len(found) > 5
    assert max(map(len, found)) <= LONGEST_SENTENCE
    assert all(piece.startswith("word") and piece.endswith("word") for piece in found)


@pytest.mark.parametrize("clause", ["市議会は橋について話した、", "市议会谈到了那座桥，"])
def test_a_run_of_a_dense_script_is_cut_sooner_and_behind_a_comma(clause: str) -> None:
    found = pieces(clause * 60)
    assert max(map(len, found)) <= LONGEST_DENSE
    assert all(piece.startswith(clause) and piece.endswith(clause[-1]) for piece in found)
    assert "".join(found) == clause * 60


@pytest.mark.parametrize("unit", [".", "a", "\n", "(.", " ", ".“", "[1]", "。", "a. ", ";", "; ", ";“", "1; ", "α; "])
def test_time_grows_linearly_with_the_text(unit: str) -> None:
    """Ten times the text may take at most thirty times as long: quadratic work would take a hundred."""

    def seconds(count: int) -> float:
        text = unit * count + "a"
        runs = []
        for _ in range(3):
            start = time.perf_counter()
            segment(text)
            runs.append(time.perf_counter() - start)
        return min(runs)

    assert seconds(200_000) < 30 * max(seconds(20_000), 0.002)

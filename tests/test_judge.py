"""The judge: which sentences stand, how they merge, what the page is."""

from __future__ import annotations

import numpy as np
import pytest
from telltale.domain import LABELS, Kind, Verdict
from telltale.judge import Limits, Place, judge, verdict_of

LIMITS = {Kind.LEAK: Limits(0.8, 0.3, 0.2), Kind.DISCLOSURE: Limits(0.9, 0.3, 0.2)}
TEXT = "One two. Three four. Five six."
PLACES = [Place("block", 0, 0, 8), Place("block", 0, 9, 20), Place("block", 0, 21, 30)]


def rows(*pairs: tuple[str, float]) -> np.ndarray:
    scores = np.zeros((len(pairs), len(LABELS)), dtype=np.float32)
    for row, (family, probability) in zip(scores, pairs, strict=True):
        row[LABELS.index(family)] = probability
        row[0] += 1 - probability
    return scores


def read(*pairs: tuple[str, float], places=PLACES):
    return judge(places, [TEXT] * len(pairs), rows(*pairs), LIMITS)


def test_a_sentence_stands_from_its_threshold_on_and_quotes_the_very_words() -> None:
    notes, possible = read(("none", 0.0), ("refusal", 0.81), ("none", 0.0))
    assert [(n.start, n.end, n.quote, n.family, n.kind) for n in notes] == [
        (9, 20, "Three four.", "refusal", Kind.LEAK)
    ]
    assert possible == ()


def test_neighbours_of_one_family_become_one_note() -> None:
    notes, _ = read(("preamble", 0.9), ("preamble", 0.95), ("none", 0.0))
    assert [(n.quote, n.confidence) for n in notes] == [("One two. Three four.", pytest.approx(0.95))]


def test_neighbours_of_two_families_stay_two_notes() -> None:
    notes, _ = read(("rewrite_note", 0.9), ("slant_directive", 0.9), ("none", 0.0))
    assert [n.family for n in notes] == ["rewrite_note", "slant_directive"]


def test_a_weaker_sentence_stands_beside_a_standing_one_of_its_kind() -> None:
    notes, _ = read(("rewrite_note", 0.4), ("slant_directive", 0.9), ("closing_offer", 0.35))
    assert [n.quote for n in notes] == ["One two.", "Three four.", "Five six."]


def test_a_weaker_sentence_of_another_block_does_not_stand() -> None:
    places = [*PLACES[:2], Place("block", 1, 21, 30)]
    notes, possible = read(("none", 0.0), ("refusal", 0.9), ("refusal", 0.4), places=places)
    assert [n.quote for n in notes] == ["Three four."]
    assert [n.quote for n in possible] == ["Five six."]


def test_each_kind_has_its_own_threshold() -> None:
    notes, possible = read(("none", 0.0), ("written_by_ai", 0.85), ("none", 0.0))
    assert notes == ()
    assert [n.family for n in possible] == ["written_by_ai"]


@pytest.mark.parametrize(
    ("families", "verdict"),
    [
        ((), Verdict.NONE),
        (("refusal",), Verdict.UNDISCLOSED),
        (("ai_assisted",), Verdict.DISCLOSED),
        (("refusal", "ai_assisted"), Verdict.DISCLOSED),
    ],
)
def test_a_disclosure_outweighs_a_leak_in_the_verdict(families, verdict) -> None:
    pairs = [(f, 0.99) for f in families] + [("none", 0.0)] * (3 - len(families))
    assert verdict_of(read(*pairs)[0]) is verdict

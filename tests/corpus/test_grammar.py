"""The template language: what a template says is what a page gets, and a broken one is named."""

from __future__ import annotations

import random

import pytest
from corpus.grammar import SLOTS, Filling, expand, parse_templates


def filling(seed: int = 1) -> Filling:
    return Filling(random.Random(seed), {s: [f"{s}-a", f"{s}-b"] for s in SLOTS})


def parsed(text: str):
    return parse_templates(text, name="test", lang="en", family="preamble")


def test_alternatives_nest_and_every_one_can_come_out() -> None:
    found = {expand("{Sure|Of course{!|.}}, here", filling(seed)) for seed in range(60)}
    assert found == {"Sure, here", "Of course!, here", "Of course., here"}


def test_a_slot_keeps_its_value_within_a_page() -> None:
    shared = filling()
    assert expand("<team>", shared) == expand("<team>", shared)


def test_html_and_escaped_braces_are_literal() -> None:
    assert expand(r"<p>\{\{name\}\} [Team A]</p>", filling()) == "<p>{{name}} [Team A]</p>"


def test_lines_carry_labels_roles_and_joins() -> None:
    (template,) = parsed(
        "@place last\n@title A headline\nHere it is.\n+ @none The mayor spoke.\n@closing_offer Shorter?"
    )
    assert template.place == "last"
    assert [(line.role, line.label, line.joined) for line in template.lines] == [
        ("title", "none", False),
        ("block", "preamble", False),
        ("block", "none", True),
        ("block", "closing_offer", False),
    ]


@pytest.mark.parametrize("text", ["{a|b", "a}b{", "[{a}|b] {city}", "@place nowhere\nx", "@not_a_family x"])
def test_a_broken_template_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"allowed|balance|no choice"):
        parsed(text)

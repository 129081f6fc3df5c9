"""What both sides must agree on (tests/vectors), and what holds for any text: the same in extension/tests/vectors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telltale.auth import ALPHABET, plain_code
from telltale.openapi import document
from telltale.outlets import AddressError, address_of
from telltale.text.segment import segment

FOLDER = Path(__file__).parent / "vectors"


def vectors(name: str) -> list[Any]:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def units(text: str) -> int:
    """UTF-16 units, as a browser counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@pytest.mark.parametrize("vector", vectors("offsets"), ids=lambda v: ascii(v["quote"])[:20])
def test_offsets(vector):
    text, start, end = vector["text"], vector["start"], vector["end"]
    assert text[start:end] == vector["quote"]
    assert [units(text[:start]), units(text[:end])] == vector["utf16"]


@pytest.mark.parametrize("vector", vectors("codes"), ids=lambda v: ascii(v["typed"]))
def test_codes(vector):
    plain = plain_code(vector["typed"])
    assert (f"{plain[:4]}-{plain[4:]}" if len(plain) == 8 else None) == vector["code"]


READING = jsonschema_rs.validator_for({**document(), "$ref": "#/components/schemas/Reading"})


@pytest.mark.parametrize("vector", vectors("readings"), ids=lambda v: v["name"])
def test_readings_that_the_extension_believes_are_those_of_the_contract(vector):
    assert READING.is_valid(vector["body"]) is vector["known"]


TEXTS = st.text(st.sampled_from("ab. !?…。\n\t\"'”)😀\u0301\u200d漢ש[1]") | st.characters(), max_size=200)


@given(TEXTS)
def test_sentences_are_in_order_and_lose_nothing_but_white_space(text):
    spans = segment(text)
    assert all(a < b for a, b in spans)
    assert all(first[1] <= second[0] for first, second in zip(spans, spans[1:], strict=False))
    kept = "".join(text[a:b] for a, b in spans)
    assert "".join(kept.split()) == "".join(text.split())
    assert all(text[a:b] == text[a:b].strip() for a, b in spans)


@given(
    st.text(max_size=60) | st.from_regex(r"https?://[a-zA-Z0-9.-]{1,20}(:\d{1,6})?(/[^\s]{0,20})?(\?[^\s]{0,20})?(#x)?")
)
def test_an_address_is_refused_with_a_sentence_or_made_canonical_for_good(url):
    try:
        first = address_of(url)
    except AddressError as error:
        assert str(error).endswith(".")
        return
    assert address_of(first.url) == first
    assert first.url.startswith(("http://", "https://")) and "#" not in first.url and first.outlet


@given(st.text(ALPHABET, min_size=8, max_size=8), st.sampled_from(["-", " ", "", " - ", "–"]))
def test_a_code_survives_how_it_is_typed(code, between):
    assert plain_code(f" {code[:4]}{between}{code[4:]}".lower()) == code

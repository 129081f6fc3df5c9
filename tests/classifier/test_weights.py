"""The card of a model folder: what is no card of this version, or of other files, is refused in a sentence."""

from __future__ import annotations

import json
import shutil

import pytest
from telltale.classifier.sizes import SIEVES
from telltale.classifier.weights import CARD, TOKENIZER, WEIGHTS, ModelError, read_card
from telltale.reader import Reader
from telltale.settings import default_models_dir

GIVEN = json.loads((default_models_dir() / CARD).read_text(encoding="utf-8"))
DIGEST = "0" * 64


def test_the_card_of_the_checkout_is_read():
    card = read_card(default_models_dir())
    assert len(card.sieves) == len(SIEVES) and set(card.files) == {WEIGHTS, TOKENIZER}


@pytest.mark.parametrize("content", ['"x"', "[]", "[1]", "3", "null", "{}", "{", "\udcff", "[" * 100_000])
def test_what_is_no_card_is_refused(tmp_path, content):
    (tmp_path / CARD).write_text(content, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(ModelError, match=r"^[^\n]*is not a model card this version can read[^\n]*\.$"):
        read_card(tmp_path)


def test_a_card_that_is_a_folder_is_refused(tmp_path):
    (tmp_path / CARD).mkdir()
    with pytest.raises(ModelError, match=rf"^[^\n]*{CARD} cannot be read[^\n]*\.$"):
        read_card(tmp_path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": None}, "name must be a text"),
        ({"training": None}, "training an object"),
        ({"temperature": "1.3"}, "temperature must be a number"),
        ({"temperature": True}, "temperature must be a number"),
        ({"temperature": float("nan")}, "temperature must be a number"),
        ({"temperature": 10**400}, "too large"),
        ({"temperature": 0}, "temperature must be above 0"),
        ({"sieves": [float("nan")] * len(SIEVES)}, "sieves must be a number"),
        ({"sieves": ["-4.0"] * len(SIEVES)}, "sieves must be a number"),
        ({"thresholds": {**GIVEN["thresholds"], "leak": None}}, "leak must be a number"),
        ({"packing": {**GIVEN["packing"], "window": "a"}}, "window must be a number"),
        ({"packing": {**GIVEN["packing"], "window": 320.5}}, "window must be a whole number"),
        ({"encoder": {**GIVEN["encoder"], "vocab_size": -1}}, "vocab_size must be a number of at least 0"),
        ({"encoder": {**GIVEN["encoder"], "num_attention_heads": 7}}, "must divide hidden_size"),
        ({"encoder": {**GIVEN["encoder"], "num_attention_heads": 0}}, "must divide hidden_size"),
    ],
)
def test_a_card_with_a_value_of_another_type_is_refused(tmp_path, change, said):
    (tmp_path / CARD).write_text(json.dumps({**GIVEN, **change}), encoding="utf-8")
    with pytest.raises(ModelError, match=rf"^[^\n]*not a model card[^\n]*{said}[^\n]*\.$"):
        read_card(tmp_path)


def test_sieves_that_let_all_through_are_read(tmp_path):
    given = [float("-inf")] * len(SIEVES)
    (tmp_path / CARD).write_text(json.dumps({**GIVEN, "sieves": given}), encoding="utf-8")
    assert read_card(tmp_path).sieves == tuple(given)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"files": {}}, "must name the SHA-256"),
        ({"files": {WEIGHTS: DIGEST}}, "must name the SHA-256"),
        ({"files": {WEIGHTS: DIGEST, TOKENIZER: DIGEST, "../other": DIGEST}}, "of no other file"),
        ({"files": [WEIGHTS, TOKENIZER]}, "not a model card"),
        ({"sieves": [-4.0, -3.0]}, f"2 sieves and this version reads {len(SIEVES)}"),
        ({"sieves": ["low"] * len(SIEVES)}, "not a model card"),
        ({"labels": ["none"]}, "other families"),
    ],
)
def test_a_card_of_other_files_or_of_another_version_is_refused(tmp_path, change, said):
    (tmp_path / CARD).write_text(json.dumps({**GIVEN, **change}), encoding="utf-8")
    with pytest.raises(ModelError, match=rf"^[^\n]*{said}[^\n]*\.$"):
        read_card(tmp_path)


@pytest.mark.parametrize("name", [WEIGHTS, TOKENIZER])
def test_one_changed_byte_is_refused_where_the_model_is_loaded(tmp_path, name):
    made = tmp_path / "models"
    shutil.copytree(default_models_dir(), made)
    raw = bytearray((made / name).read_bytes())
    raw[len(raw) // 2] ^= 1
    (made / name).write_bytes(raw)
    with pytest.raises(ModelError, match=rf"^[^\n]*{name}[^\n]*SHA-256 differs[^\n]*\.$"):
        Reader.load(made, "fp32")

"""What training and measuring are given: where it cannot be read, one sentence says so."""

from __future__ import annotations

import json

import pytest
import torch
from safetensors.torch import save_file
from telltale.classifier.weights import WEIGHTS
from training.base import tagger_of
from training.cases import read_cases


def test_a_line_of_cases_ends_where_json_has_it(tmp_path):
    texts = [f"One.{end}Two." for end in "\u2028\u2029\u0085"]
    lines = [json.dumps({"id": str(i), "text": t}, ensure_ascii=False) for i, t in enumerate(texts)]
    (tmp_path / "cases.jsonl").write_text("\r\n".join([*lines, ""]), encoding="utf-8", newline="")
    assert [case.text for case in read_cases(tmp_path / "cases.jsonl")] == texts


@pytest.mark.parametrize("content", [None, b"\xff", b"[1]", b"no case"])
def test_cases_that_cannot_be_read_are_one_sentence(tmp_path, content):
    path = tmp_path / "cases.jsonl"
    if content:
        path.write_bytes(content)
    with pytest.raises(SystemExit, match=r"^.*cases\.jsonl[^\n]*\.$"):
        list(read_cases(path))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"label": "undisclosd"}, "'undisclosd' is no label; allowed are none, leak"),
        ({"family": "preambel"}, "'preambel' is no family; allowed are none, refusal"),
        ({"notes": "Two."}, "notes must be a list"),
        ({"notes": ["One.", "Three."]}, "the note 'Three.' stands neither in the title nor in the text"),
    ],
)
def test_a_case_that_would_be_measured_wrong_is_refused(tmp_path, change, said):
    case = {"title": "One.", "text": "Two.", "label": "leak", "family": "preamble", "notes": ["One.", "Two."]}
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(map(json.dumps, (case, {**case, **change}))), encoding="utf-8")
    with pytest.raises(SystemExit, match=rf"^.*cases\.jsonl, line 2, is no case \({said}[^\n]*\.$"):
        list(read_cases(path))


def test_a_label_may_be_a_family_and_none_is_no_family(tmp_path):
    cases = [
        {"text": "One.", "label": "refusal"},
        {"text": "Two.", "label": "none", "family": "none"},
        {"text": "Six."},
    ]
    (tmp_path / "cases.jsonl").write_text("\n".join(map(json.dumps, cases)), encoding="utf-8")
    found = [(case.label, case.family) for case in read_cases(tmp_path / "cases.jsonl")]
    assert found == [("undisclosed", "refusal"), ("none", ""), ("none", "")]


@pytest.mark.parametrize("kind", ["none", "torn", "other"])
def test_weights_that_cannot_be_gone_on_from_are_one_sentence(tmp_path, kind):
    if kind == "torn":
        (tmp_path / WEIGHTS).write_bytes(b"torn")
    if kind == "other":
        save_file({"other": torch.zeros(2)}, tmp_path / WEIGHTS)
    with pytest.raises(SystemExit, match=rf"^.*{WEIGHTS}[^\n]*\.$"):
        tagger_of(tmp_path)

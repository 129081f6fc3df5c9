"""What is measured: each figure of the pages that it is about, and the files of cases it is measured on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from telltale.domain import LABELS, Kind, Note, Reading
from telltale.judge import verdict_of
from training.card import by_language, figure_table, weak
from training.cases import Case
from training.measure import figures, outcomes

EVALUATE = Path(__file__).parents[2] / "scripts" / "evaluate"
LEAK, DOUBT, STORY = "Here is the article.", "I can write more.", "The bridge is open."
CHANCES = {LEAK: 0.9, DOUBT: 0.2, STORY: 0.1}


class Known:
    """A reader that gives three sentences their chance of a leak, half to each of two families; the first stands."""

    def read(self, page):
        found = [(i, b.text) for i, b in enumerate(page.blocks) if b.text == LEAK]
        notes = tuple(Note("block", i, 0, len(t), t, Kind.LEAK, "preamble", 0.9) for i, t in found)
        return Reading(verdict_of(notes), notes, (), "known-1", len(page.blocks))

    def scores(self, page, places, texts):
        scores = np.zeros((len(texts), len(LABELS)), dtype=np.float32)
        for row, text in zip(scores, texts, strict=True):
            row[LABELS.index("preamble")] = row[LABELS.index("refusal")] = CHANCES[text] / 2
        return scores


def measured(*cases: Case) -> dict:
    return figures(outcomes(Known(), cases))


def noted(quote: str, lang: str = "en") -> Case:
    return Case("1", "", f"{STORY}\n{quote}", "undisclosed", "preamble", lang, notes=(quote,))


def test_reliability_is_of_the_strongest_sentence_of_each_page_also_of_those_without_a_note():
    found = measured(noted(LEAK), noted(DOUBT), Case("2", "", STORY, "none"))["reliability"]
    assert [(row["confidence"], row["k"], row["n"]) for row in found] == [(0.1, 0, 1), (0.2, 1, 1), (0.9, 1, 1)]


def test_words_are_compared_where_the_label_came_out_right_and_it_is_said_of_how_many_pages():
    found = measured(noted(LEAK), noted(DOUBT))
    assert (found["span_overlap"], found["span_overlap_pages"]) == (1.0, 1)
    assert "1.0 in common" in figure_table(
        found
    ) and "1 pages with a note in their text whose label came out right" in figure_table(found)


def test_english_and_the_other_languages_have_a_row_each_and_the_weak_ones_are_named():
    found = measured(noted(LEAK), noted(LEAK), noted(LEAK, "fr"), noted(LEAK, "el"), noted(DOUBT, "el"))
    rows = {name: (row["k"], row["n"]) for name, row in by_language(found).items()}
    assert rows == {"label undisclosed, English": (2, 2), "label undisclosed, other languages": (2, 3)}
    assert weak(found["recall_by_language"], 0.85) == "undisclosed/el (1 of 2)"
    assert weak(found["recall_by_language"], 0.5) == "none"
    assert "Languages under 85%: undisclosed/el (1 of 2)." in figure_table(found)


@pytest.mark.parametrize("option", ["--wrong", "--plots"])
def test_of_json_nothing_else_is_on_stdout(tmp_path, option):
    case = {"id": "odd", "title": "", "text": STORY, "label": "undisclosed", "family": "refusal", "notes": [STORY]}
    (tmp_path / "cases.jsonl").write_text(json.dumps(case), encoding="utf-8")
    given = [option, str(tmp_path)] if option == "--plots" else [option]
    done = subprocess.run(
        [sys.executable, EVALUATE, tmp_path / "cases.jsonl", "--json", *given], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["recall"]["undisclosed"]["n"] == 1
    assert ("WRONG odd" if option == "--wrong" else "recall.svg") in done.stderr

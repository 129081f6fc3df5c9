"""Labels of sentences, from the labelled spans of the text they stand in."""

from __future__ import annotations

import pytest
from telltale.domain import LABELS, NONE, NONE_AT, Block, Page
from telltale.reader import sentences_of
from training.examples import IGNORED, sentence_labels

SUMMARY, REFUSAL = LABELS.index("ai_summary"), LABELS.index("refusal")
LONG = "the council has voted to keep the old bridge over the river for another ten years."


@pytest.mark.parametrize(
    ("runs", "labels"),
    [
        ([(f"The river: {LONG}", NONE)], [NONE_AT]),
        ([("AI summary:", "ai_summary"), (LONG, NONE)], [SUMMARY]),
        ([("AI:", "ai_summary"), ("I cannot write about that, sorry:", "refusal"), (LONG, NONE)], [REFUSAL]),
        ([("In short. By AI", "ai_summary"), (LONG, NONE)], [SUMMARY, IGNORED]),
        (
            [("I cannot write this. Nor can I say why I cannot write it", "refusal"), ("at all.", NONE)],
            [REFUSAL, REFUSAL],
        ),
    ],
)
def test_a_sentence_that_holds_a_whole_note_is_one_and_a_part_of_one_must_be_most_of_it(runs, labels):
    text, spans = "", []
    for words, label in runs:
        text += " " if text else ""
        spans.append((len(text), len(text) + len(words), label))
        text += words
    page = Page(title="", byline="", blocks=(Block(text),), lang="en")
    assert len(sentences_of(page)[0]) == len(labels)
    assert sentence_labels(page, [[], [], spans]) == labels

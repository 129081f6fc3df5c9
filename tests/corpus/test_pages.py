"""Generated pages: reproducible, labelled exactly, held-out templates apart."""

from __future__ import annotations

import pytest
from corpus.library import Library
from corpus.pages import RECIPES, MadePage, PageMaker, Piece, join
from telltale.domain import FAMILIES, LABELS, NONE
from training.examples import IGNORED, labelled, sentence_labels


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load(dev=False)


def test_the_same_seed_makes_the_same_pages(library: Library) -> None:
    one, two = PageMaker(library, 5), PageMaker(library, 5)
    assert [one.page() for _ in range(20)] == [two.page() for _ in range(20)]


@pytest.mark.parametrize("recipe", sorted(RECIPES))
def test_spans_cover_the_text_and_sentences_get_their_labels(library: Library, recipe: str) -> None:
    maker = PageMaker(library, 11)
    for _ in range(60):
        made = maker.page(recipe)
        for run in made.blocks:
            text, spans = join(run)
            assert [text[a:b] for a, b, _ in spans] == [p.text for p in run]
        page, spans_of = labelled(made)
        labels = sentence_labels(page, spans_of)
        assert all(label == IGNORED or 0 <= label < len(LABELS) for label in labels)
        if recipe in ("ordinary", "negative", "quoted"):
            assert not made.labels()


def test_held_out_templates_are_never_trained_on(library: Library) -> None:
    kept = Library.load(dev=True)
    sources = {t.source for by in library.notes.values() for shelf in by.values() for t in shelf}
    for by in kept.notes.values():
        for shelf in by.values():
            assert not sources & {t.source for t in shelf}


def test_every_family_has_templates_on_both_sides(library: Library) -> None:
    kept = Library.load(dev=True)
    for family in FAMILIES:
        assert library.notes[family]["en"]
        assert kept.notes[family]["en"]


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("AI summary", True),
        ("**Summary by AI**", True),
        ("**Summary by AI:**", False),
        ("要約：", False),
        ("Written by a machine.", False),
        ("**No preamble, only the text.**", False),
        ("（以上要点由大模型提炼。）", False),
        ("A heading that goes on and on, and is no label for its length alone", False),
    ],
)
def test_a_label_without_an_end_gets_one_before_a_paragraph(library: Library, text: str, joined: bool) -> None:
    maker = PageMaker(library, 3)
    first = set()
    for _ in range(20):
        page = MadePage("en", "note", blocks=[[Piece("The bridge stays.", NONE)]])
        maker._inline(page, [Piece(text, "ai_summary")], 0)
        assert page.blocks[0][1] == Piece("The bridge stays.", NONE)
        first.add(page.blocks[0][0].text)
    assert (f"{text}:" in first) == joined == (len(first) > 1)

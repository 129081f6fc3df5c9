"""The pieces are those of transformers' kind of tokenizer, from the same vocabulary."""

from __future__ import annotations

import re
from functools import cache

from benchmarks.stock import tokenizer_of
from corpus.library import Library
from corpus.pages import PageMaker
from hypothesis import given, settings
from hypothesis import strategies as st
from telltale.classifier.pieces import Pieces
from telltale.classifier.weights import TOKENIZER, read_card
from telltale.reader import quotes_of, sentences_of
from telltale.settings import default_models_dir
from telltale.text.segment import segment
from tokenizers import Tokenizer
from training.examples import labelled

MODEL = (default_models_dir() / TOKENIZER).read_bytes()
RUN = re.compile(r"(.)\1{9}")
BROKEN = re.compile("[ÂÃÎÏÐÑØÙà][\u0080-\u02ff\u2010-\u2122]")  # letters whose bytes were read as another encoding's
WORDS = st.text(st.characters(exclude_categories=["C"]), max_size=60)


@cache
def both() -> tuple[Pieces, Tokenizer]:
    return Pieces(MODEL), tokenizer_of(MODEL)


def same(texts: list[str]) -> bool:
    ours, theirs = both()
    encoded = theirs.encode_batch(texts, add_special_tokens=False)
    return all(map(_same, texts, ours.numbers(texts), (e.ids for e in encoded)))


def _same(text: str, ours: list[int], theirs: list[int]) -> bool:
    """A long run of dots is as likely cut in one way as in another; then the same pieces may come in another order."""
    return ours == theirs or (RUN.search(text) is not None and sorted(ours) == sorted(theirs))


def test_pages_in_all_languages_have_the_same_pieces() -> None:
    maker = PageMaker(Library.load(dev=True), 5, english_share=0.2)
    for _ in range(300):
        assert same(quotes_of(*sentences_of(labelled(maker.page())[0])))


@settings(max_examples=300)
@given(st.lists(WORDS, max_size=4))
def test_any_text_has_the_same_pieces(texts: list[str]) -> None:
    assert same(texts)


def test_nothing_has_no_pieces() -> None:
    assert both()[0].numbers(["", " \n"]) == [[], []]


def test_a_page_without_full_stops_has_no_sentence_of_which_only_the_ends_are_read() -> None:
    longest = read_card(default_models_dir()).packing.sentence
    maker, library = PageMaker(Library.load(dev=True), 6), Library.load(dev=True)
    for lang in library.articles:
        blocks = [piece.text for _ in range(8) for block in maker.article(lang).blocks for piece in block]
        text = re.sub(r"[.,;:!?…؟।。！？、，；]", "", " ".join(block for block in blocks if not BROKEN.search(block)))
        found = both()[0].numbers([text[start:end] for start, end in segment(text)])
        assert len(found) > 1 and max(map(len, found)) <= longest, lang

"""What the bench of extraction counts, on texts whose shares are known, and that its pages hold their articles."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

import pytest
from benchmarks.extraction import agreement, shares_of
from benchmarks.web import SITES, WebMaker
from telltale.domain import Block


@pytest.fixture(scope="module")
def maker():
    return WebMaker(3)


@pytest.fixture
def page(maker):
    """A page whose article has ten words, the last four of them its note."""
    made = maker.page(noted=True)
    article = replace(
        made.article, title="", blocks=(Block("One two three four five six."), Block("seven eight nine ten"))
    )
    return replace(made, article=article, notes=("seven eight nine ten",))


@pytest.mark.parametrize(
    ("text", "recall", "precision", "kept"),
    [
        ("One two three four five six.\nSeven, eight, nine, ten", 1.0, 1.0, 1),
        ("One two three four five six.", 0.6, 1.0, 0),
        ("One two three four five six. ten nine eight seven", 1.0, 1.0, 0),
        ("seven eight nine ten. Cookies are set by us, read!", 0.4, 0.4, 1),
        ("", 0.0, 0.0, 0),
    ],
)
def test_the_shares_are_those_of_the_words(page, text, recall, precision, kept):
    shares = shares_of(page, text)
    assert (shares.recall, shares.precision, shares.kept, shares.notes) == (recall, precision, kept, 1)


def test_texts_agree_as_far_as_their_words_do():
    assert (agreement("a b c d", "a b c d"), agreement("a b", "c d"), agreement("a b", "b c")) == (1.0, 0.0, 0.5)


def test_every_site_has_the_whole_article_among_much_else(maker):
    pages = [maker.page(noted=n % 2 == 0) for n in range(2 * len(SITES))]
    assert {page.site for page in pages} == set(SITES)
    for page in pages:
        html = unescape(page.html)
        assert all(block.text in html for block in page.article.blocks)
        assert len(html) > 3 * sum(len(block.text) for block in page.article.blocks)


def test_marked_pages_have_no_sentence_in_common():
    maker = WebMaker(4)
    blocks = [b.text for n in range(40) for b in maker.page(noted=False, mark=str(n)).article.blocks]
    assert len(set(blocks)) == len(blocks)

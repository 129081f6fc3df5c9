"""What the layers behind a sieve are shown in training: every note, its neighbours, and some of the rest, each with its own label."""

from __future__ import annotations

import random

import pytest
from corpus.library import Library
from corpus.pages import PageMaker
from telltale.classifier.pack import Packing
from telltale.classifier.pieces import Pieces
from telltale.classifier.score import NEAR
from telltale.classifier.weights import TOKENIZER
from telltale.settings import default_models_dir
from training.examples import IGNORED, Example, examples_of
from training.loop import NONE_INDEX, narrow

SHARE = 0.1  # of sentences without a note that pass


@pytest.fixture(scope="module")
def batch() -> list[Example]:
    maker, pieces = PageMaker(Library.load(dev=False), 4), Pieces((default_models_dir() / TOKENIZER).read_bytes())
    pages = [maker.page(recipe) for recipe in ("note", "ordinary", "negative") * 8]
    return [example for page in pages for example in examples_of(page, pieces, Packing())]


def test_places_say_where_the_tokens_stood(batch):
    parts, places = narrow(batch, SHARE, random.Random(1))
    ids = [i for example in batch for i in example.window.ids]
    assert [ids[at] for at in places] == [i for part in parts for i in part.window.ids]
    assert len(places) < len(ids)


def test_each_note_stays_with_its_label_and_its_neighbours(batch):
    parts, _ = narrow(batch, SHARE, random.Random(2))
    kept = [dict(zip(part.window.sentences, part.labels, strict=True)) for part in parts]
    noted = [example for example in batch if any(label not in (NONE_INDEX, IGNORED) for label in example.labels)]
    assert len(noted) > 5
    for example in noted:
        given = dict(zip(example.window.sentences, example.labels, strict=True))
        notes = [i for i, label in given.items() if label not in (NONE_INDEX, IGNORED)]
        near = {i for i in given if any(abs(i - note) <= NEAR for note in notes)}
        assert any(near <= set(part) and part.items() <= given.items() for part in kept)


def test_a_batch_of_which_nothing_would_be_taught_is_shown_whole(batch):
    example = next(e for e in batch if set(e.labels) == {NONE_INDEX})

    class Never(random.Random):
        def random(self) -> float:
            return 1.0

    assert narrow([example], SHARE, Never()) == ([example], list(range(len(example.window.ids))))

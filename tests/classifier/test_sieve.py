"""The sieves: a sentence that each lets pass is read to the end, in all else there is no note."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch
from telltale.classifier.cascade import NEVER
from telltale.classifier.encoder import SIEVES
from telltale.classifier.score import Classifier
from telltale.domain import LABELS, NONE
from telltale.settings import default_models_dir

SENTENCES = [f"The council of ward {n} met on Tuesday to speak about the bridge over the river." for n in range(60)]
SENTENCES[31] = "As an AI language model, I cannot write the rest of this article without the text you want rewritten."
OPENS = [i % 3 == 0 for i in range(len(SENTENCES))]
TITLE = "Wards speak about the bridge"
each = pytest.mark.parametrize("sieve", range(len(SIEVES)))


@pytest.fixture(scope="module")
def loaded() -> Iterator[Classifier]:
    before = torch.get_num_threads()
    yield Classifier.load(default_models_dir(), "fp32")
    torch.set_num_threads(before)


@pytest.fixture
def classifier(loaded) -> Iterator[Classifier]:
    """The model with an empty memory, to be given another threshold."""
    card = loaded.card
    loaded.forget()
    yield loaded
    loaded.card, loaded.sifting = card, True


def at(classifier: Classifier, sieve: int, limit: float) -> np.ndarray:
    """The scores with another threshold of one sieve, where the others let all through."""
    use(classifier, sieve, limit)
    return classifier.score(SENTENCES, OPENS, TITLE)


def use(classifier: Classifier, sieve: int, limit: float) -> None:
    limits = tuple(limit if i == sieve else NEVER for i in range(len(SIEVES)))
    classifier.card = replace(classifier.card, sieves=limits)
    classifier.forget()


def test_sieves_that_let_all_through_change_nothing(classifier):
    every = at(classifier, 0, NEVER)
    classifier.sifting = False
    np.testing.assert_allclose(classifier.score(SENTENCES, OPENS, TITLE), every, atol=1e-6)


@each
def test_what_does_not_pass_can_hold_no_note(classifier, sieve):
    assert (at(classifier, sieve, 1e9)[:, LABELS.index(NONE)] == 1).all()


@each
def test_what_a_sieve_stops_reaches_none_behind_it(classifier, sieve):
    use(classifier, sieve, 1e9)
    for window in classifier.windows(SENTENCES, OPENS, TITLE):
        odds = classifier.sift(window)
        assert (odds[: sieve + 1] > NEVER).all()
        assert (odds[sieve + 1 :] == NEVER).all()


@each
def test_where_a_note_alone_passes_it_alone_is_read(classifier, sieve):
    use(classifier, sieve, NEVER)
    none = at(classifier, sieve, strongest(classifier, sieve) - 1e-3)[:, LABELS.index(NONE)]
    assert np.flatnonzero(none < 1).tolist() == [31]
    assert none[31] < 0.1


def test_what_passes_is_read_beside_its_neighbours_as_these_came_to_rest(classifier):
    """Not as if nothing else stood on the page, and not as if nothing rested."""
    beside = at(classifier, 0, strongest(classifier, 0) - 1e-3)[31]
    classifier.sifting = False
    alone = classifier.score(SENTENCES[31:32], [True], TITLE)[0]
    among = classifier.score(SENTENCES, OPENS, TITLE)[31]
    assert 1e-7 < abs(beside - alone).max() < 0.2
    assert 1e-7 < abs(beside - among).max() < 0.2


def strongest(classifier: Classifier, sieve: int) -> float:
    return max(float(classifier.sift(w)[sieve].max()) for w in classifier.windows(SENTENCES, OPENS, TITLE))

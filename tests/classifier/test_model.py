"""The shipped model: the sieves change few verdicts and coarser numbers hardly one, a page seen again is not read again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from benchmarks.articles import articles
from corpus.library import Library
from corpus.pages import PageMaker
from safetensors.torch import load_file, save_file
from telltale.classifier.cascade import OPEN, odds_of
from telltale.classifier.product import has_integers
from telltale.classifier.weights import WEIGHTS, ModelError, digest, read_card, write_card
from telltale.domain import NONE, Page
from telltale.reader import Reader
from telltale.settings import default_models_dir
from training.cases import written_cases
from training.examples import labelled
from training.sieve import shares_read

GENERATED = 50  # of each recipe, from templates that training never saw
# Of pages, how many verdicts may change if nothing rests. The thresholds are set for the reading with the sieves; without them more
# notes are found, and more pages get a false badge.
CHANGED = 0.04
MOST_READ = 0.5  # of the windows of whole articles to the end; the card says how many
# Of log odds: at most for any sentence, and for 99 in 100; then the share of pages whose verdict may change, where notes lie at the
# thresholds as often as here. Integers round the states more coarsely than bfloat16.
PRECISIONS = {"bf16": (0.9, 0.1, 0.01), **({"int8": (2.0, 0.8, 0.02)} if has_integers() else {})}


@pytest.fixture(scope="module")
def pages() -> list[Page]:
    maker = PageMaker(Library.load(dev=True), 77)
    made = [labelled(maker.page(r))[0] for r in ("ordinary", "note", "quoted", "negative") for _ in range(GENERATED)]
    return [case.document.page for case in written_cases()[::2]] + made  # the other half would take minutes more


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    before = torch.get_num_threads()
    yield loaded("fp32")
    torch.set_num_threads(before)


def loaded(precision: str) -> Reader:
    """The model of the checkout; a checkout without one is broken, so nothing is skipped."""
    return Reader.load(default_models_dir(), precision)


def test_the_sieves_change_few_verdicts_and_make_no_note_of_what_is_none_without_them(reader, pages):
    whole = loaded("fp32")
    whole.classifier.sifting = False
    read = [(p.title, reader.read(p).verdict.value, whole.read(p).verdict.value) for p in pages]
    apart = [(title, ours, theirs) for title, ours, theirs in read if ours != theirs]
    assert len(apart) <= CHANGED * len(pages), apart
    assert sum(theirs == NONE for _, _, theirs in apart) <= len(apart) / 4, apart


def test_the_sieves_pass_over_much_of_ordinary_pages(reader):
    found = shares_read(reader, articles(GENERATED))
    assert all(before > after for before, after in pairwise([1, *found["read"]]))
    assert found["to_the_end"] < MOST_READ


@pytest.mark.parametrize("precision", PRECISIONS)
def test_other_numbers_change_few_odds_and_hardly_a_verdict(reader, pages, precision):
    other = loaded(precision)
    apart, changed = [], []
    for page in pages:
        exact, rounded = (log_odds(r, page) for r in (reader, other))
        apart += np.abs(exact - rounded).tolist()
        changed += [page.title] if reader.read(page).verdict != other.read(page).verdict else []
    most, seldom, moved = PRECISIONS[precision]
    assert max(apart) < most
    assert np.quantile(apart, 0.99) < seldom
    assert len(changed) <= moved * len(pages), changed


@torch.inference_mode()
def log_odds(reader: Reader, page: Page) -> np.ndarray:
    """How much each sentence looks like a note, from the logits themselves and of every sentence: one that lies at the threshold
    of a sieve may pass in one precision alone."""
    cascade = reader.classifier._cascade
    windows = reader.windows(page)
    read = cascade.read(windows, OPEN, sum(len(window.sentences) for window in windows))
    return np.concatenate([np.zeros(0), *(odds_of(logits).numpy() for _, logits in read)])


def test_a_page_seen_again_is_not_read_again(reader, pages, monkeypatch):
    noted = next(p for p in pages if reader.read(p).notes)
    before, read = reader.read(noted), []
    monkeypatch.setattr(reader.classifier, "_read", lambda windows, scores: read.append(windows))
    assert (reader.read(noted), read) == (before, [])


def test_what_was_chosen_is_said(reader):
    assert str(reader.speed).startswith("fp32, ")


@pytest.mark.parametrize("gone", ["sieves.0.linear.weight", "encoder.words.scales"])
def test_weights_of_another_version_are_refused_in_a_sentence(tmp_path, gone):
    given, made = default_models_dir(), tmp_path / "models"
    shutil.copytree(given, made)
    save_file({n: t for n, t in load_file(given / WEIGHTS).items() if n != gone}, made / WEIGHTS)
    card = read_card(made)
    write_card(made, replace(card, files={**card.files, WEIGHTS: digest(made / WEIGHTS)}))
    with pytest.raises(ModelError, match="another version"):
        Reader.load(made, "fp32")

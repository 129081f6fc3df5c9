"""What the layers behind a sieve are shown in training: every note with what is around it, and some of the rest."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import pytest
import torch
from corpus.library import Library
from corpus.pages import PageMaker
from telltale.classifier.cascade import NEAR
from telltale.classifier.model import SentenceTagger
from telltale.classifier.pack import Packing
from telltale.classifier.pieces import Pieces
from telltale.classifier.product import on_grid
from telltale.classifier.sizes import EncoderSizes
from telltale.classifier.weights import TOKENIZER, read_card
from telltale.domain import LABELS
from telltale.settings import default_models_dir
from training import loop
from training.examples import Example, examples_of
from training.loop import CENTER_BATCHES, Trainer, batched, has_note, is_note, mean_of, narrow
from training.settings import TrainingSettings

SHARE = 0.1  # of sentences without a note that pass


@pytest.fixture(scope="module")
def batch() -> list[Example]:
    maker, pieces = PageMaker(Library.load(dev=False), 4), Pieces((default_models_dir() / TOKENIZER).read_bytes())
    pages = [maker.page(recipe) for recipe in ("note", "ordinary", "negative") * 8]
    return [example for page in pages for example in examples_of(page, pieces, Packing())]


def odds_of_none(batch: list[Example]) -> torch.Tensor:
    torch.manual_seed(1)
    return torch.randn(sum(len(example.labels) for example in batch))


def test_places_say_where_the_tokens_stood(batch):
    parts, places = narrow(batch, odds_of_none(batch), SHARE)
    ids = [i for example in batch for i in example.window.ids]
    assert [ids[at] for at in places] == [i for part in parts for i in part.window.ids]
    assert len(places) < len(ids)


def test_each_note_is_read_on_with_its_label_beside_its_neighbours(batch):
    parts, _ = narrow(batch, odds_of_none(batch), SHARE)
    kept = [(part.window.sentences, dict(zip(part.window.read, part.labels, strict=True))) for part in parts]
    noted = [example for example in batch if has_note(example)]
    assert len(noted) > 5
    for example in noted:
        given = dict(zip(example.window.sentences, example.labels, strict=True))
        notes = {i: label for i, label in given.items() if is_note(label)}
        near = {i for i in given if any(abs(i - note) <= NEAR for note in notes)}
        assert any(near <= {*shown} and notes.items() <= read.items() <= given.items() for shown, read in kept)


def test_of_the_rest_those_are_read_on_that_the_sieve_takes_for_notes(batch):
    odds = odds_of_none(batch)
    labels = [label for example in batch for label in example.labels]
    parts, _ = narrow(batch, odds, SHARE)
    rest = [float(x) for x, label in zip(odds, labels, strict=True) if not is_note(label)]
    read = [label for part in parts for label in part.labels if not is_note(label)]
    assert len(read) == sum(x >= np.quantile(rest, 1 - SHARE) for x in rest)


def test_a_mean_stands_on_the_grid_of_integers_and_leaves_the_word_table_alone():
    torch.manual_seed(2)
    product, words, bias = "encoder.layers.0.up.weight", "encoder.words.scales", "head.linear.bias"
    first, second = ({product: torch.randn(4, 6), words: torch.randn(3), bias: torch.randn(5)} for _ in range(2))
    mean = mean_of(first, second)
    torch.testing.assert_close(mean[bias], (first[bias] + second[bias]) / 2)
    assert torch.equal(mean[product], on_grid(first[product].lerp(second[product], 0.5)))
    assert torch.equal(mean[words], first[words])
    mostly = mean_of(first, second, 0.75)
    torch.testing.assert_close(mostly[bias], first[bias] / 4 + 3 * second[bias] / 4)


def tiny_run(state: Path, source: Iterator[list[Example]]) -> Trainer:
    torch.manual_seed(5)
    words = read_card(default_models_dir()).encoder.vocab_size
    tagger = SentenceTagger(EncoderSizes(words, 32, 8, 4, 32, 512, 1e-12), len(LABELS))
    trainer = Trainer(tagger, TrainingSettings(checkpoint_every=CENTER_BATCHES + 1), "cpu", state, {})
    trainer.run(source)
    return trainer


def stopped(made: list[list[Example]], after: int) -> Iterator[list[Example]]:
    yield from made[:after]
    raise KeyboardInterrupt


def test_a_run_that_was_stopped_goes_on_as_if_it_had_not_been(batch, tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "fastest_float", lambda: "fp32")
    made = [*islice(cycle(part for part in batched(batch, 600) if any(map(has_note, part))), CENTER_BATCHES + 5)]
    straight = tiny_run(tmp_path / "straight.pt", iter(made))
    with pytest.raises(KeyboardInterrupt):
        tiny_run(tmp_path / "stopped.pt", stopped(made, CENTER_BATCHES + 3))
    monkeypatch.setattr(loop, "fastest_float", lambda: "bf16")  # as it may be measured on another day
    resumed = tiny_run(tmp_path / "stopped.pt", iter(made))
    assert (resumed.steps, resumed.losses) == (straight.steps, straight.losses)
    for name, weight in straight.weights().items():
        assert torch.equal(resumed.weights()[name], weight), name

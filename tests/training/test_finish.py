"""How a run ends: thresholds and sieves are set, all is counted, and the card says it."""

from __future__ import annotations

import shutil
from dataclasses import asdict, replace
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from corpus.library import Library, corpus_digest
from corpus.pages import PageMaker
from telltale.classifier.sizes import SIEVES
from telltale.classifier.weights import read_card
from telltale.settings import default_models_dir
from training import finish
from training.card import UNSEEN
from training.cases import written_cases
from training.examples import labelled
from training.finish import Run, _before, _corpus, run_of

SCRIPTS = Path(__file__).parents[2] / "scripts"
RUN = Run({"tokens": 2_000_000}, 10, 12.4, "cpu", 0, corpus=corpus_digest())


def script(name: str):
    """A command of scripts/ as a module."""
    loader = SourceFileLoader(name, str(SCRIPTS / name))
    module = module_from_spec(spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


@pytest.fixture
def few(monkeypatch):
    """Everything that a run ends with, on few pages."""
    maker, threads = PageMaker(Library.load(dev=True), 5), torch.get_num_threads()
    pages = {r: [labelled(maker.page(r))[0] for _ in range(6)] for r in ("ordinary", "negative")}
    cases, generated = written_cases()[::60], finish.generated
    monkeypatch.setattr(finish, "NOTED_PAGES", 8)
    monkeypatch.setattr(finish, "held_out_articles", lambda seed: pages["ordinary"])
    monkeypatch.setattr(finish, "near_misses", lambda quoted, seed: pages["negative"])
    monkeypatch.setattr(finish, "generated_ordinary", lambda count, seed, dev: pages["ordinary"])
    monkeypatch.setattr(finish, "written_cases", lambda: cases)
    monkeypatch.setattr(finish, "generated", lambda dev, count, *rest: generated(dev, 1, *rest))
    monkeypatch.setattr(finish, "_temperature", lambda *given: 1.5)
    yield [maker.page("ordinary") for _ in range(3)]
    torch.set_num_threads(threads)


def test_a_run_ends_with_a_card_that_counts_the_pages_its_thresholds_were_set_on(few, tmp_path):
    folder = tmp_path / "models"
    shutil.copytree(default_models_dir(), folder)
    finish.finish(folder, "telltale-9", RUN, few)
    card, text = read_card(folder), (folder / "README.md").read_text(encoding="utf-8")
    assert (card.name, card.temperature, len(card.sieves)) == ("telltale-9", 1.5, len(SIEVES))
    assert {what: (found["k"], found["n"]) for what, found in card.training["badges"].items()} == {
        "ordinary": (0, 9),
        "near_misses": (0, 6),
    }
    assert run_of(folder) == RUN
    assert "| ordinary pages | 0 of 9 | 0.0% |" in text and "| near-misses | 0 of 6 | 0.0% |" in text
    assert f'"{UNSEEN}" are no independent measure' in text and "{" not in text.replace(str(RUN.settings), "")
    assert "label undisclosed, other languages" in text and "Families found in under 90% of the pages of" in text


def test_the_whole_chain_of_runs_is_told_with_its_means():
    first = {"settings": {"tokens": 22_000_000}, "minutes": 92.5, "before": None}
    second = {"settings": {"tokens": 8_000_000}, "minutes": 35.8, "before": first, "averaged_with": "telltale-2"}
    last = replace(RUN, before=second, averaged_with="telltale-3", trained_share=0.7)
    told = _before(asdict(last))
    assert "3 runs of 32,000,000 tokens and 141 minutes" in told
    assert "after run 2 the mean with telltale-2; after run 3 the mean with telltale-3 (70% of the run's own" in told
    assert _before(asdict(RUN)) == ""


def test_the_card_says_where_the_templates_are_not_those_of_the_training():
    assert _corpus(RUN) == ""
    assert "have changed since the training" in _corpus(replace(RUN, corpus="0" * 64))
    assert "not recorded" in _corpus(replace(RUN, corpus=None))


def test_the_run_of_a_card_without_a_digest_is_read(monkeypatch):
    card = read_card(default_models_dir())
    older = replace(card, training={name: known for name, known in card.training.items() if name != "corpus"})
    monkeypatch.setattr(finish, "read_card", lambda folder: older)
    run = run_of(default_models_dir())
    assert run.settings["tokens"] and run.corpus is None


def test_a_mean_of_means_names_all_of_them_and_its_own_share():
    averaged = script("average").averaged
    once = averaged(RUN, "telltale-2", 0.8)
    assert (once.averaged_with, once.trained_share) == ("telltale-2", 0.8)
    twice = averaged(once, "telltale-3", 0.5)
    assert (twice.averaged_with, twice.trained_share) == ("telltale-2, then telltale-3", 0.4)


def test_what_a_resumed_run_needs_is_kept_until_its_weights_are_written_and_no_longer(monkeypatch, tmp_path):
    train, state, seen = script("train"), tmp_path / "state.pt", []
    state.write_bytes(b"state")
    trainer = SimpleNamespace(run=lambda source: None, seconds=0.0, steps=1, weights=dict)
    monkeypatch.setattr(train, "STATE", state)
    monkeypatch.setattr(train, "base_tagger", lambda: None)
    monkeypatch.setattr(train, "Trainer", lambda *given: trainer)
    monkeypatch.setattr(train, "write_weights", lambda *given: seen.append(state.exists()))
    monkeypatch.setattr(train, "finish", lambda *given: seen.append(state.exists()))
    monkeypatch.setattr("sys.argv", ["train", "--name", "telltale-9", "--output", str(tmp_path)])
    train.main()
    assert seen == [True, False]

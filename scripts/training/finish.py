"""After the last step: weights to disk, temperature, thresholds, figures, card."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from corpus.library import HELD_OUT_PERCENT, Library, corpus_digest
from corpus.pages import RECIPES, MadePage, PageMaker
from safetensors.torch import save_file
from telltale.classifier.cascade import OPEN
from telltale.classifier.model import SentenceTagger, collate
from telltale.classifier.pack import Packing
from telltale.classifier.pieces import Pieces
from telltale.classifier.weights import (
    TOKENIZER,
    WEIGHTS,
    ModelCard,
    Thresholds,
    check_files,
    digest,
    read_card,
    write_card,
)
from telltale.domain import DISCLOSURE_FAMILIES, LEAK_FAMILIES, Page
from telltale.reader import Reader
from torch import Tensor

from . import card as readme
from .base import base_pieces, encoder_sizes, tagger_of
from .calibrate import NEAR_MISSES, Peaks, badges, peaks, temperature, thresholds
from .cases import generated, written_cases
from .examples import IGNORED, examples_of, labelled
from .measure import figures, outcomes, share
from .ordinary import generated_ordinary, held_out_articles, near_misses
from .sieve import limits_of, shares_read

QUOTED = 400  # pages
NOTED_PAGES = 1500  # from templates that training saw and from held-out ones each, to set the sieves' thresholds on
FIGURE_PAGES = 120  # of each recipe
PROVISIONAL = Thresholds(0.5, 0.5, 0.3, 0.3)


@dataclass(frozen=True, slots=True)
class Run:
    """What is known of a finished run, kept in the model's card."""

    settings: dict[str, Any]
    steps: int
    minutes: float
    device: str
    mined: int
    before: dict[str, Any] | None = None  # the run whose weights this one started from
    averaged_with: str | None = None  # the name of the model whose weights the mean was taken with
    trained_share: float | None = None  # of the run's own weights in that mean
    corpus: str | None = None  # the digest of the templates it was trained on; not known of runs before it was kept


def run_of(folder: Path) -> Run:
    """The run that made the weights of a folder, as its card says. Raises ModelError where the card is not theirs."""
    card = read_card(folder)
    check_files(folder, card)
    known = card.training
    return Run(**{field.name: known.get(field.name) for field in fields(Run)})


def write_weights(folder: Path, name: str, run: Run, weights: dict[str, Tensor], pieces: Pieces) -> None:
    """The trained weights as they are shipped, the vocabulary, and a card that says whose they are."""
    folder.mkdir(parents=True, exist_ok=True)
    halved = {k: v.to(torch.float16) if v.is_floating_point() else v for k, v in weights.items()}
    part = folder / f"{WEIGHTS}.part"
    save_file(halved, part)
    part.replace(folder / WEIGHTS)  # a daemon may have the old file in its memory
    (folder / TOKENIZER).write_bytes(pieces.model)
    _write_card(folder, name, run, 1.0)


def finish(folder: Path, name: str, run: Run, kept: list[MadePage]) -> None:
    """Temperature, thresholds, the sieves' thresholds, figures and card for the weights in a folder.

    `kept` are ordinary pages that training did not see.
    """
    _write_card(folder, name, run, _temperature(tagger_of(folder).eval(), base_pieces(), Packing()))
    ordinary, mistakable = held_out_articles(41) + [labelled(p)[0] for p in kept], near_misses(QUOTED, 45)
    _set_thresholds(folder, ordinary, mistakable)  # without the sieves, whose own thresholds hang on what stands
    _set_sieves(folder, kept)
    _set_thresholds(folder, ordinary, mistakable)  # as pages are read
    describe(folder, run, len(kept))


def describe(folder: Path, run: Run, kept: int) -> None:
    """Measure, and write the card for people; `kept` of the pages that the thresholds were set on are no generated ones."""
    card, reader = read_card(folder), Reader.load(folder)
    found = {
        readme.WRITTEN: figures(outcomes(reader, written_cases())),
        readme.UNSEEN: figures(outcomes(reader, generated(True, FIGURE_PAGES, 43, tuple(RECIPES)))),
        "Templates that training saw": figures(outcomes(reader, generated(False, FIGURE_PAGES, 44, tuple(RECIPES)))),
    }
    facts = _facts(folder, run, kept)
    readme.write_card(folder, card, facts | {"precision": reader.classifier.choice.precision}, found)
    print((folder / "README.md").read_text(encoding="utf-8"))


def _write_card(folder: Path, name: str, run: Run, degree: float) -> None:
    files = {f: digest(folder / f) for f in (WEIGHTS, TOKENIZER)}
    write_card(folder, ModelCard(name, encoder_sizes(), Packing(), degree, OPEN, PROVISIONAL, files, asdict(run)))


def _set_thresholds(folder: Path, ordinary: list[Page], mistakable: list[Page]) -> None:
    card, reader = read_card(folder), Reader.load(folder)
    found = {"ordinary": peaks(reader, ordinary), "near_misses": peaks(reader, mistakable)}
    limits = thresholds(**found)
    training = {**card.training, "badges": {name: _badges(pages, limits) for name, pages in found.items()}}
    write_card(folder, replace(card, thresholds=limits, training=training))


def _badges(found: Peaks, limits: Thresholds) -> dict[str, Any]:
    return share(badges(found, limits), len(found.leak))


def _set_sieves(folder: Path, kept: list[MadePage]) -> None:
    reader, card = Reader.load(folder), read_card(folder)
    limits, lost = limits_of(reader, [labelled(p)[0] for dev in (False, True) for p in _noted(dev)])
    read = shares_read(reader, [labelled(p)[0] for p in kept] + generated_ordinary(2000, 45, dev=True))
    write_card(folder, replace(card, sieves=limits, training={**card.training, "sieves": lost | read}))


def _noted(dev: bool) -> list[MadePage]:
    maker = PageMaker(Library.load(dev=dev), 46)
    return [maker.page("note" if i % 4 else "whole") for i in range(NOTED_PAGES)]


def _temperature(network: SentenceTagger, pieces: Pieces, sizes: Packing) -> float:
    maker = PageMaker(Library.load(dev=True), 42)
    examples = [e for _ in range(600) for e in examples_of(maker.page(), pieces, sizes)]
    logits, labels = [], []
    with torch.inference_mode():
        for at in range(0, len(examples), 16):
            part = examples[at : at + 16]
            logits.append(network(collate([e.window for e in part])).double().numpy())
            labels += [label for e in part for label in e.labels]
    known = np.array(labels) != IGNORED
    return temperature(np.concatenate(logits)[known], np.array(labels)[known])


def _facts(folder: Path, run: Run, kept: int) -> dict[str, object]:
    train, dev = Library.load(dev=False), Library.load(dev=True)
    counts = {
        what: sum(_count(library, what) for library in (train, dev)) for what in ("notes", "negatives", "articles")
    }
    taught = Counter(lang for by in train.notes.values() for lang, shelf in by.items() for _ in shelf)
    languages = sorted(lang for lang in taught if lang != "en")
    return {
        "leaks": ", ".join(LEAK_FAMILIES),
        "disclosures": ", ".join(DISCLOSURE_FAMILIES),
        "size": (folder / WEIGHTS).stat().st_size / 1e6,
        "steps": run.steps,
        "minutes": run.minutes,
        "before": _before(asdict(run)),
        "corpus": _corpus(run),
        "device": "a CPU" if run.device == "cpu" else "a GPU",
        "templates": f"{counts['notes']:,} of notes, {counts['negatives']:,} of near-misses, {counts['articles']:,} of articles",
        "held_out": HELD_OUT_PERCENT,
        "mistaken": 1 / NEAR_MISSES,
        "mined": f"{run.mined:,} pages of openly licensed documentation" if run.mined else "none beyond the templates",
        "mined_too": f", {kept:,} of them openly licensed documentation that training did not see" if kept else "",
        "languages": ", ".join(languages) or "no other language yet",
        "least": min((taught[lang] for lang in languages), default=0),
        "most": taught["en"],
    }


def _before(run: dict[str, Any]) -> str:
    """What the card says of all runs that the weights went through, and of the means that were taken on the way."""
    runs = [run]
    while before := runs[0].get("before"):
        runs.insert(0, before)
    means = [f"after run {i} {_mean(r)}" for i, r in enumerate(runs, 1) if r.get("averaged_with")]
    told = f". By `scripts/average`, {'; '.join(means)}" if means else ""
    if len(runs) == 1:
        return told
    tokens, minutes = sum(r["settings"]["tokens"] for r in runs), sum(r["minutes"] for r in runs)
    return f"; with those from whose weights it went on, {len(runs)} runs of {tokens:,} tokens and {minutes:.0f} minutes{told}"


def _mean(run: dict[str, Any]) -> str:
    own = run.get("trained_share")
    return f"the mean with {run['averaged_with']}" + (f" ({own:.0%} of the run's own weights)" if own else "")


def _corpus(run: Run) -> str:
    if run.corpus == corpus_digest():
        return ""
    if run.corpus is None:
        return " Whether these templates are those of the training was not recorded."
    return " The templates have changed since the training: these counts and the figures below are of those at the calibration."


def _count(library: Library, what: str) -> int:
    shelves = getattr(library, what)
    if what == "articles":
        return sum(map(len, shelves.values()))
    return sum(len(shelf) for by in shelves.values() for shelf in by.values())

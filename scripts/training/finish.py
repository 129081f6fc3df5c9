"""After the last step: weights to disk, temperature, thresholds, figures, card."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from corpus.library import HELD_OUT_PERCENT, Library
from corpus.pages import MadePage, PageMaker
from safetensors.torch import save_file
from telltale.classifier.model import collate
from telltale.classifier.pack import Packing
from telltale.classifier.weights import TOKENIZER, WEIGHTS, ModelCard, Thresholds, digest, write_card
from telltale.domain import DISCLOSURE_FAMILIES, LEAK_FAMILIES
from telltale.reader import Reader
from tokenizers import Tokenizer

from . import card as readme
from .base import encoder_sizes
from .calibrate import peaks, temperature, thresholds
from .cases import generated, written_cases
from .examples import IGNORED, examples_of, labelled
from .loop import Trainer
from .measure import figures, outcomes
from .ordinary import generated_ordinary

ORDINARY_PAGES = 6000
FIGURE_PAGES = 250  # of each recipe
FEW = 100  # templates of notes; a language with fewer is named as weaker in the card
RECIPES = ("note", "whole", "bare", "negative", "quoted", "ordinary")


def finish(
    folder: Path,
    name: str,
    trainer: Trainer,
    tokenizer: Tokenizer,
    sizes: Packing,
    mined: list[MadePage],
    trained_on: int,
    minutes: float,
) -> None:
    """Write the model folder, calibrated, with its card. `mined` are ordinary pages that training did not see."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file({k: v.to(torch.float16) if v.is_floating_point() else v for k, v in trainer.weights().items()}, folder / WEIGHTS)
    tokenizer.save(str(folder / TOKENIZER))
    files = {f: digest(folder / f) for f in (WEIGHTS, TOKENIZER)}
    card = ModelCard(
        name, encoder_sizes(), sizes, _temperature(trainer, tokenizer, sizes), Thresholds(0.5, 0.5, 0.3, 0.3), files
    )
    write_card(folder, card)
    ordinary = generated_ordinary(ORDINARY_PAGES, 41, dev=True) + [labelled(p)[0] for p in mined]
    card = replace(card, thresholds=thresholds(peaks(Reader.load(folder), ordinary)))
    write_card(folder, card)
    reader = Reader.load(folder)
    found = {
        "Pages written apart from the templates (tests/cases)": figures(outcomes(reader, written_cases())),
        "Templates that training never saw": figures(outcomes(reader, generated(True, FIGURE_PAGES, 43, RECIPES))),
        "Templates that training saw": figures(outcomes(reader, generated(False, FIGURE_PAGES, 44, RECIPES))),
    }
    readme.write_card(
        folder, card, trainer.settings, _facts(folder, trainer, minutes, len(ordinary), len(mined), trained_on), found
    )
    print((folder / "README.md").read_text(encoding="utf-8"))


def _temperature(trainer: Trainer, tokenizer: Tokenizer, sizes: Packing) -> float:
    maker = PageMaker(Library.load(dev=True), 42)
    examples = [e for _ in range(600) for e in examples_of(maker.page(), tokenizer, sizes)]
    trainer.model.eval()
    logits, labels = [], []
    with torch.inference_mode():
        for at in range(0, len(examples), 16):
            part = examples[at : at + 16]
            batch = collate([e.window for e in part]).to(trainer.device)
            logits.append(trainer.model(batch).double().cpu().numpy())
            labels += [label for e in part for label in e.labels]
    known = np.array(labels) != IGNORED
    return temperature(np.concatenate(logits)[known], np.array(labels)[known])


def _facts(
    folder: Path, trainer: Trainer, minutes: float, ordinary: int, mined: int, trained_on: int
) -> dict[str, object]:
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
        "steps": trainer.steps,
        "minutes": minutes,
        "device": "a GPU" if trainer.device.type == "cuda" else "a CPU",
        "templates": f"{counts['notes']:,} of notes, {counts['negatives']:,} of near-misses, {counts['articles']:,} of articles",
        "held_out": HELD_OUT_PERCENT,
        "ordinary": ordinary,
        "mined": f"{trained_on:,} pages of openly licensed documentation"
        if trained_on
        else "none beyond the templates",
        "mined_too": f", {mined:,} of them openly licensed documentation that training did not see" if mined else "",
        "languages": ", ".join(languages) or "no other language yet",
        "weaker": ", ".join(lang for lang in languages if taught[lang] < FEW) or "none",
    }


def _count(library: Library, what: str) -> int:
    shelves = getattr(library, what)
    if what == "articles":
        return sum(map(len, shelves.values()))
    return sum(len(shelf) for by in shelves.values() for shelf in by.values())

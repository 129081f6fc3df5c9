"""The model card, written from the run and its figures: what it was trained on cannot go unsaid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from telltale.classifier.cascade import NEAR
from telltale.classifier.product import MOST
from telltale.classifier.sizes import SIEVES
from telltale.classifier.weights import ModelCard

from .measure import share

UNSEEN = "Templates that training never saw"
WRITTEN = "Pages written apart from the templates (tests/cases)"
WEAK_FAMILY, WEAK_LANGUAGE = 0.9, 0.85  # what is found less often is named

TEXT = """# {name}: the note classifier

Finds, sentence by sentence, notes that AI left in a page: leaks ({leaks}) and disclosures ({disclosures}).
It never judges whether prose "sounds like AI", and a finding is about words on a page, never about a person.

## What it is
{layers} layers of multilingual-e5-small (MIT) with one linear layer over each sentence's marker and the mean of its tokens;
windows of {window} tokens of consecutive sentences, the page's title at the head of each. {pieces:,} pieces of the base's
vocabulary, their vectors in 4 bits as the base model's package carries them; all else in 16-bit floats, the layers' products on
{steps_of_grid} steps for each output, so that processors multiply 8-bit integers; {size:.1f} MB. The figures below are of products in {precision}.
Trained by `scripts/train` on {tokens:,} tokens of generated pages ({steps:,} steps, {minutes:.0f} minutes on {device}){before}. Settings: `{settings}`.

## What it was trained on
Only templates written for this project (`scripts/corpus`): {templates}. {held_out} % of them, picked by hash, were
held out.{corpus} Ordinary text for near-misses: {mined}. No published page and no case of an evaluation set.

## Thresholds
Leak {t.leak}, disclosure {t.disclosure}; beside a standing sentence {t.grow}; for review only from {t.possible}. Set on {badges[ordinary][n]:,} ordinary
pages (each held-out article once{mined_too}), of which so few get a badge that one in 5,000 may be the truth, and on {badges[near_misses][n]:,}
held-out near-misses, each once, of which at most one in {mistaken:.0f} gets a badge of each kind. Temperature {temperature}, fitted on
held-out templates too. As these pages are read in the end:

| what | k of n would get a badge | share | 95 % interval |
|---|---|---|---|
{badge_rows}

The thresholds were set on these very pages, and the sieves on pages of held-out templates beside trained ones. So the false badges under
"{unseen}" are no independent measure of the thresholds: the same templates of articles and near-misses are in both.

## The sieves
After some layers a head of its own looks at each sentence; only those that reach its log odds are read on, and see {near}
neighbours on each side as they were when these came to rest; what passes all of them gets its labels behind the last layer. Of {sifted[windows_of_notes]:,} windows with a note on generated pages,
{sifted[windows_of_doubts]:,} with only sentences for review, and {sifted[ordinary_sentences]:,} sentences of ordinary pages, of whose windows {ended} are read to the end in part:

| after layers | log odds | windows with a note stopped | windows for review stopped | ordinary sentences that pass |
|---|---|---|---|---|
{sieves}

`scripts/evaluate --no-sieves` measures without them.

## Figures
On generated pages; real pages are harder, and only `scripts/evaluate` on pages nobody here wrote tells how much.

{figures}

## Languages
English is taught most ({most:,} templates of notes); notes of all families in {languages}, with {least} templates or more each.
The base knows some hundred languages, so much carries over, but what is not named here was not taught.

## Known limits
- A note that quotes no word of its own making (mere style) is not looked for.
- A quoted leak in a story is told from a real one by its neighbours and the title; a bare quotation without a frame may be marked.
- A lone field ("Keywords: …", "Tags: …") is lawful on many pages and is often left unmarked.
- Templates of a family in several languages often say the same things: figures on held-out templates read high outside English.
- One sentence gets one family; a sentence that mixes two is given the stronger.
{weak}
"""


def write_card(folder: Path, card: ModelCard, facts: dict[str, Any], figures: dict[str, Any]) -> None:
    """Write `README.md` of the model folder."""
    text = TEXT.format(
        name=card.name,
        window=card.packing.window,
        t=card.thresholds,
        temperature=card.temperature,
        settings=card.training["settings"],
        layers=card.encoder.num_hidden_layers,
        pieces=card.encoder.vocab_size,
        tokens=card.training["settings"]["tokens"],
        near=NEAR,
        steps_of_grid=2 * MOST + 1,
        sifted=card.training["sieves"],
        ended=f"{card.training['sieves']['to_the_end']:.1%}",
        sieves=sieve_rows(card),
        badges=card.training["badges"],
        badge_rows="\n".join(
            row(what, card.training["badges"][key])
            for what, key in (("ordinary pages", "ordinary"), ("near-misses", "near_misses"))
        ),
        unseen=UNSEEN,
        weak="\n".join(f"- {weak_families(title, figures[title])}" for title in (WRITTEN, UNSEEN)),
        figures="\n\n".join(f"### {title}\n\n{figure_table(found)}" for title, found in figures.items()),
        **facts,
    )
    (folder / "README.md").write_text(text, encoding="utf-8")


def sieve_rows(card: ModelCard) -> str:
    """What each sieve stops and lets through, as rows of a markdown table."""
    found = card.training["sieves"]
    rows = zip(SIEVES, card.sieves, found["lost"], found["lost_doubts"], found["read"], strict=True)
    return "\n".join(
        f"| {after} | {limit} | {lost} | {doubts} | {read:.1%} |" for after, limit, lost, doubts, read in rows
    )


def figure_table(found: dict[str, Any]) -> str:
    """Shares with their intervals as a markdown table."""
    shares = {f"label {k}": v for k, v in found["recall"].items()}
    shares |= by_language(found)
    shares |= {f"family {k}": v for k, v in found["recall_by_family"].items()}
    shares |= {"family named right": found["family_named"], "false badges": found["false_badges"]}
    lines = ["| what | k of n | share | 95 % interval |", "|---|---|---|---|"]
    lines += [row(name, one) for name, one in shares.items()]
    lines += ["", f"Languages under {WEAK_LANGUAGE:.0%}: {weak(found['recall_by_language'], WEAK_LANGUAGE)}.", ""]
    lines.append(
        f"Words marked against words that should be: {found['span_overlap']} in common of their union, on average of the "
        f"{found['span_overlap_pages']:,} pages with a note in their text whose label came out right; pages that were missed are not in it."
    )
    return "\n".join(lines)


def row(name: str, one: dict[str, Any]) -> str:
    """A share as a row of a markdown table."""
    low, high = one["interval"]
    part = f"{one['k'] / one['n']:.1%}" if one["n"] else "–"
    return f"| {name} | {one['k']:,} of {one['n']:,} | {part} | {low:.1%} to {high:.1%} |"


def by_language(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Of each label: what is found of the English pages, and of those in all other languages together."""
    rows = {}
    for label in found["recall"]:
        of_label = {k: one for k, one in found["recall_by_language"].items() if k.startswith(f"{label}/")}
        for name, english in (("English", True), ("other languages", False)):
            own = [one for k, one in of_label.items() if (k == f"{label}/en") == english]
            rows[f"label {label}, {name}"] = share(sum(one["k"] for one in own), sum(one["n"] for one in own))
    return rows


def weak_families(title: str, found: dict[str, Any]) -> str:
    """Which families are found in too few of their pages, as a sentence."""
    return f'Families found in under {WEAK_FAMILY:.0%} of the pages of "{title}": {weak(found["recall_by_family"], WEAK_FAMILY)}.'


def weak(shares: dict[str, dict[str, Any]], least: float) -> str:
    """Those of some shares that lie under `least`, each with its k of n."""
    low = [f"{name} ({one['k']} of {one['n']})" for name, one in shares.items() if one["k"] < least * one["n"]]
    return ", ".join(low) or "none"

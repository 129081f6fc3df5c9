"""The model card, written from the run and its figures: what it was trained on cannot go unsaid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from telltale.classifier.cascade import AROUND, NEAR
from telltale.classifier.encoder import SIEVES
from telltale.classifier.product import MOST
from telltale.classifier.weights import ModelCard

TEXT = """# {name}: the note classifier

Finds, sentence by sentence, notes that AI left in a page: leaks ({leaks}) and disclosures ({disclosures}).
It never judges whether prose "sounds like AI", and a finding is about words on a page, never about a person.

## What it is
{layers} layers of multilingual-e5-small (MIT) with one linear layer over each sentence's marker and the mean of its tokens;
windows of {window} tokens of consecutive sentences, the page's title at the head of each. {pieces:,} pieces of the base's
vocabulary, their vectors in 4 bits as the base model's package carries them; all else in 16-bit floats, the layers' products on
{steps_of_grid} steps for each output, so that processors multiply 8-bit integers; {size:.1f} MB. The figures below are of products in {precision}.
Trained by `scripts/train` on {tokens:,} tokens of generated pages ({steps:,} steps, {minutes:.0f} minutes on {device}){before}; settings: `{settings}`.

## What it was trained on
Only templates written for this project (`scripts/corpus`): {templates}. {held_out} % of them, picked by hash, were
held out. Ordinary text for near-misses: {mined}. No published page and no case of an evaluation set.

## Thresholds
Leak {t.leak}, disclosure {t.disclosure}; beside a standing sentence {t.grow}; for review only from {t.possible}. Set on {ordinary:,} ordinary
pages (each held-out article once{mined_too}), of which so few get a badge that one in 5,000 may be the truth, and on {near_misses:,}
held-out near-misses, each once, of which at most one in {mistaken:.0f} gets a badge of each kind. Temperature {temperature}.

## The sieves
After some layers a head of its own looks at each sentence; only those that reach its log odds are read on, and see {near}
neighbours on each side as they were when these came to rest. What stands within {around} sentences of one that passes all of them is
read again from behind the first layer to the last, and that reading alone makes notes. Of {sifted[windows_of_notes]:,} windows with a note on generated pages, {sifted[windows_of_doubts]:,} with only sentences for
review, and {sifted[ordinary_sentences]:,} sentences of ordinary pages, of whose windows {ended} are read to the end in part:

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
        around=AROUND,
        steps_of_grid=2 * MOST + 1,
        sifted=card.training["sieves"],
        ended=f"{card.training['sieves']['to_the_end']:.1%}",
        sieves=sieve_rows(card),
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
    rows = {f"label {k}": v for k, v in found["recall"].items()}
    rows |= {f"family {k}": v for k, v in found["recall_by_family"].items()}
    rows |= {"family named right": found["family_named"], "false badges": found["false_badges"]}
    lines = ["| what | k of n | share | 95 % interval |", "|---|---|---|---|"]
    for name, row in rows.items():
        low, high = row["interval"]
        part = f"{row['k'] / row['n']:.1%}" if row["n"] else "–"
        lines.append(f"| {name} | {row['k']} of {row['n']} | {part} | {low:.1%} to {high:.1%} |")
    lines.append(
        f"\nWords marked against words that should be: {found['span_overlap']} in common of their union, on average."
    )
    return "\n".join(lines)

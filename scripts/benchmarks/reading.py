"""A page's verdict side by side: the stock pipeline, ours in each precision with and without the sieves, a list of phrases,
and the least that any reader of all windows needs.

`older()` does the same in a process whose oneDNN may use AVX2 at most, as on a reader's laptop.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from telltale.classifier.precision import fastest_float
from telltale.classifier.product import INT8, has_integers
from telltale.domain import Page, Verdict
from telltale.reader import Reader, quotes_of, sentences_of

from .limit import Products
from .phrases import families_of
from .stock import Stock
from .timing import WARM_UP, in_turns, machine, summary

STOCK, BATCHED, PHRASES, CHOSEN = (
    "stock pipeline, one sentence at a time",
    "stock pipeline, batches of 8",
    "list of phrases",
    "Telltale as it starts here",
)
OLDER = {"ONEDNN_MAX_CPU_ISA": "AVX2"}


@dataclass(frozen=True, slots=True)
class Text:
    """A page with what the stock pipeline and the limit need of it, prepared beforehand and not timed."""

    page: Page
    sentences: list[str]
    tokens: int


def measure(pages: Sequence[Page], models: Path) -> dict[str, Any]:
    """Times of each row on the same pages, and how many pages each finds a note on."""
    chosen = Reader.load(models)
    texts = [_text(page, chosen) for page in pages]
    counted = texts[WARM_UP:]
    threads = chosen.classifier.choice.threads
    with closing(Stock(models)) as stock, torch.inference_mode():
        rows = {name: _threaded(threads, run) for name, run in _rows(models, chosen, stock).items()}
        before = machine()
        times = in_turns(rows, texts)
    found = {name: sum(bool(run(text)) for text in counted) for name, run in rows.items() if "stock" not in name}
    return {
        "machine": before,
        "speed": chosen.speed,
        "pages": len(counted),
        "sentences": round(sum(len(t.sentences) for t in counted) / len(counted), 1),
        "tokens": round(sum(t.tokens for t in counted) / len(counted)),
        "rows": {name: {**summary(taken), "pages_with_a_note": found.get(name)} for name, taken in times.items()},
    }


def older(pages: int, models: Path, script: Path) -> dict[str, Any]:
    """`measure` in a child process under AVX2; raises subprocess.CalledProcessError with its words when it fails."""
    command = [
        sys.executable,
        str(script),
        "--part",
        "reading",
        "--pages",
        str(pages),
        "--models",
        str(models),
        "--print-json",
    ]
    done = subprocess.run(command, env={**os.environ, **OLDER}, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found["reading"]  # type: ignore[no-any-return]


def _threaded(threads: int, run: Callable[[Text], object]) -> Callable[[Text], object]:
    """With as many threads as our own reader starts with, whatever the row before left."""

    def row(text: Text) -> object:
        torch.set_num_threads(threads)
        return run(text)

    return row


def _text(page: Page, reader: Reader) -> Text:
    places, texts = sentences_of(page)
    return Text(page, quotes_of(places, texts), sum(len(w.ids) for w in reader.windows(page)))


def _rows(models: Path, chosen: Reader, stock: Stock) -> dict[str, Callable[[Text], object]]:
    sizes = chosen.classifier.card.encoder
    rows: dict[str, Callable[[Text], object]] = {
        STOCK: lambda text: stock.one_at_a_time(text.sentences),
        BATCHED: lambda text: stock.in_batches(text.sentences),
        PHRASES: lambda text: families_of(text.page),
        CHOSEN: _reads(chosen),
    }
    for name in _precisions():
        products = Products(sizes, name)
        rows[with_sieves(name)] = _reads(_alike(models, name, chosen))
        rows[every_window(name)] = _reads(_whole(_alike(models, name, chosen)))
        rows[limit_of(name)] = lambda text, products=products: products.run(text.tokens)
    return rows


def _precisions() -> list[str]:
    """Without bfloat16 where it is slower than float32: far slower, and no reader is ever kept waiting by it."""
    return [*([INT8] if has_integers() else []), "fp32", *(["bf16"] if fastest_float() == "bf16" else [])]


def with_sieves(precision: str) -> str:
    """The row of the usual reading."""
    return f"Telltale, {precision}"


def every_window(precision: str) -> str:
    """The row without the sieves."""
    return f"Telltale, {precision}, every sentence read to the end"


def limit_of(precision: str) -> str:
    """The row of the weight products alone."""
    return f"weight products of every window alone, {precision}"


def _alike(models: Path, precision: str, chosen: Reader) -> Reader:
    """A reader in another precision, with as many threads."""
    reader = Reader.load(models, precision)
    reader.classifier.threads = chosen.classifier.threads
    return reader


def _whole(reader: Reader) -> Reader:
    reader.classifier.sifting = False
    return reader


def _reads(reader: Reader) -> Callable[[Text], bool]:
    return lambda text: reader.read(text.page).verdict != Verdict.NONE

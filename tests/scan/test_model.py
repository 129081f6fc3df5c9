"""A scan with the model that is shipped: the reader's own verdicts, by processes that share its weights."""

from __future__ import annotations

import json
import os
from multiprocessing import forkserver

import pytest
from benchmarks.memory import family_of, memory_of
from corpus.library import Library
from corpus.pages import PageMaker
from telltale.classifier.product import INT8, has_integers
from telltale.classifier.weights import WEIGHTS
from telltale.reader import Reader
from telltale.scan.local import VARIABLE, Workers
from telltale.scan.raw import Batch, Raw
from telltale.scan.stage import StageSettings
from telltale.settings import default_models_dir
from training.examples import labelled

MODELS = default_models_dir()
PRECISION = INT8 if has_integers() else "fp32"  # the same here and there, whatever is fastest at the moment
pytestmark = pytest.mark.skipif(
    not (MODELS / "model.json").exists(), reason="there is no model; scripts/train makes one"
)


@pytest.fixture(scope="module")
def workers():
    """Two processes with the model, forked from one that was started for them: other tests' holds no model."""
    forkserver._forkserver._stop()  # "used by unit tests to stop the server", as it says of itself
    running = Workers(StageSettings(MODELS, PRECISION), 2)
    yield running
    running.close()
    forkserver._forkserver._stop()
    del os.environ[VARIABLE]


@pytest.fixture(scope="module")
def pages():
    """Pages of the generator with notes and without."""
    maker = PageMaker(Library.load(dev=True), 9, english_share=0.7)
    return [labelled(maker.page(recipe))[0] for recipe in ["note", "ordinary", "negative", "whole"] * 8]


def raws_of(pages):
    rows = [{"id": n, "title": p.title, "byline": p.byline, "lang": p.lang, "blocks": [b.text for b in p.blocks]} for n, p in enumerate(pages)]  # fmt: skip
    return [Raw(n, "json", json.dumps(row).encode(), n) for n, row in enumerate(rows)]


def test_the_verdicts_and_notes_are_the_readers(workers, pages):
    found = [row for done in workers.run([Batch(0, [raw]) for raw in raws_of(pages)]) for row in done.rows]
    reader = Reader.load(MODELS, PRECISION)
    wanted = [reader.read(page) for page in pages]
    assert [row["verdict"] for row in found] == [reading.verdict.value for reading in wanted]
    assert [[(n["family"], n["quote"]) for n in row["notes"]] for row in found] == [
        [(n.family, n.quote) for n in reading.notes] for reading in wanted
    ]
    assert len({reading.verdict for reading in wanted}) > 1


@pytest.mark.skipif(not os.path.exists("/proc/self/smaps_rollup"), reason="only Linux tells who shares what")
def test_workers_share_the_weights(workers, pages):
    for _ in workers.run([Batch(0, raws_of(pages))]):
        pass
    readers = [m for pid in family_of(os.getpid())[1:] if (m := memory_of(pid)) and m.rss > 200 * 2**20]
    weights = (MODELS / WEIGHTS).stat().st_size
    assert (
        len(readers) >= 2
    )  # one at least, for a second starts when the first is busy, and the process they were forked from
    assert [m for m in readers if m.inherited < weights] == []

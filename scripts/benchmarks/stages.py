"""Where the time of one page goes: each stage of the path by itself, on pages of the benchmark."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

from sqlite_utils import Database
from telltale import protocol
from telltale.classifier.pack import pack
from telltale.domain import Page
from telltale.history import open_database, store
from telltale.history.database import transaction
from telltale.judge import judge
from telltale.reader import Reader, head_of, opens_of, quotes_of, sentences_of

from .timing import WARM_UP, summary

T = TypeVar("T")
# The encoder's part is what scoring takes beyond the parts that can be run by themselves.
STAGES = ("parse", "segment", "tokenise", "pack", "encode", "judge", "record")


class Stopwatch:
    """Milliseconds by the name of a stage."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = defaultdict(list)

    def time(self, stage: str, run: Callable[[], T]) -> T:
        """Run a stage and note how long it took."""
        start = perf_counter()
        found = run()
        self.times[stage].append(1000 * (perf_counter() - start))
        return found


def measure(pages: Sequence[Page], models: Path) -> dict[str, Any]:
    """Each stage's times, in the order of the path."""
    watch, reader = Stopwatch(), Reader.load(models)
    with tempfile.TemporaryDirectory() as folder, closing(open_database(Path(folder) / "history.db")) as db:
        for page in pages:
            _walk(watch, reader, page, db)
    return {name: summary(watch.times[name][WARM_UP:]) for name in STAGES}


def _walk(watch: Stopwatch, reader: Reader, page: Page, db: Database) -> None:
    classifier = reader.classifier
    asked = watch.time("parse", lambda: protocol.parse_page(protocol.parse_json(body_of(page)), 5000))
    places, texts = watch.time("segment", lambda: sentences_of(asked.page))
    quotes = quotes_of(places, texts)
    scores = watch.time("score", lambda: classifier.score(quotes, opens_of(places), head_of(page)))
    *ids, head = watch.time("tokenise", lambda: classifier.pieces.numbers([*quotes, head_of(page)]))
    watch.time("pack", lambda: pack(ids, opens_of(places), head, classifier.card.packing))
    parts = watch.times
    before = sum(parts[part][-1] for part in ("tokenise", "pack"))
    parts["encode"].append(max(0.0, parts["score"][-1] - before))
    watch.time("judge", lambda: judge(places, texts, scores, reader.limits))
    reading = reader.read(page)  # its windows are known now
    seen = store.Sighting(*asked.address, page, reading, "2026-11-25T12:00:00Z")

    def recorded() -> None:
        with transaction(db):
            store.record(db, seen)

    watch.time("record", recorded)


def body_of(page: Page, record: bool = True) -> bytes:
    """The request for a page, as the extension sends it."""
    blocks = [{"text": block.text, "role": block.role} for block in page.blocks]
    body = {"url": page.url, "title": page.title, "byline": page.byline, "blocks": blocks, "record": record}
    return json.dumps(body).encode()

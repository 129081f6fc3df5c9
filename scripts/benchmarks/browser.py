"""What a page costs in a real browser: `scripts/page-timing.mjs`, which the extension's own tests use too."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from telltale.reader import Reader

from .web import WebMaker

ROOT = Path(__file__).resolve().parents[2]
TEST_PAGES = ("leak.html", "awkward/twice.html", "awkward/huge.html")
MADE = 60  # pages of the web, of which the longest of a newspaper is measured
SEED = 2026
SURE = 0.999


def measure(models: Path) -> list[dict[str, Any]]:
    """A row for each page; raises SystemExit when the browser or the extension's build is missing."""
    with TemporaryDirectory() as folder:
        made = Path(folder) / "newspaper.html"
        made.write_text(newspaper(models), encoding="utf-8")
        command = ["node", str(ROOT / "scripts" / "page-timing.mjs"), *TEST_PAGES, str(made)]
        environment = {**os.environ, "TELLTALE_MODELS": str(models.absolute())}
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit("bench: the browser could not be measured; scripts/setup builds what it needs.")
    return [json.loads(line) for line in done.stdout.splitlines()]


def newspaper(models: Path) -> str:
    """The longest page of a newspaper's site among those made, with all that stands around an article, whose note the model is
    sure of: a page without a badge has no time to it, and each round changes some words."""
    maker, reader = WebMaker(SEED, english_share=1.0), Reader.load(models)
    pages = [page for page in (maker.page(noted=True) for _ in range(MADE)) if page.site == "broadsheet"]
    found = [page.html for page in pages if any(note.confidence > SURE for note in reader.read(page.article).notes)]
    return max(found, key=len)


if __name__ == "__main__":
    print(measure(Path(sys.argv[1])))

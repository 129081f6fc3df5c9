"""The documentation as a site: it is built with every link leading somewhere, and loads nothing from another computer."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import html

ROOT = Path(__file__).parents[2]
# What a browser fetches by itself when it shows a page.
LOADED = (
    "//script/@src | //img/@src | //iframe/@src | //link[@rel='stylesheet' or @rel='icon' or @rel='preconnect']/@href"
)


def build(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder), *options]
    environ = {**os.environ, "NO_MKDOCS_2_WARNING": "true"}
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environ)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    told = build(folder)
    assert told.returncode == 0, told.stdout + told.stderr
    return folder


def test_nothing_is_loaded_from_another_computer(site):
    pages = list(site.rglob("*.html"))
    loaded = {address for page in pages for address in html.parse(str(page)).xpath(LOADED)}
    assert len(pages) > 10 and loaded
    assert not [address for address in loaded if re.match(r"(?:[a-z]+:)?//", address)]
    sheets = "".join(p.read_text() for p in site.rglob("*.css"))
    assert not re.search(r"(?:@import|url\()\s*['\"]?(?:https?:)?//", sheets)


def test_every_variable_of_the_environment_is_told_of(site):
    known = {
        name for p in (ROOT / "daemon").rglob("*.py") for name in re.findall(r"\bTELLTALE_[A-Z]+\b", p.read_text())
    }
    text = "".join(p.read_text() for p in (ROOT / "docs").glob("*.md"))
    assert known - {"TELLTALE_COMPLETE"} <= set(re.findall(r"\bTELLTALE_[A-Z]+\b", text))

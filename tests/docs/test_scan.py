"""The tutorial of docs/scan.md from a web archive to a table in Datasette, run as it stands there; and every command line of
the page is one that the command takes."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import fake_reader
import pytest
from click.testing import CliRunner
from corpora import warc_of
from telltale.cli import main
from telltale.scan.stage import StageSettings

PAGE = (Path(__file__).parents[2] / "docs" / "scan.md").read_text(encoding="utf-8")
TUTORIAL = PAGE.partition("## What goes in")[0]
ARCHIVED = 60


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def commands(text: str, name: str) -> list[list[str]]:
    """The command lines of the shell blocks that begin with a name."""
    found = [shlex.split(line, comments=True) for block in blocks(text, "sh") for line in block.splitlines()]
    return [words for words in found if words[: len(name.split())] == name.split()]


@pytest.fixture
def crawl(tmp_path, monkeypatch):
    """A folder with a small crawl.warc.gz, and a reader that knows two sentences in place of the model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TELLTALE_DATA", str(tmp_path / "data"))
    defaults = StageSettings.__init__.__defaults__  # `load` is the last
    monkeypatch.setattr(StageSettings.__init__, "__defaults__", (*defaults[:-1], fake_reader.load))
    monkeypatch.setattr("telltale.classifier.weights.read_card", lambda folder: None)
    monkeypatch.setenv("PYTHONPATH", ":".join(p for p in sys.path if p))
    (tmp_path / "crawl.warc.gz").write_bytes(b"".join(warc_of(ARCHIVED)))
    return tmp_path


def datasette(path: str) -> object:
    """What Datasette answers to an address, with the file that the tutorial opens."""
    (command,) = commands(TUTORIAL, "datasette")
    answer = subprocess.run([sys.executable, "-m", *command, "--get", path], capture_output=True, text=True, check=True)
    return json.loads(answer.stdout)


def test_the_tutorial_ends_with_a_table_of_outlets_in_datasette(crawl):
    for words in commands(TUTORIAL, "telltale"):
        told = CliRunner().invoke(main, words[1:])
        assert told.exit_code == 0, told.output
    assert "15 of 60" in (crawl / "crawl.html").read_text(encoding="utf-8")
    assert len(datasette("/crawl/outlets.json?_shape=array")) == 3
    (sql,) = blocks(TUTORIAL, "sql")
    rows = datasette("/crawl.json?" + urlencode({"sql": sql, "_shape": "array"}))
    assert [(r["outlet"], r["pages"], r["undisclosed"]) for r in rows] == [
        (f"outlet{i}.example", 20, 5) for i in range(3)
    ]
    assert all(r["at_least"] < 0.25 < r["at_most"] for r in rows)


@pytest.mark.parametrize("words", commands(PAGE, "telltale scan"), ids=" ".join)
def test_every_command_line_of_the_page_is_taken(words):
    scan = main.get_command(None, "scan")
    assert scan.make_context("scan", words[2:]).params["sources"]


def test_every_option_of_the_command_is_on_the_page():
    scan = main.get_command(None, "scan")
    assert [p.name for p in scan.params if p.param_type_name == "option" and not any(n in PAGE for n in p.opts)] == []

"""Pairing in one click: the pages are the same for everybody, and the code goes from hand to hand of one person."""

from __future__ import annotations

import os
import pty
import re
import stat

import pytest
from click.testing import CliRunner
from process import listening_port, telltale
from telltale.cli import main

CODE = r"[A-Z0-9]{4}-[A-Z0-9]{4}"


@pytest.fixture
def screen(tmp_path, monkeypatch):
    """A computer whose browser writes down what it was started with. Answers that file."""
    told, opener = tmp_path / "opened", tmp_path / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\necho "$@" > {told}.new && mv {told}.new {told}\n')
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", f"{opener.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":99")
    return told


@pytest.mark.parametrize("path", ["/pair", "/sample"])
async def test_the_pages_before_pairing_are_open_and_make_nothing(fresh, path):
    before = await fresh.history.read(lambda db: [db["codes"].count, db["tickets"].count])
    answers = [await fresh.client.get(path) for _ in range(2)]
    assert [a.status for a in answers] == [200, 200]
    assert await answers[0].text() == await answers[1].text()
    assert not answers[0].cookies and not re.search(CODE, await answers[0].text())
    assert await fresh.history.read(lambda db: [db["codes"].count, db["tickets"].count]) == before


async def test_the_pairing_page_runs_its_own_script_only(fresh):
    page = await fresh.page("/pair")
    assert re.findall(r"<script[^>]*>", page) == ['<script src="/static/pair.js" defer>']
    assert (await fresh.client.get("/static/pair.js")).status == 200


def started_at_a_terminal(data):
    """`telltale run` as somebody starts it, and what they see."""
    mine, its = pty.openpty()
    process = telltale("run", "--port", "0", "--data", str(data), stdin=its, stdout=its, stderr=its)
    os.close(its)
    return process, os.fdopen(mine, errors="replace")


def read_until(terminal, wanted):
    seen = ""
    while not (found := re.search(wanted, seen)):
        seen += terminal.readline()
    return found


def test_the_first_start_at_a_terminal_opens_the_pairing_page(tmp_path, screen):
    process, terminal = started_at_a_terminal(tmp_path / "data")
    with process, terminal:
        port = read_until(terminal, r"listens on http://127\.0\.0\.1:(\d+)")[1]
        read_until(terminal, "No browser is paired yet: press the button")
        while not screen.exists():
            assert process.poll() is None
        process.terminate()
    file = tmp_path / "data" / "pair.html"
    assert screen.read_text().strip() == str(file)  # the code is no argument of a program, which all users can see
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert re.search(rf"http://127\.0\.0\.1:{port}/pair#{CODE}\"", file.read_text())


def test_a_start_by_a_service_or_a_script_opens_nothing(tmp_path, screen):
    with telltale("run", "--port", "0", "--data", str(tmp_path / "data")) as process:
        listening_port(process)
        process.terminate()
    assert not screen.exists() and not (tmp_path / "data" / "pair.html").exists()


def test_without_a_screen_the_terminal_says_how_to_pair(tmp_path, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    process, terminal = started_at_a_terminal(tmp_path / "data")
    with process, terminal:
        read_until(terminal, "No browser is paired yet: `telltale pair` makes a code")
        process.terminate()


def test_pair_open_says_when_no_daemon_runs(tmp_path):
    told = CliRunner().invoke(main, ["pair", "--open", "--port", "1", "--data", str(tmp_path)])
    assert (told.exit_code, told.stdout) == (1, "")
    assert "does not run on port 1" in told.stderr


def test_the_ticket_that_opens_the_history_is_no_argument_of_a_program(tmp_path, screen):
    data = tmp_path / "data"
    with telltale("run", "--port", "0", "--data", str(data)) as process:
        port = listening_port(process)
        with telltale("open", "--port", str(port), "--data", str(data)) as opening:
            said = opening.communicate()
        process.terminate()
    file = data / "open.html"
    assert screen.read_text().strip() == str(file) and stat.S_IMODE(file.stat().st_mode) == 0o600
    assert re.search(rf"http://127\.0\.0\.1:{port}/open/[\w-]{{43}}\?to=/\"", file.read_text())
    assert (said[0], "`telltale open --print`" in said[1]) == ("", True)


def test_pair_open_opens_the_page_with_the_code_that_it_prints(tmp_path, screen):
    data = tmp_path / "data"
    with telltale("run", "--port", "0", "--data", str(data)) as process:
        port = listening_port(process)
        with telltale("pair", "--open", "--port", str(port), "--data", str(data)) as pair:
            said = pair.communicate()[0]
        process.terminate()
    code = re.search(rf"code: ({CODE})\s*$", said)[1]
    assert f"http://127.0.0.1:{port}/pair#{code}" in (data / "pair.html").read_text()

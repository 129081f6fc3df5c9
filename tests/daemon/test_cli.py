"""The command `telltale`: what it prints, its exit statuses, and what it does not import."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from process import listening_port, telltale
from telltale.cli import main


def test_help_names_every_command():
    told = CliRunner().invoke(main, ["--help"])
    assert told.exit_code == 0
    for name in (
        "check",
        "scan",
        "browsers",
        "unpair",
        "doctor",
        "export",
        "import",
        "service",
        "completion",
        "run",
        "pair",
        "open",
        "status",
        "version",
    ):
        assert re.search(rf"^  {name} +\S", told.output, re.MULTILINE), name


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["run", "--port", "x"], ["run", "--port", "70000"], ["pair", "extra"]]
)
def test_bad_use_is_status_2(arguments):
    assert CliRunner().invoke(main, arguments).exit_code == 2


def test_a_bad_environment_is_one_sentence_and_status_2():
    told = CliRunner().invoke(main, ["status"], env={"TELLTALE_PORT": "x"})
    assert (told.exit_code, told.stderr.count("\n"), told.stdout) == (2, 1, "")
    assert told.stderr.startswith("telltale: TELLTALE_PORT must be a number")


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        ("--help", "aiohttp sqlite_utils torch"),
        ("check --help", "aiohttp sqlite_utils torch"),
        ("pair --data {data}", "aiohttp torch jinja2"),
    ],
)
def test_a_command_imports_only_what_it_needs(tmp_path, arguments, absent):
    code = "import sys\nfrom telltale.cli import main\nmain(sys.argv[1:], standalone_mode=False)\nprint(*sys.modules)"
    given = arguments.format(data=tmp_path).split()
    modules = subprocess.run([sys.executable, "-c", code, *given], capture_output=True, text=True, check=True).stdout
    assert not set(absent.split()) & set(modules.split())


def test_pair_prints_a_code_on_its_last_line(tmp_path):
    told = CliRunner().invoke(main, ["pair", "--data", str(tmp_path / "data")])
    assert re.search(r"\ncode: [A-Z2-9]{4}-[A-Z2-9]{4}\n\Z", told.output)


def test_what_programs_ask_is_answered_in_json(tmp_path):
    def asked(*arguments):
        return json.loads(CliRunner().invoke(main, [*arguments, "--json", "--data", str(tmp_path / "data")]).stdout)

    before = asked("status", "--port", "1")
    code = asked("pair")
    assert re.fullmatch(r"[A-Z2-9]{4}-[A-Z2-9]{4}", code["code"]) and code["seconds"] == 600
    assert (before["runs"], before["port"], before["pages"]) == (False, 1, None)
    assert asked("status", "--port", "1") == {**before, "pages": 0, "history": str(tmp_path / "data" / "history.db")}
    assert asked("browsers") == []


def test_a_history_that_is_none_is_one_sentence_and_status_1(tmp_path):
    (tmp_path / "history.db").write_bytes(b"not a database" * 100)
    told = CliRunner().invoke(main, ["pair", "--data", str(tmp_path)])
    assert (told.exit_code, told.stderr.count("\n"), told.stdout) == (1, 1, "")


def test_without_a_daemon_status_and_open_say_so(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
    for command in ("status", "open"):
        told = CliRunner().invoke(main, [command, "--port", str(port), "--data", str(tmp_path)])
        assert told.exit_code == 1
        assert f"Telltale does not run on port {port}" in told.output + told.stderr


def test_run_serves_until_it_is_told_to_stop(tmp_path):
    with telltale("run", "--port", "0", "--data", str(tmp_path)) as process:
        port = str(listening_port(process))
        opened = CliRunner().invoke(main, ["open", "--print", "--port", port, "--data", str(tmp_path)])
        status = CliRunner().invoke(main, ["status", "--port", port, "--data", str(tmp_path)])
        second = telltale("run", "--port", port, "--data", str(tmp_path))
        said = second.communicate()[1]
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
    assert re.fullmatch(rf"http://127\.0\.0\.1:{port}/open/[\w-]{{43}}\?to=/\n", opened.output)
    assert (status.exit_code, "0 pages" in status.output) == (0, True)
    assert (second.returncode, said.count("\n")) == (1, 1)
    assert f"Telltale runs already on port {port}" in said


def test_run_without_a_model_ends_with_a_sentence(tmp_path):
    with telltale("run", "--port", "0", "--data", str(tmp_path), script="broken.py") as process:
        said = process.communicate()[1].splitlines()
    assert (process.returncode, said[-1]) == (1, "telltale: The model cannot be loaded: The weights are torn.")


def ask(port: int, text: str) -> str:
    """The status line that comes back for a raw request."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(text.encode())
        return connection.makefile("rb").readline().decode().strip()


def test_the_log_tells_nothing_of_what_was_read(tmp_path):
    with telltale("run", "--port", "0", "--data", str(tmp_path)) as process:
        port = listening_port(process)
        head = f"HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
        statuses = [
            ask(port, f"GET /open/SECRET?to=/SECRET {head}\r\n"),
            ask(port, f"GET /v1/status {head}Authorization: Bearer SECRET\x01\r\n\r\n"),
            ask(port, f"SECRET /v1/status {head}\r\n"),
        ]
        process.send_signal(signal.SIGINT)
        log = process.stderr.read()
    assert statuses == ["HTTP/1.1 403 Forbidden", "HTTP/1.0 400 Bad Request", "HTTP/1.0 400 Bad Request"]
    assert "GET /open/{ticket} 403" in log
    assert "SECRET" not in log and "Traceback" not in log


def test_the_command_is_installed():
    script = Path(sys.executable).with_name("telltale")
    assert subprocess.check_output([script, "version"], text=True, env=os.environ).startswith("telltale 0.")


def test_the_option_says_what_the_command_version_says():
    told = [CliRunner().invoke(main, [words]) for words in ("version", "--version")]
    assert [t.exit_code for t in told] == [0, 0]
    assert told[0].output == told[1].output != ""

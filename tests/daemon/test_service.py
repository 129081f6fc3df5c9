"""The service's file as each platform reads it, and the commands that put it in its place."""

from __future__ import annotations

import json
import os
import plistlib
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as xml

import pytest
from click.testing import CliRunner
from process import listening_port, telltale
from telltale.cli import main
from telltale.service import launchd, manager, systemd, windows
from telltale.settings import Settings

ODD = 'a b"c%d$e\\f'  # a folder's name may hold all of this
needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")


@pytest.fixture
def command(tmp_path):
    """A command that exists, with words that must come through as they are."""
    folder = tmp_path / ODD
    folder.mkdir()
    program = folder / "python"
    program.symlink_to(sys.executable)
    return [str(program), "-P", "-m", "telltale", "run", "--data", ODD]


def verify(unit: Path) -> subprocess.CompletedProcess[str]:
    """What systemd says of a unit; it looks for a folder of the session even to read a file."""
    environ = {**os.environ, "XDG_RUNTIME_DIR": str(unit.parent)}
    command = ["systemd-analyze", "--user", "--man=no", "verify", unit]
    return subprocess.run(command, capture_output=True, text=True, env=environ)


@needs_systemd
def test_systemd_finds_no_fault_in_the_unit(tmp_path):
    unit = systemd.service([sys.executable, "-P", "-m", "telltale", "run"], tmp_path)
    path = tmp_path / systemd.UNIT
    path.write_bytes(unit.content)
    told = verify(path)
    assert (told.returncode, told.stdout + told.stderr) == (0, "")


@needs_systemd
@pytest.mark.parametrize(
    ("right", "wrong"),
    [("NoNewPrivileges", "NewPrivileges"), (sys.executable, "/nowhere/python"), ("exec", "nonsense")],
)
def test_systemd_would_find_a_fault(tmp_path, right, wrong):
    unit = systemd.service([sys.executable, "run"], tmp_path)
    path = tmp_path / systemd.UNIT
    path.write_bytes(unit.content.replace(right.encode(), wrong.encode()))
    assert wrong in verify(path).stderr


def test_words_of_any_kind_come_through_systemd_as_they_are(command, tmp_path):
    line = next(
        x for x in systemd.service(command, tmp_path).content.decode().splitlines() if x.startswith("ExecStart=")
    )
    quoted = line.removeprefix("ExecStart=:").replace("%%", "%")
    assert json.loads("[" + quoted.replace('" "', '", "') + "]") == command  # its escapes are JSON's


def test_launchd_starts_the_command_and_starts_it_again_after_a_fault(command, tmp_path):
    agent = launchd.service(command, tmp_path, 501, tmp_path / "log")
    told = plistlib.loads(agent.content)
    assert told["ProgramArguments"] == [*command, "--log", str(tmp_path / "log")]
    assert told["KeepAlive"] == {"SuccessfulExit": False} and told["RunAtLoad"] is True
    assert agent.file.name == f"{told['Label']}.plist"


@pytest.mark.parametrize(("said", "runs"), [("state = running", True), ("state = not running", False)])
def test_an_agent_that_launchd_only_knows_does_not_run(tmp_path, monkeypatch, said, runs):
    (tmp_path / "launchctl").write_text(f'#!/bin/sh\n[ "$*" = "print gui/501/telltale.daemon" ] && echo "\t{said}"\n')
    (tmp_path / "launchctl").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    agent = launchd.service(["telltale"], tmp_path, 501, tmp_path / "log")
    agent.file.parent.mkdir(parents=True)
    agent.file.write_bytes(agent.content)
    assert manager.state(agent).active == runs


def test_the_task_of_windows_is_its_users_alone_and_runs_without_a_limit(command, tmp_path):
    task = windows.service(command, tmp_path, "HOME\\A & B", tmp_path / "log")
    assert task.content.startswith((b"\xff\xfe", b"\xfe\xff"))  # the scheduler reads UTF-16
    told = xml.fromstring(task.content)
    text = {element.tag.removeprefix(f"{{{windows.SPACE}}}"): element.text for element in told.iter()}
    assert [u.text for u in told.iter(f"{{{windows.SPACE}}}UserId")] == ["HOME\\A & B"] * 2
    assert (text["LogonType"], text["RunLevel"]) == ("InteractiveToken", "LeastPrivilege")
    assert (text["ExecutionTimeLimit"], text["MultipleInstancesPolicy"]) == ("PT0S", "IgnoreNew")
    assert "Running" in task.check[-1]  # a query alone ends with 0 for a task that only exists
    assert text["Command"] == command[0]
    assert text["Arguments"] == subprocess.list2cmdline([*command[1:], "--log", str(tmp_path / "log")])


def test_only_what_differs_from_the_default_is_in_the_command(tmp_path):
    assert manager.command_of(Settings()) == [sys.executable, "-P", "-m", "telltale", "run"]
    told = Settings(port=9001, data_dir=tmp_path, models_dir=Path("other"))
    options = ["--port", "9001", "--data", str(tmp_path), "--models", str(Path.cwd() / "other")]
    assert manager.command_of(told)[5:] == options


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home with a systemctl that writes down what it is asked, and fails where it is told to."""
    calls, bin_dir = tmp_path / "calls", tmp_path / "bin"
    bin_dir.mkdir()
    systemctl = bin_dir / "systemctl"
    systemctl.write_text(
        f'#!/bin/sh\necho "$*" >> {calls}\ncase "$*" in *"$FAILS"*) echo "no bus" >&2; exit 1;; esac\n'
    )
    systemctl.chmod(0o755)
    for name, value in {
        "PATH": f"{bin_dir}:{os.environ['PATH']}",
        "XDG_CONFIG_HOME": str(tmp_path),
        "FAILS": "-",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("FAILS", "nothing")
    return tmp_path


def called(home: Path) -> list[str]:
    path = home / "calls"
    found = path.read_text().splitlines() if path.exists() else []
    path.unlink(missing_ok=True)
    return [line.removeprefix("--user ") for line in found]


linux = pytest.mark.skipif(sys.platform != "linux", reason="the service of Linux")


@linux
def test_install_again_and_remove(home):
    unit, run = home / "systemd" / "user" / "telltale.service", CliRunner().invoke
    starts = ["daemon-reload", "enable telltale.service", "restart telltale.service"]
    assert (run(main, ["service", "install"]).exit_code, called(home)) == (0, starts)
    again = run(main, ["service", "install", "--port", "9001"])
    assert (again.exit_code, called(home)) == (0, ["disable --now telltale.service", *starts])
    assert '"--port" "9001"' in unit.read_text() and str(unit) in again.output
    assert run(main, ["service", "remove"]).exit_code == 0
    assert called(home) == ["disable --now telltale.service", "daemon-reload"] and not unit.exists()
    assert "nothing was changed" in run(main, ["service", "remove"]).output and called(home) == []


@linux
def test_a_manager_that_refuses_is_one_sentence_and_status_1(home, monkeypatch):
    monkeypatch.setenv("FAILS", "enable")
    told = CliRunner().invoke(main, ["service", "install"])
    assert (told.exit_code, told.stdout, told.stderr.count("\n")) == (1, "", 1)
    assert told.stderr.endswith("`systemctl --user enable telltale.service` failed: no bus\n")


@linux
def test_print_changes_nothing(home):
    told = CliRunner().invoke(main, ["service", "install", "--print"])
    assert "ExecStart=" in told.output and not (home / "systemd").exists() and called(home) == []


@linux
def test_status_tells_what_the_manager_and_the_daemon_say(home, monkeypatch):
    before = CliRunner().invoke(main, ["service", "status", "--json"])
    CliRunner().invoke(main, ["service", "install"])
    monkeypatch.setenv("FAILS", "is-active")
    after = CliRunner().invoke(main, ["service", "status", "--json", "--port", "1"])
    assert [json.loads(t.output)["installed"] for t in (before, after)] == [False, True]
    assert (json.loads(after.output)["active"], json.loads(after.output)["answers"], after.exit_code) == (
        False,
        False,
        1,
    )


def test_the_log_goes_to_the_file_and_so_does_why_it_cannot_run(tmp_path):
    log = tmp_path / "logs" / "telltale.log"
    with telltale(
        "run", "--port", "0", "--data", str(tmp_path / "a"), "--log", str(log), script="broken.py"
    ) as process:
        process.communicate()
    assert "The model cannot be loaded: The weights are torn." in log.read_text()
    assert log.stat().st_mode & 0o077 == 0
    with telltale("run", "--port", "0", "--data", str(tmp_path / "b")) as process:
        listening_port(process)
        process.send_signal(signal.SIGTERM)
        assert (process.wait(), log.read_text().count("listens on")) == (0, 1)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_is_told_how_to_complete(shell):
    told = CliRunner().invoke(main, ["completion", shell])
    assert "_TELLTALE_COMPLETE=" in told.output
    environ = {
        **os.environ,
        "_TELLTALE_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": "telltale serv",
        "COMP_CWORD": "serv" if shell == "fish" else "1",
    }
    words = subprocess.run([sys.executable, "-m", "telltale"], capture_output=True, text=True, env=environ).stdout
    assert "service" in words and "doctor" not in words

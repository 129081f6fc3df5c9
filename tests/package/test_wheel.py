"""The wheel, installed into an environment that has nothing else of ours: what `pip install telltale-daemon` gives."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import sysconfig
import venv
from http.client import HTTPConnection
from pathlib import Path
from zipfile import ZipFile

import pytest
from process import Process, listening_port
from telltale import __version__

ROOT = Path(__file__).parents[2]
LARGEST = 60_000_000  # bytes; the weights are under 50 MB, and an index takes 100 MB a file
ARTICLE = "The harbour opened early on Monday after a week of repairs.\n\nThe first ferry left at six.\n"
LEAK = "\nHere is the rewritten article you asked for. Let me know if you would like a shorter version.\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (found,) = folder.glob("telltale_daemon-*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The command in an environment of its own. What it depends on, torch first of all, is borrowed from this one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=os.name == "posix")
    bin_dir = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", str(bin_dir / "python"), "install", "--no-deps", "--no-index", "-q"]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True)
    site = Path(sysconfig.get_path("purelib", "venv", vars={"base": str(folder)}))
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return bin_dir / "telltale"


@pytest.fixture
def environ(tmp_path):
    """No variable of ours or of Python's leads back to the checkout."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TELLTALE_", "PYTHON"))}
    return {**kept, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}


def names(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts}


def test_the_wheel_has_every_file_of_the_package_and_of_the_model(wheel):
    package = {f"telltale/{name}" for name in names(ROOT / "daemon" / "telltale")}
    model = {f"telltale/models/{name}" for name in names(ROOT / "models")}
    inside = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert model and inside == package | model
    assert wheel.stat().st_size < LARGEST


@pytest.mark.parametrize(("text", "verdict"), [(ARTICLE + LEAK, "undisclosed"), (ARTICLE, "none")])
def test_check_reads_a_file_with_the_model_inside(installed, environ, tmp_path, text, verdict):
    (tmp_path / "article.txt").write_text(text)
    told = subprocess.run(
        [installed, "check", "article.txt", "--json"], cwd=tmp_path, env=environ, capture_output=True, text=True
    )
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["verdict"] == verdict


def test_doctor_finds_the_model_in_the_environment_and_nothing_wrong(installed, environ, tmp_path):
    told = subprocess.run([installed, "doctor", "--json"], cwd=tmp_path, env=environ, capture_output=True, text=True)
    findings = {finding["what"]: finding for finding in json.loads(told.stdout)}
    assert str(installed.parent.parent) in findings["model"]["says"]
    assert [f for f in findings.values() if f["state"] == "wrong"] == []


def test_run_serves_the_pages_that_came_in_the_wheel(installed, environ, tmp_path):
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with Process([installed, "run", "--port", "0"], cwd=tmp_path, env=environ, **pipes) as process:
        port = listening_port(process)
        opened = subprocess.check_output([installed, "open", "--print", "--port", str(port)], env=environ, text=True)
        pages = [fetched(port, path) for path in ("/static/telltale.css", opened.strip().partition(str(port))[2])]
        process.send_signal(signal.SIGTERM)
        process.communicate()
    assert [status for status, _ in pages] == [200, 200]
    assert "Telltale" in pages[1][1]
    assert process.returncode == 0


def fetched(port: int, path: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_the_daemon_and_the_extension_have_one_version():
    extension = json.loads((ROOT / "extension" / "package.json").read_text())
    assert extension["version"] == __version__

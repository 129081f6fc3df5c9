"""The experiments of `scripts/chaos` in short, with a stand-in for the model; and that they would see a broken promise."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from faults import killing
from faults.daemon import PATIENCE, Daemon
from faults.experiments import EXPERIMENTS
from faults.pages import SECRET, page
from faults.plan import Plan, Skipped
from faults.soundness import lost, unsound
from sqlite_utils import Database

CHAOS = Path(__file__).parents[2] / "scripts" / "chaos"


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return Plan(tmp_path, short=True)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_promise_is_kept(plan, name):
    try:
        outcome = EXPERIMENTS[name](plan)
    except Skipped as reason:
        pytest.skip(str(reason))
    assert not outcome.wrong, outcome.says


# A daemon that answers before it has written anything down.
HASTY = """
from telltale.history.history import History
from telltale.history.store import Recorded, record
from telltale.history.page_state import Stand
from telltale.history.queries import tally_of
plain = History.write
async def write(self, work, *given):
    if work is not record:
        return await plain(self, work, *given)
    return Recorded(1, "2026-11-24T13:00:00Z", await self.read(tally_of, "a.example"), Stand([], [], []))
History.write = write
"""


def test_a_daemon_that_answers_too_early_would_be_seen(plan, monkeypatch):
    monkeypatch.setattr(killing, "Daemon", lambda data, models: Daemon(data, models, after=HASTY))
    assert killing.kill(plan).wrong == ("nothing lost",)


def test_what_is_missing_and_what_is_counted_wrong_is_seen(plan):
    with Daemon(plan.folder / "data") as daemon:
        daemon.pair().ready().send(page(1))
        daemon.stop()
    path = plan.folder / "data" / "history.db"
    assert (lost(path, [page(1)["url"]]), unsound(path)) == ([], [])
    assert lost(path, [page(2)["url"]]) == [page(2)["url"]]
    db = Database(path)
    db.execute("UPDATE outlets SET pages = 7")
    db.execute("DELETE FROM revisions")
    db.conn.commit()
    db.close()
    assert "outlets is counted wrong" in unsound(path)


def test_a_log_that_tells_would_be_seen(plan):
    loud = f"import logging\nlogging.getLogger('telltale').error('{SECRET}')"
    daemon = Daemon(plan.folder / "data", before=loud)
    assert daemon.port
    daemon.kill()
    with pytest.raises(AssertionError, match="must not"):
        daemon.check_log()


def test_the_command_prints_a_line_for_each_and_knows_no_other():
    told = subprocess.run(
        [sys.executable, CHAOS, "--short", "--stand-in", "newer-client"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert told.returncode == 0, told.stderr
    assert told.stdout.splitlines()[1].startswith("kept    newer-client ")
    wrong = subprocess.run([sys.executable, CHAOS, "earthquake"], capture_output=True, text=True)
    assert (wrong.returncode, "no experiment is called earthquake" in wrong.stderr) == (2, True)

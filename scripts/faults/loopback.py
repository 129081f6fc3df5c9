"""No network but loopback: the daemon's own tests in a network namespace that has nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from .daemon import ROOT, Daemon, environment
from .pages import page
from .plan import Outcome, Plan, Skipped, outcome

_ALONE = 'ip link set lo up && echo "links: $(ip -o link show | wc -l)" && exec "$@"'


def alone(plan: Plan) -> Outcome:
    """The daemon, with the model if there is one, and in full all tests of `tests/daemon`."""
    own = _alone([sys.executable, "-m", "faults.loopback", str(plan.folder), str(plan.models or "")])
    says = "one link, loopback: paired, a page read and listed"
    passed = True
    if not plan.short:
        given = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(ROOT / "tests" / "daemon")]
        tests = _alone(given)
        says += f"; tests/daemon: {tests.stdout.strip().splitlines()[-1]}"
        passed = tests.returncode == 0 and bool(re.search(r"\d+ passed", tests.stdout))
    return outcome(
        says,
        there_is_loopback_alone="links: 1" in own.stdout.splitlines(),
        the_daemon_works=own.returncode == 0 and "read and listed" in own.stdout,
        the_tests_pass=passed,
    )


def _alone(command: list[str]) -> subprocess.CompletedProcess[str]:
    try:
        if subprocess.run(["unshare", "-rn", "ip", "link", "set", "lo", "up"], capture_output=True).returncode:
            raise Skipped("no process may have a network of its own here")
    except OSError:
        raise Skipped("needs Linux with unshare and iproute2") from None
    given = ["unshare", "-rn", "sh", "-ec", _ALONE, "sh", *command]
    return subprocess.run(given, env=environment(), capture_output=True, text=True, cwd=ROOT)


def _inside(plan: Plan) -> None:
    with Daemon(plan.folder / "data", plan.models) as daemon:
        assert daemon.pair().ready().send(page(1))[0] == 200
        assert page(1)["url"] in [p["url"] for p in daemon.ask("GET", "/v1/pages")[2]["pages"]]
    print("read and listed")


if __name__ == "__main__":
    _inside(Plan(Path(sys.argv[1]), True, Path(sys.argv[2]) if sys.argv[2] else None))

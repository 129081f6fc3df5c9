"""A disk that is full, and a folder that cannot be written."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

from .daemon import Daemon, one_sentence, pages_of, tell
from .mounts import inside, on_tmpfs, remount
from .pages import page
from .plan import Outcome, Plan, outcome
from .soundness import lost, unsound

SIZE_MB = 3  # of the disk; an empty history takes 0.2
REFUSALS = 20


def full(plan: Plan) -> Outcome:
    """Write until the disk is full, and beyond; then a person makes room."""
    return on_tmpfs(plan, "disk", "full", f"{SIZE_MB}m")


def read_only(plan: Plan) -> Outcome:
    """Every command on a folder of a file system that was mounted for reading only."""
    return on_tmpfs(plan, "disk", "read_only", f"{SIZE_MB}m")


def _full(plan: Plan) -> Outcome:
    ballast, data = plan.folder / "ballast", plan.folder / "data"
    ballast.write_bytes(b"x" * 1024 * 1024)
    numbers = count()
    with Daemon(data, plan.models) as daemon:
        daemon.pair().ready()
        acknowledged, refusal = _until_refused(daemon, numbers)
        refusals = [daemon.send(page(next(numbers)))[0] for _ in range(REFUSALS)]
        listed = set(pages_of(daemon))
        ballast.unlink()
        again = [page(next(numbers)) for _ in range(5)]
        after = [daemon.send(body)[0] for body in again]
        acknowledged |= {body["url"] for body in again}
        daemon.kill()
    missing, faults = lost(data / "history.db", acknowledged), unsound(data / "history.db")
    return outcome(
        f"disk of {SIZE_MB} MB full after {len(acknowledged) - len(again)} pages, then 507 “{refusal['detail']}”; "
        f"with room again the next {len(after)} are kept; {len(missing)} lost, database {'; '.join(faults) or 'intact'}",
        said_plainly="disk is full" in refusal["detail"],
        every_further_page_refused_or_kept=set(refusals) <= {200, 507},
        what_is_there_can_be_read=acknowledged - listed <= {body["url"] for body in again},
        goes_on_with_room=set(after) == {200},
        nothing_lost=not missing,
        database_intact=not faults,
    )


def _until_refused(daemon: Daemon, numbers: count[int]) -> tuple[set[str], Mapping[str, Any]]:
    acknowledged: set[str] = set()
    while True:
        body = page(next(numbers), sentences=40)
        status, _, answer = daemon.send(body)
        if status != 200:
            assert status == 507, (status, answer)
            return acknowledged, answer
        acknowledged.add(body["url"])


def _read_only(plan: Plan) -> Outcome:
    data = plan.folder / "data"
    with Daemon(data, plan.models) as daemon:
        daemon.pair().ready()
        first = daemon.send(page(1))[0]
        daemon.stop()
    remount(plan.folder, "ro")
    told = [tell(command, "--data", str(data)) for command in ("run", "pair", "browsers")]
    seen = tell("doctor", "--data", str(data)).stdout
    remount(plan.folder, "rw")
    with Daemon(data, plan.models) as daemon:
        there = len(pages_of(daemon.pair()))
    return outcome(
        f"run, pair and browsers end with “{told[0].stderr.strip()}”; writable again, {there} of 1 pages is there",
        each_command_says_one_sentence=all(one_sentence(t.stderr) and t.returncode == 1 for t in told),
        doctor_sees_it="cannot be written" in seen,
        nothing_lost=(first, there) == (200, 1),
    )


if __name__ == "__main__":
    inside({"full": _full, "read_only": _read_only})

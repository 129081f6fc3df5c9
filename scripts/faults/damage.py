"""A history whose file was damaged: moved aside, never deleted, and got back as far as it can be read."""

from __future__ import annotations

import re
from pathlib import Path

from telltale.history.aside import moved_aside

from .daemon import Daemon, pages_of, tell
from .pages import page
from .plan import Outcome, Plan, outcome
from .soundness import unsound

SECTOR = 4096


def damage(plan: Plan) -> Outcome:
    """Overwrite a stretch in the middle, repair in place; overwrite the beginning, start anew beside it."""
    data, pages = plan.folder / "data", plan.either(60, 1000)
    database = data / "history.db"
    with Daemon(data, plan.models) as daemon:
        token = daemon.pair().ready().token
        for number in range(pages):
            daemon.send(page(number))
        daemon.stop()
    _overwrite(database, database.stat().st_size // 2 // SECTOR * SECTOR)
    repaired = tell("doctor", "--repair", "--data", str(data))
    faults = unsound(database)
    with Daemon(data, plan.models) as daemon:
        daemon.token = token
        back = len(pages_of(daemon.ready()))
        daemon.stop()
    _overwrite(database, 0)
    torn = database.read_bytes()
    with Daemon(data, plan.models) as daemon:
        fresh = daemon.pair().ready().send(page(1))[0]
        said = daemon.log
    kept = moved_aside(database)
    return outcome(
        f"4 KB in the middle overwritten: {back} of {pages} pages got back by `doctor --repair`, the pairing too; beginning "
        f"overwritten: moved aside with a sentence, {len(kept)} damaged files kept, a new history begins",
        repaired=repaired.returncode == 0 and bool(re.search(r"Got back into .*pages", repaired.stdout)),
        most_is_got_back=back >= pages * 0.8,
        repaired_file_intact=not faults,
        a_new_history_begins=fresh == 200,
        it_is_said="It was moved to" in said and "telltale doctor --repair" in said,
        the_damaged_file_is_kept=torn in [path.read_bytes() for path in kept],
    )


def _overwrite(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(b"\xff" * SECTOR)

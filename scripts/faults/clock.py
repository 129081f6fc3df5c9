"""A clock that is set back by a day while the daemon is off."""

from __future__ import annotations

import re
from contextlib import closing

from telltale.history import open_database

from .daemon import Daemon, tell
from .pages import page
from .plan import Outcome, Plan, outcome
from .soundness import unsound

YESTERDAY = "import time; now = time.time; time.time = lambda: now() - 86400"
_BACKWARDS = """SELECT count(*) FROM (SELECT first_seen a, last_seen b FROM pages UNION ALL
    SELECT first_seen, last_seen FROM revisions UNION ALL SELECT first_seen, last_seen FROM outlets) WHERE b < a"""


def set_back(plan: Plan) -> Outcome:
    """A page seen today and again yesterday, a new one seen yesterday, and a pairing code from the future."""
    data = plan.folder / "data"
    with Daemon(data, plan.models) as today:
        token = today.pair().ready().token
        today.send(page(1))
        code = re.findall(r"code: (\S+)", tell("pair", "--data", str(data)).stdout)[0]
        today.stop()
    with Daemon(data, plan.models, before=YESTERDAY) as yesterday:
        yesterday.token = token
        statuses = [yesterday.ready().send(page(number))[0] for number in (1, 2)]
        refused = yesterday.ask("POST", "/v1/pair", {"code": code, "name": "Late"})[0]
        seen = {p["url"]: p["last_seen"] for p in yesterday.ask("GET", "/v1/pages")[2]["pages"]}
    with closing(open_database(data / "history.db")) as db:
        backwards = db.execute(_BACKWARDS).fetchone()[0]
    faults = unsound(data / "history.db")
    return outcome(
        f"a day back: the pairing holds, pages are read, {backwards} times run backwards, a code from the future is {refused}",
        pages_are_read=statuses == [200, 200],
        the_clock_was_back=seen[page(2)["url"]] < seen[page(1)["url"]],
        no_time_runs_backwards=backwards == 0,
        no_code_lives_longer=refused == 403,
        database_intact=not faults,
    )

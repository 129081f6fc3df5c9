"""Versions that meet: a newer daemon under an older client, an older one under a newer, a history on its way between."""

from __future__ import annotations

import signal
import threading
from hashlib import sha256
from http.client import HTTPException

from .daemon import PATIENCE, Daemon, one_sentence, pages_of, tell
from .pages import page
from .plan import Outcome, Plan, outcome
from .soundness import lost, unsound

# Tomorrow's daemon: a step more in its history, a field more in its answers.
_TOMORROW = """
from telltale import protocol
from telltale.history.migrations import migrations
@migrations(name="m999_of_tomorrow")
def step(db):
    db.execute("ALTER TABLE pages ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'")
    db.execute("UPDATE pages SET mood = 'glad'")
    {end}
plain = protocol.reading_json
protocol.reading_json = lambda *given: {{**plain(*given), "mood": "calm"}}
"""
NEWER = _TOMORROW.format(end="")
DYING = _TOMORROW.format(end="import os; os.kill(os.getpid(), 9)")
MS = 20  # a page takes, so that some are under way when the daemon stops


class Client(threading.Thread):
    """Sends pages one after the other, and each again until it is acknowledged, as the extension does."""

    def __init__(self, daemon: Daemon, pages: int) -> None:
        super().__init__()
        self.acknowledged: set[str] = set()
        self.again = 0
        self.begun = threading.Event()
        self._daemon, self._bodies = daemon, [page(number) for number in range(pages)]

    def run(self) -> None:
        """The thread's work."""
        pause = threading.Event()
        for body in self._bodies:
            while not self._sent(body):
                self.again += 1
                pause.wait(0.05)
            self.acknowledged.add(body["url"])
            if len(self.acknowledged) > len(self._bodies) // 3:
                self.begun.set()

    def _sent(self, body: dict[str, object]) -> bool:
        try:
            return self._daemon.send(body)[0] == 200
        except (OSError, HTTPException):
            return False


def upgrade(plan: Plan) -> Outcome:
    """The daemon is replaced by a newer one on the same port while a client sends pages."""
    data, pages = plan.folder / "data", plan.either(30, 300)
    with Daemon(data, plan.models, ms=MS) as old:
        client = Client(old.pair().ready(), pages)
        client.start()
        client.begun.wait(PATIENCE)
        status = old.stop()
        with Daemon(data, plan.models, old.port, MS, after=NEWER) as new:
            client.join(2 * PATIENCE)
            new.token = old.token
            there = set(pages_of(new))
            answer = new.send(page(0))[2]
    missing = client.acknowledged - there
    return outcome(
        f"{len(client.acknowledged)} pages acknowledged over the change, {len(missing)} lost; the client asked "
        f"{client.again} times again, with the same token",
        old_daemon_stopped_well=status == 0,
        all_acknowledged_in_the_end=len(client.acknowledged) == pages,
        nothing_lost=not missing,
        new_daemon_answers=answer.get("mood") == "calm" and answer["page_id"] == 1,
    )


def newer_client(plan: Plan) -> Outcome:
    """A newer client asks an older daemon for what it does not know."""
    with Daemon(plan.folder / "data", plan.models) as daemon:
        daemon.pair().ready()
        body = page(1)
        more = {**body, "mood": "calm", "blocks": [{**block, "mood": "calm"} for block in body["blocks"]]}
        extra = daemon.send(more)[0]
        unknown = daemon.ask("POST", "/v1/moods", {})
        role = daemon.send({**body, "blocks": [{"text": "A", "role": "sidebar"}]})
        protocol = daemon.ask("GET", "/v1/status")[2]["protocol"]
        after = daemon.send(body)[0]
    return outcome(
        f"unknown fields are ignored; an unknown route is {unknown[0]}, an unknown role {role[0]}, each with a sentence",
        unknown_fields_are_ignored=extra == 200,
        unknown_route_is_said=unknown[0] == 404 and unknown[2]["detail"].endswith("."),
        unknown_role_is_said=role[0] == 422 and "role" in role[2]["detail"],
        protocol_is_told=protocol == 1,
        goes_on=after == 200,
    )


def migration(plan: Plan) -> Outcome:
    """An upgrade that is killed within a step of the history's migration, then done again, then taken back."""
    data, pages = plan.folder / "data", plan.either(50, 1000)
    database = data / "history.db"
    with Daemon(data, plan.models) as today:
        token = today.pair().ready().token
        sent = {page(number)["url"] for number in range(pages) if today.send(page(number))[0] == 200}
        today.stop()
    killed = tell("pair", "--data", str(data), after=DYING)
    missing, faults = lost(database, sent), unsound(database)  # opened as today's version: nothing of the step is there
    with Daemon(data, plan.models, after=NEWER) as tomorrow:
        tomorrow.token = token
        resumed = set(pages_of(tomorrow))
        tomorrow.stop()
    before = sha256(database.read_bytes()).hexdigest()
    downgrade = tell("run", "--port", "0", "--data", str(data))
    return outcome(
        f"killed in the step: {len(missing)} of {len(sent)} pages lost, database {'; '.join(faults) or 'intact'}; "
        f"resumed with {len(sent & resumed)}; going back is refused with “{_plain(downgrade.stderr)}”",
        it_was_killed=killed.returncode == -signal.SIGKILL,
        nothing_lost=len(sent) == pages and not missing and sent == resumed,
        database_intact=not faults,
        downgrade_says_one_sentence=downgrade.returncode == 1 and one_sentence(downgrade.stderr),
        downgrade_names_the_version="newer Telltale" in downgrade.stderr,
        downgrade_changes_nothing=sha256(database.read_bytes()).hexdigest() == before,
    )


def _plain(said: str) -> str:
    return said.removeprefix("telltale: ").strip()

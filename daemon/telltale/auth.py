"""Who may ask: pairing codes become tokens, tickets become sessions. Knows no HTTP.

Codes, tokens and tickets live in the history's file, so that `telltale pair` and `telltale open` can make one while the
daemon runs. Only hashes are stored: who reads a copy of the file cannot act as the extension.
"""

from __future__ import annotations

import hmac
import secrets
from collections import deque
from dataclasses import dataclass
from hashlib import sha256

from sqlite_utils import Database

from .history.rows import Row, one, rows
from .times import Clock, iso

ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # no 0/O, 1/I/L, U/V: a code is read from one window and typed in another
CODE_LENGTH = 8
SECRET_BYTES = 32
ID_LENGTH = 12  # hexadecimal digits of a token's hash: they name a pairing and tell nothing of its token
MOST_SESSIONS = 100  # in memory; one is made each time the history is opened


@dataclass(frozen=True, slots=True)
class Pairing:
    """A token's owner. `origin` is empty for a client that is no browser."""

    name: str
    origin: str


def make_code(db: Database, now: float, lasts: int) -> str:
    """A new one-time pairing code, `XXXX-XXXX`, good for `lasts` seconds. Runs in the caller's transaction."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    _keep(db, "codes", code, now, lasts)
    return f"{code[:4]}-{code[4:]}"


def plain_code(code: str) -> str:
    """A code however a person types it: in capitals, without blanks and dashes."""
    return "".join(c for c in code.upper() if c.isascii() and c.isalnum())


def redeem_code(db: Database, code: str, owner: Pairing, now: float, lasts: int) -> str | None:
    """A new token for a good code, which is spent by it; None for a wrong, used or expired one."""
    if not _spend(db, "codes", plain_code(code), now, lasts):
        return None
    token = secrets.token_urlsafe(SECRET_BYTES)
    row = [_hash(token), owner.name, owner.origin, iso(now)]
    db.execute("INSERT INTO tokens (hash, name, origin, created) VALUES (?, ?, ?, ?)", row)
    return token


def id_of(token: str) -> str:
    """The name by which a pairing is listed and ended."""
    return _hash(token)[:ID_LENGTH]


def pairings(db: Database) -> list[Row]:
    """Who is paired, oldest first: `id`, `name`, `origin`, `created`."""
    return rows(db, f"SELECT {_ID} AS id, name, origin, created FROM tokens ORDER BY created, rowid")


def unpair(db: Database, pairing_id: str) -> bool:
    """End a pairing, every open history page and every ticket to one; whether there was such a pairing."""
    ended = db.execute(f"DELETE FROM tokens WHERE {_ID} = ?", [pairing_id]).rowcount > 0
    if ended:
        _end_sessions(db)
    return ended


def rotate(db: Database, pairing_id: str) -> str | None:
    """A new token for a pairing, whose old one ends with all that it opened; None when there is no such pairing."""
    token = secrets.token_urlsafe(SECRET_BYTES)
    changed = db.execute(f"UPDATE tokens SET hash = ? WHERE {_ID} = ?", [_hash(token), pairing_id])
    if changed.rowcount != 1:
        return None
    _end_sessions(db)
    return token


def epoch(db: Database) -> int:
    """Which sessions hold: those begun in this epoch. `telltale unpair` begins another from its own process."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


_ID = f"substr(hash, 1, {ID_LENGTH})"


def _end_sessions(db: Database) -> None:
    """Tickets end too: whoever had the token may have made one a moment ago, and would open the next epoch with it."""
    db.execute("DELETE FROM tickets")
    db.execute(f"PRAGMA user_version = {epoch(db) + 1}")


def pairing_of(db: Database, token: str) -> Pairing | None:
    """Whose token it is, or None. The look-up goes by hash, so its timing tells nothing about a token."""
    wanted = _hash(token)
    found = one(db, "SELECT hash, name, origin FROM tokens WHERE hash = ?", wanted)
    if found is None or not hmac.compare_digest(found["hash"], wanted):
        return None
    return Pairing(found["name"], found["origin"])


def make_ticket(db: Database, now: float, lasts: int) -> str:
    """A new one-time ticket for the history pages, good for `lasts` seconds."""
    ticket = secrets.token_urlsafe(SECRET_BYTES)
    _keep(db, "tickets", ticket, now, lasts)
    return ticket


def redeem_ticket(db: Database, ticket: str, now: float, lasts: int) -> int | None:
    """The epoch that a good ticket opens, None for a wrong, used or expired one; it is spent by asking."""
    return epoch(db) if _spend(db, "tickets", ticket, now, lasts) else None


def _keep(db: Database, table: str, secret: str, now: float, lasts: int) -> None:
    db.execute(f"DELETE FROM {table} WHERE expires <= ?", [int(now)])
    db.execute(f"INSERT INTO {table} (hash, expires) VALUES (?, ?)", [_hash(secret), int(now) + lasts])


def _spend(db: Database, table: str, secret: str, now: float, lasts: int) -> bool:
    """The upper bound is for a clock that was set back: what was made in its future would live on for as long."""
    good = [_hash(secret), int(now), int(now) + lasts]
    spent = db.execute(f"DELETE FROM {table} WHERE hash = ? AND expires > ? AND expires <= ?", good)
    return spent.rowcount == 1


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


class Tries:
    """At most `limit` tries in any `window` seconds, whoever makes them: all come from this computer."""

    def __init__(self, limit: int, clock: Clock, window: float = 60.0) -> None:
        """`clock` must not be set back while the daemon runs."""
        self._limit, self._clock, self._window = limit, clock, window
        self._times: deque[float] = deque()

    def wait(self) -> float:
        """Count a try: 0 when it may go on, else the seconds until the next may."""
        now = self._clock()
        while self._times and self._times[0] <= now - self._window:
            self._times.popleft()
        if len(self._times) >= self._limit:
            return self._times[0] + self._window - now
        self._times.append(now)
        return 0.0


class Sessions:
    """The browsers that opened the history with a ticket. In memory: they end with the daemon, or with their epoch."""

    def __init__(self, clock: Clock, lasts: int) -> None:
        """`clock` must not be set back while the daemon runs; a session holds for `lasts` seconds of it."""
        self._clock, self._lasts = clock, lasts
        self._ends: dict[tuple[str, int], float] = {}

    def start(self, epoch: int) -> str:
        """A new session's secret, for a cookie."""
        secret = secrets.token_urlsafe(SECRET_BYTES)
        while len(self._ends) >= MOST_SESSIONS:
            del self._ends[next(iter(self._ends))]
        self._ends[_hash(secret), epoch] = self._clock() + self._lasts
        return secret

    def holds(self, secret: str, epoch: int) -> bool:
        """Whether the secret is that of a session of this epoch that has not ended."""
        ends = self._ends.get((_hash(secret), epoch))
        return ends is not None and ends > self._clock()

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

from .history.rows import one
from .times import Clock, iso

ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # no 0/O, 1/I/L, U/V: a code is read from one window and typed in another
CODE_LENGTH = 8
SECRET_BYTES = 32
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


def redeem_code(db: Database, code: str, owner: Pairing, now: float) -> str | None:
    """A new token for a good code, which is spent by it; None for a wrong, used or expired one."""
    if not _spend(db, "codes", "".join(c for c in code.upper() if c.isalnum()), now):
        return None
    token = secrets.token_urlsafe(SECRET_BYTES)
    row = [_hash(token), owner.name, owner.origin, iso(now)]
    db.execute("INSERT INTO tokens (hash, name, origin, created) VALUES (?, ?, ?, ?)", row)
    return token


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


def redeem_ticket(db: Database, ticket: str, now: float) -> bool:
    """Whether the ticket is good; it is spent by asking."""
    return _spend(db, "tickets", ticket, now)


def _keep(db: Database, table: str, secret: str, now: float, lasts: int) -> None:
    db.execute(f"DELETE FROM {table} WHERE expires <= ?", [int(now)])
    db.execute(f"INSERT INTO {table} (hash, expires) VALUES (?, ?)", [_hash(secret), int(now) + lasts])


def _spend(db: Database, table: str, secret: str, now: float) -> bool:
    spent = db.execute(f"DELETE FROM {table} WHERE hash = ? AND expires > ?", [_hash(secret), int(now)])
    return spent.rowcount == 1


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


class Tries:
    """At most `limit` tries in any `window` seconds, whoever makes them: all come from this computer."""

    def __init__(self, limit: int, clock: Clock, window: float = 60.0) -> None:
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
    """The browsers that opened the history with a ticket. In memory: they end with the daemon."""

    def __init__(self, clock: Clock, lasts: int) -> None:
        self._clock, self._lasts = clock, lasts
        self._ends: dict[str, float] = {}

    def start(self) -> str:
        """A new session's secret, for a cookie."""
        secret = secrets.token_urlsafe(SECRET_BYTES)
        while len(self._ends) >= MOST_SESSIONS:
            del self._ends[next(iter(self._ends))]
        self._ends[_hash(secret)] = self._clock() + self._lasts
        return secret

    def holds(self, secret: str) -> bool:
        """Whether the secret is that of a session that has not ended."""
        return self._ends.get(_hash(secret), 0.0) > self._clock()

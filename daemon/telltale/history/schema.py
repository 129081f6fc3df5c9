"""The tables, as the first migration makes them. Times are UTC ISO seconds; offsets count Unicode code points.

A page has one revision for each state of its notes that was seen, and points at the latest. What was seen between a
revision's `first_seen` and `last_seen` had exactly the revision's notes.
"""

from __future__ import annotations

HISTORY = (
    """CREATE TABLE outlets (
        domain TEXT PRIMARY KEY,
        pages INTEGER NOT NULL,
        undisclosed INTEGER NOT NULL,
        disclosed INTEGER NOT NULL,
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX outlets_newest ON outlets (last_seen, domain)",
    # AUTOINCREMENT: the id of a deleted page must not come to mean another page in an open tab.
    """CREATE TABLE pages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        url TEXT NOT NULL UNIQUE,
        outlet TEXT NOT NULL REFERENCES outlets (domain),
        revision INTEGER,
        title TEXT NOT NULL,
        byline TEXT NOT NULL,
        published TEXT NOT NULL,
        lang TEXT NOT NULL,
        verdict TEXT NOT NULL,
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        times_seen INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX pages_newest ON pages (last_seen, id)",
    "CREATE INDEX pages_of_outlet ON pages (outlet, last_seen, id)",
    """CREATE TABLE revisions (
        id INTEGER PRIMARY KEY,
        page INTEGER NOT NULL REFERENCES pages (id) ON DELETE CASCADE,
        verdict TEXT NOT NULL,
        model TEXT NOT NULL,
        text_hash TEXT NOT NULL,
        sentences INTEGER NOT NULL,
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX revisions_of_page ON revisions (page, id)",
    # standing: 1 for a note of the verdict, 0 for one that is kept for review only.
    """CREATE TABLE notes (
        id INTEGER PRIMARY KEY,
        revision INTEGER NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
        standing INTEGER NOT NULL,
        place TEXT NOT NULL,
        block INTEGER,
        start INTEGER NOT NULL,
        stop INTEGER NOT NULL,
        quote TEXT NOT NULL,
        before TEXT NOT NULL,
        after TEXT NOT NULL,
        kind TEXT NOT NULL,
        family TEXT NOT NULL,
        confidence REAL NOT NULL
    ) STRICT""",
    "CREATE INDEX notes_of_revision ON notes (revision, standing, id)",
)

# Secrets are kept as SHA-256 of 256 random bits (codes: 39 bits that live ten minutes); times are seconds since 1970.
AUTH = (
    """CREATE TABLE tokens (
        hash TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        origin TEXT NOT NULL,
        created TEXT NOT NULL
    ) STRICT""",
    "CREATE TABLE codes (hash TEXT PRIMARY KEY, expires INTEGER NOT NULL) STRICT",
    "CREATE TABLE tickets (hash TEXT PRIMARY KEY, expires INTEGER NOT NULL) STRICT",
)

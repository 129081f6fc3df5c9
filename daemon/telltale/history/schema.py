"""The tables and views. Times are UTC ISO seconds; offsets count Unicode code points.

A page has one revision for each state of its notes and text that was seen, and points at the latest. What was seen
between a revision's `first_seen` and `last_seen` had exactly the revision's notes.
"""

from __future__ import annotations

OWN = 1  # the source of what this browser read itself

HISTORY = (
    # Where pages come from: 1 is this browser, the others were imported or scanned and are kept apart.
    "CREATE TABLE sources (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, added TEXT NOT NULL) STRICT",
    f"INSERT INTO sources (id, name, added) VALUES ({OWN}, 'this browser', strftime('%Y-%m-%dT%H:%M:%SZ'))",
    # AUTOINCREMENT: the id of a deleted page must not come to mean another page in an open tab.
    # site is the registrable domain of the url; outlet is the site, or the outlet that a person joined it to.
    # verdict, families (a JSON list) and removed (notes that went) follow from the notes and what a person decided.
    """CREATE TABLE pages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        source INTEGER NOT NULL REFERENCES sources (id),
        url TEXT NOT NULL,
        site TEXT NOT NULL,
        outlet TEXT NOT NULL,
        revision INTEGER,
        title TEXT NOT NULL,
        byline TEXT NOT NULL,
        published TEXT NOT NULL,
        lang TEXT NOT NULL,
        verdict TEXT NOT NULL,
        families TEXT NOT NULL DEFAULT '[]',
        removed INTEGER NOT NULL DEFAULT 0,
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        times_seen INTEGER NOT NULL,
        UNIQUE (url, source)
    ) STRICT""",
    "CREATE INDEX pages_newest ON pages (source, last_seen, id)",
    "CREATE INDEX pages_of_outlet ON pages (outlet, source, last_seen, id)",
    "CREATE INDEX pages_with_notes ON pages (source, last_seen, id) WHERE verdict != 'none'",
    "CREATE INDEX pages_of_outlet_with_notes ON pages (outlet, source, last_seen, id) WHERE verdict != 'none'",
    # removed: how many notes of the revision before it were gone from the text when this one was first seen.
    """CREATE TABLE revisions (
        id INTEGER PRIMARY KEY,
        page INTEGER NOT NULL REFERENCES pages (id) ON DELETE CASCADE,
        verdict TEXT NOT NULL,
        model TEXT NOT NULL,
        text_hash TEXT NOT NULL,
        sentences INTEGER NOT NULL,
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        removed INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
    "CREATE INDEX revisions_of_page ON revisions (page, id)",
    "CREATE INDEX revisions_removing ON revisions (id) WHERE removed > 0",
    # standing: 1 for a note of the model's verdict, 0 for one that it is too unsure of.
    # review: 1 while the note is on a page of this browser as last seen and nobody decided about it.
    # fate: what the next revision showed of a note that it lacks: 'removed' from the text, or 'unflagged' but there.
    """CREATE TABLE notes (
        id INTEGER PRIMARY KEY,
        revision INTEGER NOT NULL REFERENCES revisions (id) ON DELETE CASCADE,
        standing INTEGER NOT NULL,
        review INTEGER NOT NULL DEFAULT 0,
        fate TEXT CHECK (fate IN ('removed', 'unflagged')),
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
    "CREATE INDEX notes_of_revision ON notes (revision, id)",
    "CREATE INDEX notes_to_review ON notes (standing, id) WHERE review = 1",
    # A decision is about words at a place of a page, whatever family a later model gives them.
    """CREATE TABLE decisions (
        id INTEGER PRIMARY KEY,
        page INTEGER NOT NULL REFERENCES pages (id) ON DELETE CASCADE,
        place TEXT NOT NULL,
        quote TEXT NOT NULL,
        decision TEXT NOT NULL CHECK (decision IN ('confirmed', 'dismissed')),
        at TEXT NOT NULL,
        UNIQUE (page, place, quote)
    ) STRICT""",
    "CREATE TABLE aliases (site TEXT PRIMARY KEY, outlet TEXT NOT NULL) STRICT",
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
)

# What is counted is kept, not counted on demand, so that a million pages cost nothing to show. Each row of a tally is
# k of n: of `pages` first seen then or there, so many are undisclosed or disclosed now.
_COUNTS = "pages INTEGER NOT NULL, undisclosed INTEGER NOT NULL, disclosed INTEGER NOT NULL"
TALLIES = (
    # low: the lower end of the Wilson interval of undisclosed of pages, to sort by what is surest.
    f"""CREATE TABLE outlets (
        domain TEXT NOT NULL, source INTEGER NOT NULL, {_COUNTS},
        low REAL NOT NULL, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL,
        PRIMARY KEY (domain, source)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX outlets_newest ON outlets (source, last_seen, domain)",
    f"""CREATE TABLE days (source INTEGER NOT NULL, day TEXT NOT NULL, {_COUNTS}, PRIMARY KEY (source, day))
    STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE months (outlet TEXT NOT NULL, source INTEGER NOT NULL, month TEXT NOT NULL, {_COUNTS},
        PRIMARY KEY (outlet, source, month)) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE bylines (outlet TEXT NOT NULL, source INTEGER NOT NULL, byline TEXT NOT NULL, {_COUNTS},
        PRIMARY KEY (outlet, source, byline)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX bylines_with_notes ON bylines (outlet, source, undisclosed + disclosed, byline)",
    """CREATE TABLE families (outlet TEXT NOT NULL, source INTEGER NOT NULL, family TEXT NOT NULL,
        pages INTEGER NOT NULL, PRIMARY KEY (outlet, source, family)) STRICT, WITHOUT ROWID""",
)

# history: 32 random hexadecimal digits that tell one history from another, so that one that is imported twice is known.
IDENTITY = (
    "ALTER TABLE sources ADD COLUMN history TEXT NOT NULL DEFAULT ''",
    "UPDATE sources SET history = lower(hex(randomblob(16)))",
    "CREATE UNIQUE INDEX sources_of_history ON sources (history)",
)

# The words that can be searched, one row a page. `facets` are the filters as words, so that the index answers
# "this word at this outlet" without looking at every page with the word: unicode61 splits at all that is no letter
# or digit, so a domain is written in hexadecimal.
SEARCH = (
    """CREATE VIEW searchable AS SELECT
        p.id AS id, p.title AS title, p.byline AS byline,
        (SELECT group_concat(quote, char(10)) FROM (SELECT DISTINCT n.quote AS quote
            FROM revisions r JOIN notes n ON n.revision = r.id WHERE r.page = p.id)) AS quotes,
        (SELECT group_concat(words, char(10)) FROM (SELECT DISTINCT n.before || ' … ' || n.after AS words
            FROM revisions r JOIN notes n ON n.revision = r.id WHERE r.page = p.id)) AS context,
        'source' || p.source || ' site' || hex(p.outlet) || ' ' || p.verdict
            || ' month' || substr(p.first_seen, 1, 4) || substr(p.first_seen, 6, 2)
            || CASE WHEN p.removed THEN ' removed ' ELSE ' ' END || p.families AS facets
    FROM pages p""",
    """CREATE VIRTUAL TABLE search USING fts5(title, byline, quotes, context, facets,
        content='searchable', content_rowid='id', columnsize=0, tokenize='unicode61 remove_diacritics 2')""",
)

# An index for each order in which outlets are listed, so that a part costs the same however many there are.
ORDERS = tuple(
    f"CREATE INDEX outlets_by_{column} ON outlets (source, {column}, domain)"
    for column in ("pages", "undisclosed", "disclosed", "low")
) + ("CREATE INDEX outlets_by_name ON outlets (source, domain)",)

# Words by how they begin: without an index of beginnings, `ba*` reads every word that begins so, a second for a million
# pages. It takes a sixth of the file.
BEGINNINGS = (
    "DROP TABLE search",
    """CREATE VIRTUAL TABLE search USING fts5(title, byline, quotes, context, facets, content='searchable',
        content_rowid='id', columnsize=0, prefix='1 2 3', tokenize='unicode61 remove_diacritics 2')""",
    "INSERT INTO search (search) VALUES ('rebuild')",
    "CREATE INDEX pages_with_removals ON pages (outlet, source) WHERE removed > 0",
)

# Which notes have nearly the same words (see `wordings`): wordings is a JSON list of those that stand on a page, as
# families is; recurrences counts the pages of an outlet on which a wording stands. bands find wordings to compare with.
WORDINGS = (
    "CREATE TABLE wordings (id INTEGER PRIMARY KEY, quote TEXT NOT NULL) STRICT",
    """CREATE TABLE bands (band INTEGER NOT NULL, wording INTEGER NOT NULL REFERENCES wordings (id) ON DELETE CASCADE,
        PRIMARY KEY (band, wording)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX bands_of_wording ON bands (wording)",
    "ALTER TABLE notes ADD COLUMN wording INTEGER",
    "CREATE INDEX notes_of_wording ON notes (wording)",
    "ALTER TABLE pages ADD COLUMN wordings TEXT NOT NULL DEFAULT '[]'",
    """CREATE TABLE recurrences (outlet TEXT NOT NULL, source INTEGER NOT NULL, wording INTEGER NOT NULL,
        pages INTEGER NOT NULL, PRIMARY KEY (source, wording, outlet)) STRICT, WITHOUT ROWID""",
    """CREATE INDEX bylines_across ON bylines (source, byline, outlet, undisclosed, disclosed, pages)
        WHERE undisclosed + disclosed > 0""",
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

"""Views with plain names, for whoever opens the file with another program. The daemon itself reads none of them."""

from __future__ import annotations

_Z2 = 3.841458820694124  # the square of the normal distribution's 97.5 % point

PAGES_READ = """CREATE VIEW pages_read AS SELECT p.id AS page, s.name AS read_by, p.outlet, p.title, p.url, p.byline, p.published,
    p.verdict, p.removed AS notes_removed, p.first_seen, p.last_seen, p.times_seen
    FROM pages p JOIN sources s ON s.id = p.source"""

NOTES_FOUND = """CREATE VIEW notes_found AS SELECT n.id AS note, p.id AS page, s.name AS read_by, p.outlet, p.title, p.url,
    n.kind, n.family, n.quote, n.before, n.after, n.confidence,
    CASE WHEN d.decision IS NOT NULL THEN d.decision WHEN n.fate IS NOT NULL THEN n.fate
        WHEN r.id != p.revision THEN 'seen earlier' WHEN n.standing THEN 'stands' ELSE 'possible' END AS state,
    r.first_seen AS seen_from, r.last_seen AS seen_until, r.model, r.text_hash
    FROM notes n JOIN revisions r ON r.id = n.revision JOIN pages p ON p.id = r.page JOIN sources s ON s.id = p.source
    LEFT JOIN decisions d ON d.page = p.id AND d.place = n.place AND d.quote = n.quote"""

NOTES_REMOVED = """CREATE VIEW notes_removed AS SELECT n.id AS note, p.id AS page, s.name AS read_by, p.outlet, p.title, p.url,
    n.family, n.quote, r.last_seen AS still_seen_at,
    (SELECT first_seen FROM revisions WHERE page = p.id AND id > r.id ORDER BY id LIMIT 1) AS gone_at
    FROM notes n JOIN revisions r ON r.id = n.revision JOIN pages p ON p.id = r.page JOIN sources s ON s.id = p.source
    WHERE n.fate = 'removed'"""

# The 95 % Wilson interval in SQL; tests hold it to `wilson`.
_MIDDLE = f"(undisclosed * 1.0 / pages + {_Z2} / (2 * pages))"
_WIDTH = f"sqrt({_Z2} * (undisclosed * 1.0 / pages * (1 - undisclosed * 1.0 / pages) / pages + {_Z2} / (4.0 * pages * pages)))"
OUTLETS_COMPARED = f"""CREATE VIEW outlets_compared AS SELECT o.domain AS outlet, s.name AS read_by, pages, undisclosed, disclosed,
    round(max(0, ({_MIDDLE} - {_WIDTH}) / (1 + {_Z2} / pages)), 4) AS undisclosed_at_least,
    round(min(1, ({_MIDDLE} + {_WIDTH}) / (1 + {_Z2} / pages)), 4) AS undisclosed_at_most, first_seen, last_seen
    FROM outlets o JOIN sources s ON s.id = o.source"""

SAME_WORDS = """CREATE VIEW same_words AS SELECT w.id AS wording, s.name AS read_by, w.quote, count(*) AS outlets,
    sum(r.pages) AS pages, group_concat(r.outlet, ', ') AS names
    FROM recurrences r JOIN wordings w ON w.id = r.wording JOIN sources s ON s.id = r.source
    GROUP BY r.source, r.wording HAVING count(*) > 1"""

VIEWS = (PAGES_READ, NOTES_FOUND, NOTES_REMOVED, OUTLETS_COMPARED, SAME_WORDS)

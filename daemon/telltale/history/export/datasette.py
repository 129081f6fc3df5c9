"""What Datasette is told of a history: which views to show, what their columns mean, what to hide."""

from __future__ import annotations

from typing import Any

_SEEN = "Times are UTC, by the clock of the computer whose browser showed the page."
VIEWS: dict[str, tuple[str, dict[str, str]]] = {
    "pages_read": (
        "Every page that was read, as last seen.",
        {
            "verdict": "disclosed: the outlet says that AI made or helped to make the page; undisclosed: words to or from "
            "whoever ran a model were left in; none: no note was found, which does not say that no AI was used",
            "notes_removed": "How many notes were gone from the text at a later sight",
        },
    ),
    "notes_found": (
        "Every note of every state of a page that was seen, with the words around it.",
        {
            "state": "stands, possible (below the badge's threshold), confirmed or dismissed by a person, removed from the "
            "text later, unflagged (still there, found no longer), or seen earlier",
            "confidence": "The model's, from 0 to 1; it errs, so read the words",
            "text_hash": "SHA-256 of title, byline and text as seen",
        },
    ),
    "notes_removed": (
        "Notes that stood on a page when it was seen, and were gone from its text when it was seen again.",
        {"still_seen_at": "The last sight with the note", "gone_at": "The first sight without it"},
    ),
    "outlets_compared": (
        "Pages read of each outlet, and how many carried notes. The pages are those that somebody chose to open, no sample.",
        {
            "undisclosed_at_least": "The lower end of the 95 % Wilson interval of undisclosed of pages",
            "undisclosed_at_most": "Its upper end",
        },
    ),
    "same_words": ("Notes with the same or nearly the same words at more than one outlet.", {}),
}
_SORTED = {
    "pages_read": "last_seen",
    "notes_found": "seen_until",
    "notes_removed": "gone_at",
    "outlets_compared": "undisclosed_at_least",
    "same_words": "outlets",
}


def metadata(name: str, tables: list[str]) -> dict[str, Any]:
    """The metadata of a file called `name`.db that has these tables; all but the views are hidden, none is shut."""
    views = {
        view: {"description": f"{says} {_SEEN}", "columns": columns, "sort_desc": _SORTED[view]}
        for view, (says, columns) in VIEWS.items()
    }
    views["pages_read"] |= {"fts_table": "search", "fts_pk": "page"}
    hidden = {table: {"hidden": True} for table in tables if table not in VIEWS}
    about = "What a browser was shown of the news, and the notes left by AI that were found there. A reason to look, no proof."
    return {"title": "Telltale", "description": about, "databases": {name: {"tables": {**views, **hidden}}}}

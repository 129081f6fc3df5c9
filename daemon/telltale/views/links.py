"""Links out of the history, as safe as a link to a stored address can be, and links that keep what was chosen."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from ..history.schema import OWN

FRAGMENT_WORDS = 5  # words at each end of a quote that a text fragment names; browsers look for all between
SHORT_QUOTE = 12  # words; a quote up to here is named whole


def weblink(url: str) -> str:
    """The URL if it is one a link may have; a stored `javascript:` must never become one."""
    return url if url.startswith(("https://", "http://")) else ""


def at_words(url: str, words: str) -> str:
    """The URL with a text fragment, so that the browser scrolls to the words: `…#:~:text=first,last`."""
    pieces = words.split()
    if not weblink(url) or not pieces:
        return weblink(url)
    begin = f"{url}{'' if '#' in url else '#'}:~:text="
    if len(pieces) <= SHORT_QUOTE:
        return f"{begin}{_escaped(pieces)}"
    return f"{begin}{_escaped(pieces[:FRAGMENT_WORDS])},{_escaped(pieces[-FRAGMENT_WORDS:])}"


def archived(url: str, at: str) -> str:
    """Where the Internet Archive shows its copy nearest to an ISO time. Nothing is asked until a person clicks."""
    if not weblink(url):
        return ""
    return f"https://web.archive.org/web/{''.join(c for c in at if c.isdigit())}/{url}"


def link(path: str, source: int, **parameters: Any) -> str:
    """An address within the history: parameters that are empty are left out, the chosen source is kept."""
    asked = {name: value for name, value in parameters.items() if value not in (None, "", False)}
    if source != OWN:
        asked["source"] = source
    return f"{path}?{urlencode(asked)}" if asked else path


def _escaped(words: list[str]) -> str:
    """Words of a text fragment: `-`, `,` and `&` have a meaning there, so they are escaped too."""
    return quote(" ".join(words), safe="").replace("-", "%2D")

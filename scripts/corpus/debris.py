"""What happens to text on its way to a page: markdown, HTML, encodings, case, typos. The words' meaning stays."""

from __future__ import annotations

import html
import random
import string
from collections.abc import Callable

Change = Callable[[str, random.Random], str]


def _wrap(pairs: list[tuple[str, str]]) -> Change:
    def wrapped(text: str, rng: random.Random) -> str:
        before, after = rng.choice(pairs)
        return before + text + after

    return wrapped


def _typo(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text))
    letter = rng.choice(string.ascii_lowercase)
    swapped = text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
    return rng.choice(
        [swapped, text[:at] + text[at + 1 :], text[:at] + letter + text[at:], text[:at] + text[at : at + 1] + text[at:]]
    )


def _typos(text: str, rng: random.Random) -> str:
    for _ in range(rng.randint(1, 3)):
        text = _typo(text, rng) if len(text) > 12 else text
    return text


def _mojibake(text: str, rng: random.Random) -> str:
    curled = _curly(text, rng)
    return curled.encode("utf-8").decode("cp1252", errors="replace")


def _curly(text: str, rng: random.Random) -> str:
    return text.replace("'", "’").replace(' "', " “").replace('"', "”")


def _straight(text: str, rng: random.Random) -> str:
    return text.translate(str.maketrans("‘’“”–—", "''\"\"--"))


def _first_words_bold(text: str, rng: random.Random) -> str:
    words = text.split(" ")
    cut = rng.randint(1, min(4, len(words)))
    return f"**{' '.join(words[:cut])}** {' '.join(words[cut:])}".strip()


MARKS = _wrap(
    [
        ("**", "**"),
        ("*", "*"),
        ("_", "_"),
        ("***", "***"),
        ("(", ")"),
        ("[", "]"),
        ("“", "”"),
        ('"', '"'),
        ("---", "---"),
    ]
)
HEADS = _wrap(
    [
        ("### ", ""),
        ("## ", ""),
        ("> ", ""),
        ("- ", ""),
        ("• ", ""),
        ("* ", ""),
        ("1. ", ""),
        ("✅ ", ""),
        ("👉 ", ""),
        ("", " 😊"),
        ("\u200b", ""),
    ]
)
TAGS = _wrap(
    [
        ("<p>", "</p>"),
        ("<strong>", "</strong>"),
        ("<em>", "</em>"),
        ("<h2>", "</h2>"),
        ("<li>", "</li>"),
        ("<br>", ""),
        ("&nbsp;", ""),
    ]
)

CHANGES: list[tuple[Change, int]] = [
    (_typos, 4),
    (_curly, 5),
    (_straight, 3),
    (MARKS, 5),
    (HEADS, 3),
    (TAGS, 2),
    (_first_words_bold, 2),
    (_mojibake, 1),
    (lambda text, rng: text.upper(), 1),
    (lambda text, rng: text.lower(), 2),
    (lambda text, rng: html.escape(text).replace("'", "&#8217;"), 1),
    (lambda text, rng: text.rstrip(".!?"), 2),
    (lambda text, rng: text.replace(" ", "\u00a0", 2), 1),
    (lambda text, rng: text.replace(". ", ".  "), 1),
]


def soil(text: str, rng: random.Random, chance: float) -> str:
    """The text, with one change or two at the given chance."""
    while text and rng.random() < chance:
        change = rng.choices([c for c, _ in CHANGES], [w for _, w in CHANGES])[0]
        text = change(text, rng)
        chance /= 3
    return text

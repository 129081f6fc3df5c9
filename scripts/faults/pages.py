"""Pages to send: all different, all with one note, all with words that no log may hold."""

from __future__ import annotations

import random
from typing import Any

NOTE = "Here is the rewritten article."
SECRET = "quokka"  # in every address, title and text
_WORDS = (
    "the council voted on a plan to close old bridge north of town while residents asked for more time and engineers "
    "warned that costs had risen since spring though officials said repairs would begin before winter"
).split()


def page(number: int, sentences: int = 8) -> dict[str, Any]:
    """The body of POST /v1/pages; no sentence of it stands on another page."""
    rng = random.Random(number)
    texts = [NOTE, *(_sentence(rng, number) for _ in range(sentences - 1))]
    blocks = [{"text": text, "role": "paragraph"} for text in texts]
    return {"url": address(number), "title": f"The {SECRET} of {number}", "blocks": blocks}


def address(number: int) -> str:
    """The address of a page, on one of twenty sites."""
    return f"https://site{number % 20}.example/{SECRET}/{number}"


def _sentence(rng: random.Random, number: int) -> str:
    words = " ".join(rng.choices(_WORDS, k=rng.randint(14, 22)))
    return f"In case {number}-{rng.randrange(10**6)} a {SECRET} said that {words}."

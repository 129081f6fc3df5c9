"""Templates and what they may call."""

from __future__ import annotations

from pathlib import Path

import aiohttp_jinja2
from aiohttp import web
from jinja2 import FileSystemLoader, StrictUndefined

from .. import domain
from ..reasons import reason
from . import exporting, managing, pairing, reading, review, searching, session, static
from .links import archived, at_words, link, weblink

HERE = Path(__file__).parent

VERDICTS = {
    domain.Verdict.UNDISCLOSED: "AI notes left in",
    domain.Verdict.DISCLOSED: "AI disclosed",
    domain.Verdict.NONE: "no AI notes",
}
FAMILIES = {
    "refusal": "a model's refusal",
    "missing_input": "a model asking for its input",
    "preamble": "a model announcing its answer",
    "closing_offer": "a model's closing offer",
    "rewrite_note": "a note on the rewrite",
    "slant_directive": "an instruction on the slant",
    "prompt_echo": "words of the prompt",
    "reasoning": "a model's reasoning",
    "knowledge_cutoff": "a remark on the model's knowledge",
    "placeholder": "an unfilled slot",
    "seo_tail": "fields for search engines",
    "format_instruction": "an instruction on the format",
    "other_leak": "other words to or from a model",
    "written_by_ai": "says that AI wrote it",
    "ai_assisted": "says that AI helped",
    "ai_translated": "says that AI translated it",
    "ai_summary": "says that AI summarised it",
    "automated_data_story": "says that it was made from data",
}


PLACES = {"title": "in the title", "byline": "in the byline", "block": "in the text"}
FATES = {
    "removed": "removed from the text since",
    "unflagged": "still in the text, but not found by the later reading",
}


def setup(app: web.Application) -> None:
    """Add the pages' routes and templates to the app."""
    environment = aiohttp_jinja2.setup(
        app, loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined
    )
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(
        weblink=weblink, at_words=at_words, archived=archived, percent=percent, when=when, day=day, count=count, upfirst=upfirst,
        family=family, reason=reason, verdict=VERDICTS.__getitem__, place=PLACES.__getitem__, fate=FATES.__getitem__,
    )  # fmt: skip
    environment.globals.update(link=link)
    for part in (session, static, reading, searching, review, managing, exporting, pairing):
        app.add_routes(part.routes)


def family(name: str) -> str:
    """A family in words; a newer model's family stands for itself."""
    return FAMILIES.get(name, name)


def percent(share: float) -> str:
    """A share of 1 as whole per cent, with one digit below ten."""
    return f"{share:.0%}" if share >= 0.1 or share == 0 else f"{share:.1%}"


def when(time: str) -> str:
    """`2026-11-24 13:00 UTC` of an ISO time."""
    return f"{time[:10]} {time[11:16]} UTC"


def day(time: str) -> str:
    """`2026-11-24` of an ISO time."""
    return time[:10]


def count(number: int, one: str, many: str = "") -> str:
    """`1 page`, `2,000 pages`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def upfirst(text: str) -> str:
    """A text with a capital first letter and the rest as it is; jinja's `capitalize` would make `ai` of AI."""
    return text[:1].upper() + text[1:]

"""Templates and what they may call."""

from __future__ import annotations

from pathlib import Path

import aiohttp_jinja2
from aiohttp import web
from jinja2 import FileSystemLoader, StrictUndefined

from .. import domain
from . import pages

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


def setup(app: web.Application) -> None:
    """Add the pages' routes and templates to the app."""
    environment = aiohttp_jinja2.setup(
        app, loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters.update(weblink=weblink, verdict=VERDICTS.__getitem__, family=family, percent=percent, when=when)
    app.add_routes(pages.routes)


def family(name: str) -> str:
    """A family in words; a newer model's family stands for itself."""
    return FAMILIES.get(name, name)


def weblink(url: str) -> str:
    """The URL if it is one a link may have; a stored `javascript:` must never become one."""
    return url if url.startswith(("https://", "http://")) else ""


def percent(share: float) -> str:
    """A share of 1 as whole per cent, with one digit below ten."""
    return f"{share:.0%}" if share >= 0.1 or share == 0 else f"{share:.1%}"


def when(time: str) -> str:
    """`2026-11-24 13:00 UTC` of an ISO time."""
    return f"{time[:10]} {time[11:16]} UTC"

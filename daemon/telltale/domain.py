"""The words of the domain: families, blocks, pages, notes, verdicts.

A *note* is a passage in which a text talks about its own making by AI. Its family decides its kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

NONE = "none"


class Kind(StrEnum):
    """What a note is: left in by mistake, or told to the reader on purpose."""

    LEAK = "leak"
    DISCLOSURE = "disclosure"


LEAK_FAMILIES = (
    "refusal",
    "missing_input",
    "preamble",
    "closing_offer",
    "rewrite_note",
    "slant_directive",
    "prompt_echo",
    "reasoning",
    "knowledge_cutoff",
    "placeholder",
    "seo_tail",
    "format_instruction",
    "other_leak",
)
DISCLOSURE_FAMILIES = ("written_by_ai", "ai_assisted", "ai_translated", "ai_summary", "automated_data_story")
FAMILIES = LEAK_FAMILIES + DISCLOSURE_FAMILIES
LABELS = (NONE, *FAMILIES)  # the order of the classifier's outputs
# Where these stand in that order.
NONE_AT = LABELS.index(NONE)
LEAKS_AT, DISCLOSURES_AT = ([LABELS.index(f) for f in families] for families in (LEAK_FAMILIES, DISCLOSURE_FAMILIES))


def kind_of(family: str) -> Kind:
    """The kind of a family; KeyError-free by design, ValueError names what is allowed."""
    if family in LEAK_FAMILIES:
        return Kind.LEAK
    if family in DISCLOSURE_FAMILIES:
        return Kind.DISCLOSURE
    raise ValueError(f"'{family}' is no family; allowed are {', '.join(FAMILIES)}.")


class Verdict(StrEnum):
    """What a page carries, by the notes that stand on it."""

    DISCLOSED = "disclosed"
    UNDISCLOSED = "undisclosed"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list item or caption of a page, as the reader sees it."""

    text: str
    role: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was read. `url` is empty for text that came from a file."""

    title: str
    blocks: tuple[Block, ...]
    url: str = ""
    byline: str = ""
    published: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A passage that stands as a note.

    `where` is "title", "byline" or "block"; `block` is the index into the page's blocks (None unless `where` is
    "block"). `start` and `end` count Unicode code points in that text; `quote` is exactly `text[start:end]`.
    `confidence` is the model's calibrated probability in [0, 1].
    """

    where: str
    block: int | None
    start: int
    end: int
    quote: str
    kind: Kind
    family: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one page gave. `possible` holds notes under the badge threshold: for a person's review only."""

    verdict: Verdict
    notes: tuple[Note, ...]
    possible: tuple[Note, ...]
    model: str
    sentences: int

"""Cases: pages with what a careful person would underline on them, from files or from the generator."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.library import Library
from corpus.pages import MadePage, PageMaker, join
from telltale.documents import Document, from_text
from telltale.domain import DISCLOSURE_FAMILIES, FAMILIES, LABELS, NONE

WRITTEN = Path(__file__).resolve().parents[2] / "tests" / "cases"
VERDICTS = {
    NONE: NONE,
    "leak": "undisclosed",
    "undisclosed": "undisclosed",
    "disclosure": "disclosed",
    "disclosed": "disclosed",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One page. `label` is undisclosed, disclosed or none; `family` may be empty; `notes` are substrings of title or text."""

    id: str
    title: str
    text: str
    label: str
    family: str = ""
    lang: str = "en"
    outlet: str = ""
    notes: tuple[str, ...] = ()

    @property
    def document(self) -> Document:
        return from_text(self.text, title=self.title, lang=self.lang)


def written_cases() -> list[Case]:
    """The cases of tests/cases: whole pages, written by hand by somebody who had not read the templates."""
    return [case for path in sorted(WRITTEN.glob("*.jsonl")) for case in read_cases(path)]


def read_cases(path: Path) -> Iterator[Case]:
    """The cases of a JSONL file; raises SystemExit with one sentence at a bad line or where it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SystemExit(f"{path} cannot be read ({error}).") from None
    for number, line in enumerate(text.split("\n"), 1):  # splitlines ends lines also where JSON does not, at U+2028
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            yield _case(raw, f"{path.stem}:{number}")
        except (ValueError, KeyError, AttributeError) as error:
            raise SystemExit(
                f"{path}, line {number}, is no case ({error}); a case has id, title, text, label."
            ) from None


def _case(raw: dict[str, object], fallback: str) -> Case:
    label, family = (str(raw.get(name) or NONE) for name in ("label", "family"))
    _check(label, (*VERDICTS, *FAMILIES), "label")
    _check(family, LABELS, "family")
    if label in FAMILIES:
        family = label if family == NONE else family
        label = "disclosed" if label in DISCLOSURE_FAMILIES else "undisclosed"
    return Case(
        id=str(raw.get("id") or fallback),
        title=str(raw.get("title") or ""),
        text=str(raw["text"]),
        label=VERDICTS[label],
        family="" if family == NONE else family,
        lang=str(raw.get("lang") or "?"),
        outlet=str(raw.get("outlet") or ""),
        notes=_notes(raw),
    )


def _check(value: str, allowed: Iterable[str], what: str) -> None:
    if value not in allowed:
        raise ValueError(f"'{value}' is no {what}; allowed are {', '.join(allowed)}")


def _notes(raw: dict[str, object]) -> tuple[str, ...]:
    notes = raw.get("notes") or []
    if not isinstance(notes, list):
        raise ValueError("notes must be a list of quotes")
    for note in notes:
        if not any(str(note) in str(raw.get(where) or "") for where in ("title", "text")):
            raise ValueError(f"the note {str(note)!r} stands neither in the title nor in the text")
    return tuple(map(str, notes))


def generated(dev: bool, count: int, seed: int, recipes: Iterable[str]) -> list[Case]:
    """Cases made by the generator from the held-out templates (dev) or the trained-on ones."""
    maker = PageMaker(Library.load(dev=dev), seed, english_share=0.6)
    cases = [case_of(maker.page(recipe), f"{recipe}-{i}") for recipe in recipes for i in range(count)]
    return [c for c in cases if c.text.strip() or c.title.strip()]


def case_of(page: MadePage, name: str) -> Case:
    """A made page as a case; the family is given only where the page has exactly one."""
    title, title_spans = join(page.title)
    texts = [join(run) for run in (page.byline, *page.blocks) if run]
    spans = [(title, title_spans), *texts]
    notes = tuple(text[a:b] for text, runs in spans for a, b, label in runs if label != NONE)
    families = page.labels()
    disclosed = bool(families & set(DISCLOSURE_FAMILIES))
    label = "disclosed" if disclosed else "undisclosed" if families else NONE
    family = next(iter(families)) if len(families) == 1 else ""
    return Case(name, title, "\n".join(t for t, _ in texts), label, family, page.lang, "", notes)

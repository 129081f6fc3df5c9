"""Whole pages from templates: an article, the notes in it, what stands around them, and the label of every passage."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from telltale.domain import NONE

from .debris import soil
from .grammar import Filling, Template, expand
from .library import Library

# How often each kind of page is made. Notes are far more frequent than in the world: thresholds are calibrated later.
RECIPES = {"note": 42, "whole": 9, "bare": 12, "negative": 22, "quoted": 7, "ordinary": 8}
# Beside the root of its templates: a family with many kinds of writing needs more pages to show them all.
FAMILY_WEIGHTS = {"placeholder": 1.2, "other_leak": 1.5, "rewrite_note": 1.2, "slant_directive": 1.3}
ENGLISH_SHARE = 0.45
INLINE = {True: 0.35, False: 0.15}  # share of the lines that run together with a paragraph, labels and others
LABEL_LEADS = 0.6  # of the labels in a paragraph, how many stand before its words
JOINTS = (":", ":", ":", " –", " |", ".", "")  # between a label and what it is about
LONGEST_LABEL = 60  # letters
ENDS = ".!?。！？।…؟;"  # of a sentence
COLONS = ":："  # of a label
CLOSERS = "*_`)]}>\"'»”’」』】）"  # of what stands around either
BARE_NEGATIVES = 0.2  # share of the near-misses that stand without an article, as bare notes do
QUOTED_FAMILIES_OF_DISCLOSURE_SHARE = 0.25


@dataclass(slots=True)
class Piece:
    """A run of text with one label."""

    text: str
    label: str


@dataclass
class MadePage:
    """A generated page. `blocks[i]` are the pieces of block i, to be joined by one space."""

    lang: str
    recipe: str
    title: list[Piece] = field(default_factory=list)
    byline: list[Piece] = field(default_factory=list)
    blocks: list[list[Piece]] = field(default_factory=list)

    def labels(self) -> set[str]:
        """The families on the page."""
        return {p.label for run in (self.title, self.byline, *self.blocks) for p in run} - {NONE}


def join(pieces: list[Piece]) -> tuple[str, list[tuple[int, int, str]]]:
    """The text of a block and its labelled spans (start, end, label) in code points."""
    text, spans = "", []
    for piece in pieces:
        text += " " if text else ""
        spans.append((len(text), len(text) + len(piece.text), piece.label))
        text += piece.text
    return text, spans


def _is_label(pieces: list[Piece]) -> bool:
    """Whether a block is a few words without an end, as stand before a text."""
    text = pieces[-1].text.rstrip(CLOSERS)
    return len(pieces) == 1 and len(text) <= LONGEST_LABEL and text[-1:] not in ENDS


class PageMaker:
    """Makes pages from a library; the same seed gives the same pages."""

    def __init__(self, library: Library, seed: int, english_share: float = ENGLISH_SHARE) -> None:
        self.library = library
        self.rng = random.Random(seed)
        self.english_share = english_share
        self._recipes: dict[str, Callable[[], MadePage]] = {
            "note": self.note_page,
            "whole": self.whole_page,
            "bare": self.bare_page,
            "negative": self.negative_page,
            "quoted": self.quoted_page,
            "ordinary": self.ordinary_page,
        }

    def page(self, recipe: str | None = None) -> MadePage:
        """One page, by a recipe or by the usual mix of them."""
        recipe = recipe or self.rng.choices(list(RECIPES), list(RECIPES.values()))[0]
        page = self._recipes[recipe]()
        page.recipe = recipe
        self._rearrange(page)
        return page

    # Recipes

    def ordinary_page(self, lang: str | None = None) -> MadePage:
        """An article with the usual things around it, and no note."""
        page = self.article(lang or self._lang(self.library.articles))
        for _ in range(self.rng.choice([0, 1, 1, 2, 3])):
            self._put_negative(page, "boilerplate")
        return page

    def note_page(self, family: str | None = None) -> MadePage:
        """An article with one to three notes in it."""
        template = self._note(family, wholes=False)
        page = self.ordinary_page(template.lang)
        self._put(page, template)
        while self.rng.random() < 0.3:
            self._put(page, self._note(None, wholes=False, lang=template.lang))
        if self.rng.random() < 0.25:
            self._put_negative(page, None)
        return page

    def whole_page(self) -> MadePage:
        """A page that is nothing but its note."""
        template = self._note(None, wholes=True)
        page = self._bare(template)
        if not page.title and self.rng.random() < 0.6:
            page.title = [Piece(self.rng.choice(self.library.slots_for(template.lang)["title"]), NONE)]
        return page

    def bare_page(self) -> MadePage:
        """A note of any kind with a title at most: a short extract, a caption, a stub."""
        page = self._bare(self._note(None, wholes=False))
        if not page.title and self.rng.random() < 0.5:
            page.title = [Piece(self.rng.choice(self.library.slots_for(page.lang)["title"]), NONE)]
        return page

    def negative_page(self) -> MadePage:
        """A page whose words look like a note's and are none."""
        kind, lang = self._negative_kind()
        template = self.rng.choice(self.library.negatives[kind][lang])
        page = self._bare(template) if self.rng.random() < BARE_NEGATIVES else self.placed(template)
        for _ in range(self.rng.choice([0, 1, 1, 2])):
            self._put_negative(page, None)
        return page

    def quoted_page(self) -> MadePage:
        """A story that quotes a note: the same words as a leak's, told about by a reporter."""
        stories = self.library.negatives["quoted"]
        story = self.rng.choice(stories[self._lang(stories)])
        disclosure = self.rng.random() < QUOTED_FAMILIES_OF_DISCLOSURE_SHARE
        families = [f for f in ("written_by_ai", "ai_assisted", "ai_summary") if self._parts(f, story.lang)]
        family = self.rng.choice(families) if disclosure and families else None
        note = self._note(family, wholes=False, lang=story.lang)
        filling = self._filling(story.lang)
        texts = [expand(line.source, filling) for line in note.lines if line.label != NONE and not line.article]
        quote = soil(" ".join(texts)[:400].strip(), self.rng, 0.1)
        page = self._bare(story, filling)
        for run in [page.title, *page.blocks]:
            for piece in run:
                piece.text = piece.text.replace("<note>", quote)
        return page

    # Parts

    def _filling(self, lang: str) -> Filling:
        return Filling(self.rng, self.library.slots_for(lang))

    def _lang(self, shelves: dict[str, list[Template]]) -> str:
        langs = [lang for lang, shelf in sorted(shelves.items()) if shelf]
        others = [lang for lang in langs if lang != "en"]
        if "en" in langs and (not others or self.rng.random() < self.english_share):
            return "en"
        return self.rng.choices(others, [len(shelves[lang]) ** 0.75 for lang in others])[0]

    def _note(self, family: str | None, *, wholes: bool, lang: str | None = None) -> Template:
        for _ in range(200):
            chosen = family or self._family()
            shelves = self.library.notes[chosen]
            at = lang or self._lang(shelves)
            shelf = [t for t in shelves[at] if t.place == "whole"] if wholes else self._parts(chosen, at)
            if shelf:
                return self.rng.choice(shelf)
        raise ValueError(
            f"No template for {family or 'any family'} in {lang or 'any language'}; add one to scripts/corpus/notes."
        )

    def _parts(self, family: str, lang: str) -> list[Template]:
        """The notes that stand on a page of something else."""
        return [t for t in self.library.notes[family][lang] if t.place != "whole"]

    def _family(self) -> str:
        families = sorted(f for f, shelves in self.library.notes.items() if any(shelves.values()))
        return self.rng.choices(families, [self._weight(f) for f in families])[0]

    def _weight(self, family: str) -> float:
        return FAMILY_WEIGHTS.get(family, 1.0) * sum(map(len, self.library.notes[family].values())) ** 0.5

    def _negative_kind(self) -> tuple[str, str]:
        """Kinds by the square root of their size, so that none drowns the others."""
        shelves = [
            (k, lang, len(s)) for k, by in sorted(self.library.negatives.items()) for lang, s in sorted(by.items()) if s
        ]
        shelves = [s for s in shelves if s[0] != "quoted"]
        kind, lang, _ = self.rng.choices(shelves, [n**0.5 for *_, n in shelves])[0]
        return kind, lang

    def placed(self, template: Template) -> MadePage:
        """A template as it stands on a page: in an article, if it is no page of its own."""
        if template.place == "whole":
            return self._bare(template)
        page = self.article(template.lang)
        self._put(page, template)
        return page

    def alone(self, template: Template) -> MadePage:
        """One template, whole, and nothing around it."""
        return self._bare(template)

    def article(self, lang: str) -> MadePage:
        """Some paragraphs of an article in one piece, with its title and nothing else."""
        shelf = self.library.articles.get(lang) or self.library.articles["en"]
        page = self._bare(self.rng.choice(shelf))
        page.lang = lang
        keep = min(len(page.blocks), self.rng.choice([1, 1, 1, 1, 2, 2, 3, 4, 8]))
        start = self.rng.choice([0, 0, len(page.blocks) - keep])
        page.blocks = page.blocks[start : start + keep]
        if self.rng.random() < 0.1:
            page.title = []
        return page

    def _bare(self, template: Template, filling: Filling | None = None) -> MadePage:
        page = MadePage(template.lang, "")
        filling = filling or self._filling(template.lang)
        chance = 0.22 if template.family != NONE else 0.08
        for line in template.lines:
            if line.article:
                continue
            piece = Piece(soil(expand(line.source, filling), self.rng, chance), line.label)
            if not piece.text.strip():
                continue
            if line.role == "title":
                page.title.append(piece)
            elif line.role == "byline":
                page.byline.append(piece)
            elif line.joined and page.blocks:
                page.blocks[-1].append(piece)
            else:
                page.blocks.append([piece])
        return page

    def _put(self, page: MadePage, template: Template) -> None:
        filling = self._filling(template.lang)
        if page.title:
            filling.chosen["title"] = page.title[0].text
        made = self._bare(template, filling)
        page.title, page.byline = made.title or page.title, made.byline or page.byline
        if template.place == "wrap":
            before = next((i for i, line in enumerate(template.lines) if line.article), 0)
            cut = sum(1 for line in template.lines[:before] if line.role == "block" and not line.joined)
            page.blocks = made.blocks[:cut] + page.blocks + made.blocks[cut:]
            return
        at = self._where(template.place, len(page.blocks))
        if len(made.blocks) == 1 and page.blocks and self.rng.random() < INLINE[_is_label(made.blocks[0])]:
            self._inline(page, made.blocks[0], at)
        else:
            page.blocks[at:at] = made.blocks

    def _inline(self, page: MadePage, pieces: list[Piece], at: int) -> None:
        """Within a paragraph of the article rather than as one of its own: at its end, or before its words as a label."""
        run = page.blocks[min(at, len(page.blocks) - 1)]
        label = _is_label(pieces)
        if at and not (label and self.rng.random() < LABEL_LEADS):
            run.extend(pieces)
            return
        if label and pieces[-1].text.rstrip(CLOSERS)[-1] not in COLONS:
            pieces[-1].text += self.rng.choice(JOINTS)
        run[:0] = pieces

    def _where(self, place: str, count: int) -> int:
        middle = self.rng.randint(min(1, count), max(count - 1, min(1, count)))
        spots = {"first": 0, "last": count, "middle": middle, "edge": self.rng.choice([0, count])}
        if place in spots and self.rng.random() < 0.85:
            return spots[place]
        return self.rng.choice([0, count, count, self.rng.randint(0, count)])

    def _put_negative(self, page: MadePage, kind: str | None) -> None:
        kinds = [kind] if kind else [k for k in self.library.negatives if k != "quoted"]
        name = self.rng.choice(sorted(kinds))
        shelves = self.library.negatives[name]
        shelf = [t for t in shelves.get(page.lang) or [] if t.place != "whole"]
        if not shelf:
            shelf = [
                t
                for t in self.library.negatives["mixed"].get(page.lang) or shelves.get("en") or []
                if t.place != "whole"
            ]
        if shelf:
            title = page.title
            self._put(page, self.rng.choice(shelf))
            page.title = title or page.title

    def _rearrange(self, page: MadePage) -> None:
        """What extraction does to pages: blocks run together, everything in one line, the title said twice."""
        chance = self.rng.random()
        if chance < 0.06:
            page.blocks = [[p for run in page.blocks for p in run]]
        elif chance < 0.14 and len(page.blocks) > 1:
            at = self.rng.randrange(len(page.blocks) - 1)
            page.blocks[at : at + 2] = [page.blocks[at] + page.blocks[at + 1]]
        if page.title and self.rng.random() < 0.12:
            page.blocks.insert(0, [Piece(p.text, p.label) for p in page.title])
        if page.blocks and self.rng.random() < 0.05:
            page.title = []

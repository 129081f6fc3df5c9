"""All templates of the corpus, and the share of them that is never trained on."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from telltale.domain import FAMILIES

from .grammar import SLOTS, Template, parse_templates

ROOT = Path(__file__).resolve().parent
HELD_OUT_PERCENT = 12


def held_out(template: Template) -> bool:
    """Whether a template is kept for the dev set: by the hash of its text, so that it stays there as files grow."""
    return int(hashlib.sha256(template.source.encode()).hexdigest(), 16) % 100 < HELD_OUT_PERCENT


def corpus_digest() -> str:
    """SHA-256 of all templates and slots, in hexadecimal: a run that goes on must find them as they were."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(ROOT.glob("*/*.*.txt")))).hexdigest()


@dataclass
class Library:
    """Templates by what they are for. `notes[family][lang]`, `negatives[kind][lang]`, `articles[lang]`, `slots[lang]`."""

    notes: dict[str, dict[str, list[Template]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    negatives: dict[str, dict[str, list[Template]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    articles: dict[str, list[Template]] = field(default_factory=lambda: defaultdict(list))
    slots: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def load(cls, *, dev: bool) -> Library:
        """The trained-on share of the templates, or the held-out one. Raises ValueError on a broken file."""
        library = cls()
        for path in sorted(ROOT.glob("*/*.*.txt")):
            name, lang = path.stem.rsplit(".", 1)
            if path.parent.name == "slots":
                library.slots[lang][name] = [v for v in path.read_text(encoding="utf-8").splitlines() if v.strip()]
                continue
            for template in library._templates(path, name, lang):
                if held_out(template) == dev:
                    library._shelf(path.parent.name, name, lang).append(template)
        return library

    @staticmethod
    def _templates(path: Path, name: str, lang: str) -> list[Template]:
        family = name if path.parent.name == "notes" else "none"
        if path.parent.name == "notes" and name not in FAMILIES:
            raise ValueError(f"{path.name}: '{name}' is no family; allowed are {', '.join(FAMILIES)}.")
        return parse_templates(path.read_text(encoding="utf-8"), name=path.stem, lang=lang, family=family)

    def _shelf(self, folder: str, name: str, lang: str) -> list[Template]:
        if folder == "notes":
            return self.notes[name][lang]
        return self.negatives[name][lang] if folder == "negatives" else self.articles[lang]

    def slots_for(self, lang: str) -> dict[str, list[str]]:
        """Slot values of a language, English ones where it has none; opponents default to teams."""
        values = {**self.slots["en"], **self.slots[lang]}
        values.setdefault("opponent", values.get("team", []))
        missing = [s for s in SLOTS if not values.get(s)]
        if missing:
            raise ValueError(f"No values for the slots {', '.join(missing)}: add scripts/corpus/slots/<slot>.en.txt.")
        return values

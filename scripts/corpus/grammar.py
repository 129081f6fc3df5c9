"""The template language: alternatives, options, slots and labelled lines (see README.md beside this file)."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from functools import cache

from telltale.domain import LABELS

PLACES = ("whole", "first", "last", "middle", "any", "edge", "wrap")
SLOTS = (
    "topic title place country person surname role org company outlet tool maker vendor team opponent score venue ticker "
    "money percent n words date weekday month year time language section keyword"
).split()
_SLOT = re.compile(rf"<({'|'.join(SLOTS)})([23]?)>")
_LABEL = re.compile(rf"@({'|'.join(LABELS)})\s+")
_ROLE = re.compile(r"@(title|byline)\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a template: a label for all its sentences, a role, and whether it goes on in the block above."""

    source: str
    label: str
    role: str = "block"
    joined: bool = False
    article: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """One template. `name` says file and number, `lang` the language, `family` the label of its note ("none" if none)."""

    name: str
    lang: str
    family: str
    place: str
    lines: tuple[Line, ...]
    source: str


@dataclass
class Filling:
    """The values of the slots within one page: the same slot gets the same value each time."""

    rng: random.Random
    slots: dict[str, list[str]]
    chosen: dict[str, str] = field(default_factory=dict)

    def value(self, slot: str) -> str:
        if slot not in self.chosen:
            self.chosen[slot] = self.rng.choice(self.slots[slot.rstrip("23")])
        return self.chosen[slot]


def parse_templates(text: str, *, name: str, lang: str, family: str) -> list[Template]:
    """All templates of a file. Raises ValueError naming the file, the template and what is allowed."""
    groups = re.split(r"\n\s*\n", "\n".join(line for line in text.splitlines() if not line.startswith("//")))
    found = [g.strip("\n") for g in groups if g.strip()]
    return [_parse(source, f"{name}#{i}", lang, family) for i, source in enumerate(found, 1)]


def _parse(source: str, name: str, lang: str, family: str) -> Template:
    place, lines = "any", []
    for raw in source.splitlines():
        if re.match(r"@place\b(?!_)", raw):
            place = raw.removeprefix("@place").strip()
            if place not in PLACES:
                raise ValueError(f"{name}: '@place {place}' is unknown; allowed are {', '.join(PLACES)}.")
        elif raw.strip():
            lines.append(_line(raw.strip(), family))
    for line in lines:
        _balanced(line.source, name)
    return Template(name, lang, family, place, tuple(lines), source)


def _line(raw: str, family: str) -> Line:
    if raw == "@article":
        return Line("", "none", article=True)
    joined = raw.startswith("+ ")
    raw = raw.removeprefix("+ ").strip()
    role, label = "block", family
    if match := _ROLE.match(raw):
        role, raw = match[1], raw[match.end() :]
        label = "none" if role == "title" else family
    if match := _LABEL.match(raw):
        label, raw = match[1], raw[match.end() :]
    elif re.match(r"@[a-z_]+(\s|$)", raw):
        raise ValueError(f"'{raw[:40]}' starts with an unknown label; allowed are {', '.join(LABELS)}.")
    return Line(raw, label, role, joined)


def _balanced(source: str, name: str) -> None:
    depth, bare = 0, re.sub(r"\\.", "", source)
    if alone := re.search(r"\{[^{}|]*\}", bare):
        raise ValueError(f"{name}: '{alone[0][:80]}' leaves no choice; write a literal brace as \\{{ or \\}}.")
    for char in bare:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            break
    if depth:
        raise ValueError(f"{name}: braces do not balance in '{source[:80]}'; write a literal brace as \\{{ or \\}}.")


def expand(source: str, filling: Filling) -> str:
    """One text of a line: alternatives picked, slots filled, escapes resolved."""
    text = _pick(_tree(source), filling.rng)
    text = _SLOT.sub(lambda m: filling.value(m[1] + m[2]), text)
    text = re.sub(r"\\([{}|])", r"\1", text)
    return re.sub(r"[ \t]{2,}", " ", text).strip()


Node = str | tuple["Node", ...] | list["Node"]  # str: text; tuple: sequence; list: alternatives


@cache
def _tree(source: str) -> tuple[Node, ...]:
    stack: list[list[list[Node]]] = [[[]]]
    for token in re.findall(r"\\.|[{}|]|[^\\{}|]+|\\$", source):
        if token == "{":
            stack.append([[]])
        elif token == "}" and len(stack) > 1:
            options = [tuple(o) for o in stack.pop()]
            stack[-1][-1].append(list(options))
        elif token == "|" and len(stack) > 1:
            stack[-1].append([])
        else:
            stack[-1][-1].append(token)
    return tuple(stack[0][0])


def _pick(node: Node, rng: random.Random) -> str:
    if isinstance(node, str):
        return node
    if isinstance(node, list):
        return _pick(rng.choice(node), rng)
    return "".join(_pick(part, rng) for part in node)

"""What a reader gets right on cases: by label, family, language and outlet, with Wilson intervals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from telltale.domain import DISCLOSURES_AT, LEAKS_AT, Page
from telltale.history.wilson import wilson
from telltale.reader import Reader, sentences_of
from tqdm import tqdm

from .cases import Case

BINS = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case and what was read on it. `confidence` is the probability of a note in the strongest sentence, 0 where the sieves
    stopped all. `overlap` is the share of characters in common (of the union); None without notes and where the label is wrong."""

    case: Case
    verdict: str
    families: tuple[str, ...]
    confidence: float
    overlap: float | None
    quotes: tuple[str, ...]

    @property
    def right(self) -> bool:
        return self.verdict == self.case.label


def outcomes(reader: Reader, cases: Sequence[Case]) -> list[Outcome]:
    """Each case through the product's reading path."""
    return [_outcome(reader, case) for case in tqdm(cases, unit="page", disable=len(cases) < 50)]


def _outcome(reader: Reader, case: Case) -> Outcome:
    document = case.document
    reading = reader.read(document.page)
    notes = [document.note(n) for n in reading.notes]
    found = [(n["start"], n["end"]) for n in notes if "where" not in n]
    wanted = [(at, at + len(q)) for q in case.notes if (at := case.text.find(q)) >= 0]
    overlap = _overlap(found, wanted) if wanted and case.label == reading.verdict else None
    return Outcome(
        case,
        reading.verdict.value,
        tuple(n["family"] for n in notes),
        _strongest(reader, document.page),
        overlap,
        tuple(n["quote"] for n in notes),
    )


def _strongest(reader: Reader, page: Page) -> float:
    scores = reader.scores(page, *sentences_of(page))  # which the classifier remembers of the reading
    return max(float(scores[:, kind].sum(1).max(initial=0.0)) for kind in (LEAKS_AT, DISCLOSURES_AT))


def _overlap(found: list[tuple[int, int]], wanted: list[tuple[int, int]]) -> float:
    a = {i for start, end in found for i in range(start, end)}
    b = {i for start, end in wanted for i in range(start, end)}
    return len(a & b) / len(a | b) if a | b else 1.0


def share(k: int, n: int) -> dict[str, Any]:
    """k of n with its 95 % Wilson interval."""
    return {"k": k, "n": n, "interval": [round(x, 4) for x in wilson(k, n)]}


def figures(results: Sequence[Outcome]) -> dict[str, Any]:
    """All figures of some outcomes, ready for JSON. A page counts as found when its verdict is its label."""
    noted = [r for r in results if r.case.label != "none"]
    clean = [r for r in results if r.case.label == "none"]
    overlaps = [r.overlap for r in noted if r.overlap is not None]
    return {
        "cases": len(results),
        "recall": _by(noted, lambda r: r.case.label),
        "recall_any_note": share(sum(r.verdict != "none" for r in noted), len(noted)),
        "recall_by_family": _by([r for r in noted if r.case.family], lambda r: r.case.family),
        "recall_by_language": _by(noted, lambda r: f"{r.case.label}/{r.case.lang}"),
        "family_named": share(
            sum(r.case.family in r.families for r in noted if r.case.family), sum(bool(r.case.family) for r in noted)
        ),
        "false_badges": share(sum(r.verdict != "none" for r in clean), len(clean)),
        "false_badges_by_language": _by(clean, lambda r: r.case.lang, lambda r: r.verdict != "none"),
        "by_outlet": _by([r for r in results if r.case.outlet], lambda r: r.case.outlet),
        "span_overlap": round(sum(overlaps) / len(overlaps), 4) if overlaps else None,
        "span_overlap_pages": len(overlaps),
        "reliability": _reliability(results),
        "confusion": _confusion(results),
    }


def _by(
    results: Iterable[Outcome], key: Callable[[Outcome], str], hit: Callable[[Outcome], bool] = lambda r: r.right
) -> dict[str, Any]:
    groups: dict[str, list[bool]] = defaultdict(list)
    for result in results:
        groups[key(result)].append(hit(result))
    return {name: share(sum(hits), len(hits)) for name, hits in sorted(groups.items())}


def _reliability(results: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Of the pages whose strongest sentence has a probability in a bin: how many truly carry a note."""
    bins: dict[int, list[Outcome]] = defaultdict(list)
    for result in results:
        bins[min(BINS - 1, int(result.confidence * BINS))].append(result)
    return [
        {
            "confidence": round(sum(r.confidence for r in rs) / len(rs), 4),
            **share(sum(r.case.label != "none" for r in rs), len(rs)),
        }
        for _, rs in sorted(bins.items())
    ]


def _confusion(results: Sequence[Outcome]) -> dict[str, dict[str, int]]:
    """Rows: the case's label and family; columns: the family read first, or none."""
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for result in results:
        table[result.case.family or result.case.label][result.families[0] if result.families else "none"] += 1
    return {row: dict(columns.most_common()) for row, columns in sorted(table.items())}

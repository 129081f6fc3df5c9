"""Whether two notes have nearly the same words. Pure: MinHash finds whom to compare, the words themselves decide."""

from __future__ import annotations

import re
from hashlib import blake2b

from rensa import RMinHash

LIKE = 0.7  # of all pieces of both texts, so many are in both: a name or a place may differ, not the sentence
_PIECE = 5  # characters
_BANDS, _ROWS = 16, 4  # two texts of likeness 0.7 share a band in 99 of 100 cases, two of 0.3 in 12
_LONGEST = 2_000  # characters that are looked at; a whole page may be one note
_NO_WORD = re.compile(r"\W+")


def pieces(text: str) -> frozenset[str]:
    """The overlapping pieces of a text, whatever its case, punctuation and spacing; a short text is one piece."""
    plain = _NO_WORD.sub(" ", text.casefold()).strip()[:_LONGEST]
    return frozenset(plain[i : i + _PIECE] for i in range(max(1, len(plain) - _PIECE + 1)))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard's index: the share of all pieces that both have, 1 for the same words."""
    return len(one & other) / len(one | other)


def bands(found: frozenset[str]) -> list[int]:
    """Numbers of which texts that are alike very likely have one in common. The same in every process and on every
    machine: they are kept."""
    signature = RMinHash(num_perm=_BANDS * _ROWS, seed=1)
    signature.update(sorted(found))
    digest = signature.digest()
    return [_number(i, digest[i * _ROWS : (i + 1) * _ROWS]) for i in range(_BANDS)]


def _number(band: int, rows: list[int]) -> int:
    """62 bits, which SQLite's integers hold."""
    raw = b"".join(value.to_bytes(8, "little") for value in (band, *rows))
    return int.from_bytes(blake2b(raw, digest_size=8).digest()) >> 2

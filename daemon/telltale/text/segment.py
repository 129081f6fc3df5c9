"""Blocks into sentences with exact offsets, in one pass over the text (linear time, no backtracking).

Offsets are Unicode code points into the text as given: `text[start:end]` is the sentence without the white space around
it. Sentences never overlap and together hold every character that is not white space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .abbreviations import BEFORE_NUMBER, MAY_BE_LAST, MONTHS, NEVER_LAST, STARTERS

# A longer run without an end is cut at white space or behind a comma: a keyword list or a page without punctuation must not
# become one unit that the classifier can only see the ends of. Chinese, Japanese and Korean say as much in a quarter of the letters.
LONGEST_SENTENCE, LONGEST_DENSE = 600, 150
_DENSE = "\u2e80"  # the first of their letters

_CLOSERS = "\"'”’»›)\\]*_`」』"
# Possessive and without look-ahead: a look-ahead would re-scan a long run of stops from each of its characters.
_END = re.compile(rf"\n++|[.!?…؟।。！？\u037e]++[{_CLOSERS}]*+(?:\[\d{{1,3}}\])*+|;[{_CLOSERS}]*+")
_GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")  # behind these ";" asks; elsewhere it ends nothing
_WORD_BEFORE = re.compile(r"[\w.'’-]*$")
_ENUMERATOR = re.compile(r"[\s*_#>(\[-]*(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})$")
_OPENERS = " \t\u00a0\"'“‘«‹(*_[„"
_WORD_REACH = 40  # no abbreviation is longer


def segment(text: str) -> list[tuple[int, int]]:
    """The sentences of a text as (start, end) pairs in code points, in order."""
    return [piece for start, end in _ends(text) for piece in _bounded(text, start, end)]


def _ends(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _END.finditer(text):
        if _breaks(text, start, match):
            yield start, match.end()
            start = match.end()
    yield start, len(text)


def _breaks(text: str, start: int, match: re.Match[str]) -> bool:
    mark = match.group()
    if mark[0] in "\n。！？":
        return True
    if mark[0] == ";" and not _GREEK.match(_letter_before(text, start, match.start())):
        return False
    if match.end() < len(text) and not text[match.end()].isspace():
        return False
    following = text[match.end() : match.end() + _WORD_REACH].lstrip(_OPENERS)
    if following[:1].islower():
        return False
    return mark[0] != "." or mark.startswith("..") or _full_stop_breaks(text, start, match.start(), following)


def _letter_before(text: str, start: int, stop: int) -> str:
    """The last letter, whatever quotes or digits stand behind it; "" where none is near."""
    return next(filter(str.isalpha, reversed(text[max(start, stop - _WORD_REACH) : stop])), "")


def _full_stop_breaks(text: str, start: int, stop: int, following: str) -> bool:
    before = text[max(start, stop - _WORD_REACH) : stop]
    word = _WORD_BEFORE.search(before).group()  # type: ignore[union-attr]  # matches the empty string too
    first = re.split(r"[^\w]", following, maxsplit=1)[0]
    if stop - start <= 8 and _ENUMERATOR.fullmatch(text, start, stop):
        return False
    if word.isdigit():
        return not (len(word) <= 2 and first.lower() in MONTHS)
    if len(word) == 1 and word.isalpha():
        return first in STARTERS
    if word.lower() in BEFORE_NUMBER:
        return not first[:1].isdigit()
    if word.lower() in MAY_BE_LAST:
        return first in STARTERS or (word.islower() and first[:1].isupper())
    return word.lower() not in NEVER_LAST


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > (longest := _longest(text, start)):
        last = max(text.rfind(mark, start + longest // 2, start + longest) for mark in " ，、；")
        cut = last + 1 or start + longest
        yield from _stripped(text, start, cut)
        start = cut
    yield from _stripped(text, start, end)


def _longest(text: str, start: int) -> int:
    letters = text[start : start + LONGEST_DENSE]
    return LONGEST_DENSE if 2 * sum(letter >= _DENSE for letter in letters) > len(letters) else LONGEST_SENTENCE


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end

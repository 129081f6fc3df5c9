"""Sentences into packed windows, so that each one is read among its neighbours.

A window is `[CLS] title [SEP] s1 [CLS] s2 [SEP] s3 …`: the page's title at its head (a story *about* a leak says so there),
then consecutive sentences, each behind a marker. The marker is [CLS] where a block begins and [SEP] where it goes on.
The last sentences of a window are repeated, unscored, at the head of the next, so that none is read without a past.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress

SPECIALS = ("<pad>", "<s>", "</s>", "<unk>")  # the first pieces of the vocabulary
PAD, CLS, SEP = SPECIALS.index("<pad>"), SPECIALS.index("<s>"), SPECIALS.index("</s>")


@dataclass(frozen=True, slots=True)
class Packing:
    """Sizes in tokens. `sentence` bounds one sentence (its head and tail are kept; in the languages of the training none of
    `segment` is longer), `head` the title's copy, `overlap` the past that is read again."""

    window: int = 320
    sentence: int = 256
    head: int = 28
    overlap: int = 24


@dataclass(slots=True)
class Window:
    """Token ids of one window; `markers[i]` is the position of the marker of sentence `sentences[i]`, whose tokens end
    before `ends[i]`. The title ends before `title`; between it and the first marker stand the sentences read again.

    `rests[i]` says that a sieve stopped the sentence: it stands by for those near it that are read on, as the title and the
    sentences read again do behind the first stage. None rests in a window as it was packed.
    """

    ids: list[int] = field(default_factory=list)
    markers: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    title: int = 0
    rests: list[bool] = field(default_factory=list)

    @property
    def read(self) -> list[int]:
        """Those of `sentences` that are read on."""
        return [s for s, rests in zip(self.sentences, self.rests, strict=True) if not rests]


def clip(tokens: Sequence[int], limit: int) -> list[int]:
    """At most `limit` tokens: two thirds from the head, one third from the tail."""
    if len(tokens) <= limit:
        return list(tokens)
    tail = limit // 3
    return [*tokens[: limit - tail], *tokens[-tail:]]


def pack(
    sentences: Sequence[Sequence[int]], opens: Sequence[bool], title: Sequence[int], sizes: Packing
) -> list[Window]:
    """Windows in which every sentence is scored exactly once.

    `sentences[i]` are token ids without markers, `opens[i]` says whether sentence i begins a block.
    """
    units = [
        [CLS if begins else SEP, *clip(tokens, sizes.sentence)] for tokens, begins in zip(sentences, opens, strict=True)
    ]
    head = [CLS, *clip(title, sizes.head)] if title else []
    windows: list[Window] = []
    at = 0
    while at < len(units):
        window = Window(ids=list(head), title=len(head))
        for index in range(_past(units, at, sizes.overlap), at):
            window.ids += units[index]
        while at < len(units) and (not window.sentences or len(window.ids) + len(units[at]) <= sizes.window):
            window.markers.append(len(window.ids))
            window.ids += units[at]
            window.ends.append(len(window.ids))
            window.sentences.append(at)
            window.rests.append(False)
            at += 1
        windows.append(window)
    return windows


def passing(windows: Sequence[Window], passes: Sequence[bool], distance: int) -> tuple[list[Window], list[int]]:
    """The windows narrowed to which of the sentences read in them pass, without those in which none does; and where their
    tokens stood, all windows one behind the other."""
    parts: list[Window] = []
    places: list[int] = []
    told = iter(passes)
    at = 0
    for window in windows:
        own = [not rests and next(told) for rests in window.rests]
        if any(own):
            part, inside = narrowed(window, own, distance)
            parts.append(part)
            places += [at + i for i in inside]
        at += len(window.ids)
    return parts, places


def narrowed(window: Window, passes: Sequence[bool], distance: int) -> tuple[Window, list[int]]:
    """The window with only the sentences at most `distance` from one that passes, and where its tokens stood in the whole one.

    Those that do not pass rest. The title stays too, and the sentences read again if the first of the window's own does.
    """
    kept = near(passes, distance)
    places = list(range(window.markers[0] if kept[0] else window.title))
    part = Window(title=window.title)
    for at in compress(range(len(kept)), kept):
        part.markers.append(len(places))
        places += range(window.markers[at], window.ends[at])
        part.ends.append(len(places))
        part.sentences.append(window.sentences[at])
        part.rests.append(not passes[at])
    part.ids = [window.ids[at] for at in places]
    return part, places


def near(wanted: Sequence[bool], distance: int) -> list[bool]:
    """Which sentences lie at most `distance` from a wanted one."""
    return [any(wanted[max(0, at - distance) : at + distance + 1]) for at in range(len(wanted))]


def _past(units: Sequence[Sequence[int]], at: int, overlap: int) -> int:
    first, room = at, overlap
    while first > 0 and len(units[first - 1]) <= room:
        first -= 1
        room -= len(units[first])
    return first

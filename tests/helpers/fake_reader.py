"""A reader that knows two sentences, for processes that must be able to import it."""

from __future__ import annotations

import os
import signal
import time

from telltale.domain import Kind, Note, Reading
from telltale.judge import verdict_of

KNOWN = {"Here is the rewritten article.": "preamble", "This article was written by AI.": "written_by_ai"}
LEAK = "Here is the rewritten article."
SECONDS = 0.02  # what a slow reader takes for a page
DEADLY = "This page ends the process that reads it."


class FakeReader:
    model = "fake-1"

    def read(self, page):
        if any(DEADLY in block.text for block in page.blocks):
            os.kill(os.getpid(), signal.SIGKILL)
        kinds = {"preamble": Kind.LEAK, "written_by_ai": Kind.DISCLOSURE}
        notes = tuple(
            Note("block", i, b.text.index(s), b.text.index(s) + len(s), s, kinds[f], f, 0.9)
            for i, b in enumerate(page.blocks)
            for s, f in KNOWN.items()
            if s in b.text
        )
        return Reading(verdict_of(notes), notes, (), self.model, len(page.blocks))


class SlowReader(FakeReader):
    """Takes its time, and names the process that it is in."""

    model = f"fake-{os.getpid()}"

    def read(self, page):
        time.sleep(SECONDS)
        return super().read(page)


def load_slow(folder, precision, device):
    return SlowReader()


def load(folder, precision, device):
    return FakeReader()

"""The largest page that is let in, with as much memory as there is, and with too little."""

from __future__ import annotations

import sys
import time

from .daemon import Daemon
from .pages import NOTE, page
from .plan import Outcome, Plan, Skipped, outcome

MOST_MB = 400  # that reading the largest page may take; the model itself takes about as much
ROOM_MB = 48  # above what the daemon has, where memory is short
_BODY = 4_900_000  # bytes of text, just under the limit of the body

# The stand-in takes memory for every character, as a model does for every piece of a word.
_GREEDY = """
plain = Reader.steps
def steps(self, page):
    taken = bytearray(50 * sum(len(b.text) for b in page.blocks))
    yield from plain(self, page)
Reader.steps = steps
"""


def huge_page(plan: Plan) -> Outcome:
    """A page of notes alone, which a hostile page could make; then the next ordinary one."""
    blocks = plan.either(400, 5000)  # the extension sends 400,000 characters at most
    text = NOTE + " " + "I cannot help with that. " * (_BODY // 5000 // 25)
    body = {**page(1), "blocks": [{"text": f"{i} {text}"[: _BODY // 5000]} for i in range(blocks)]}
    with Daemon(plan.folder / "data", plan.models) as daemon:
        daemon.pair().ready().send(page(0))
        rest, begun = daemon.memory(), time.monotonic()
        status, _, answer = daemon.send(body, patience=600)
        took, grown = time.monotonic() - begun, daemon.memory("VmHWM") - rest
        after = daemon.send(page(2))[0]
    return outcome(
        f"a page of {sum(len(b['text']) for b in body['blocks']) / 1e6:.1f} MB, all notes: {status} with "
        f"{len(answer.get('notes', ())):,} notes after {took:.1f} s; memory {rest:.0f} MB, at most {grown:.0f} more",
        it_is_answered=status == 200,
        memory_bounded=grown < MOST_MB,
        the_next_page_is_read=after == 200,
    )


def too_little(plan: Plan) -> Outcome:
    """The same with no memory left for it: the page is refused, the daemon lives. With the stand-in, whose need is known."""
    if sys.platform != "linux":
        raise Skipped("only Linux lets another process's memory be bounded")
    import resource

    body = {**page(1), "blocks": [{"text": f"{i} {NOTE}" * 50} for i in range(2000)]}
    with Daemon(plan.folder / "data", after=_GREEDY) as daemon:
        daemon.pair().ready().send(page(0))
        room = int((daemon.memory("VmSize") + ROOM_MB) * 1024 * 1024)
        resource.prlimit(daemon.process.pid, resource.RLIMIT_AS, (room, resource.RLIM_INFINITY))
        status, headers, answer = daemon.send(body)
        after = daemon.send(page(2))[0]
        resource.prlimit(daemon.process.pid, resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        again = daemon.send(body)[0]
    return outcome(
        f"with {ROOM_MB} MB left: {status} “{answer.get('detail', '')}”, the next page {after}; with memory again {again}",
        refused_with_a_sentence=status == 503 and answer["type"].endswith(":no-memory") and "Retry-After" in headers,
        the_next_page_is_read=after == 200,
        the_page_is_read_with_memory=again == 200,
    )

"""A model that is missing, altered or torn: the daemon does not run with it, and says why."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from telltale.classifier.pack import Packing
from telltale.classifier.sizes import SIEVES, EncoderSizes
from telltale.classifier.weights import CARD, TOKENIZER, WEIGHTS, ModelCard, Thresholds, digest, write_card

from .daemon import one_sentence, tell
from .plan import Outcome, Plan, outcome


def altered(plan: Plan) -> Outcome:
    """Start with a copy of the model, or of a folder like one, to which something was done."""
    said: list[str] = []
    good, seen = True, True
    spoils = dict(list(_SPOILS.items())[: plan.either(1, len(_SPOILS))])
    for name, spoil in spoils.items():
        folder = plan.folder / name.replace(" ", "-")
        _copy(plan.models, folder)
        spoil(folder)
        given = ["--data", str(plan.folder / "data"), "--models", str(folder)]
        told = tell("run", "--port", "0", *given)
        last = told.stderr.splitlines(keepends=True)[-1]  # behind the line that says where it listens
        good &= told.returncode == 1 and one_sentence(last) and str(folder) in last
        seen &= bool(
            re.search(rf"^wrong +model .*{re.escape(str(folder))}", tell("doctor", *given).stdout, re.MULTILINE)
        )
        said.append(name)
        shutil.rmtree(folder)
    return outcome(
        f"{', '.join(said)}: {len(said)} of {len(spoils)} refused, each with one sentence that names the file",
        each_is_one_sentence=good,
        doctor_sees_each=seen,
    )


def _copy(models: Path | None, folder: Path) -> None:
    """The real model; where there is none, a folder whose card fits its files."""
    if models:
        shutil.copytree(models, folder)
        return
    folder.mkdir()
    for name in (WEIGHTS, TOKENIZER):
        (folder / name).write_bytes(bytes(range(256)) * 1000)
    sizes = EncoderSizes(80, 64, 2, 4, 96, 40, 1e-12)
    files, sieves = {name: digest(folder / name) for name in (WEIGHTS, TOKENIZER)}, (0.0,) * len(SIEVES)
    write_card(folder, ModelCard("stand-in", sizes, Packing(), 1.0, sieves, Thresholds(0.9, 0.9, 0.5, 0.3), files, {}))


def _flip(folder: Path) -> None:
    """One bit in the middle."""
    raw = bytearray((folder / WEIGHTS).read_bytes())
    raw[len(raw) // 2] ^= 1
    (folder / WEIGHTS).write_bytes(raw)


def _tear(folder: Path) -> None:
    raw = (folder / WEIGHTS).read_bytes()
    (folder / WEIGHTS).write_bytes(raw[: len(raw) // 2])


_SPOILS: dict[str, Callable[[Path], None]] = {
    "one bit flipped": _flip,
    "weights missing": lambda folder: (folder / WEIGHTS).unlink(),
    "half of the weights": _tear,
    "card missing": lambda folder: (folder / CARD).unlink(),
    "card torn": lambda folder: (folder / CARD).write_text((folder / CARD).read_text()[:40]),
}

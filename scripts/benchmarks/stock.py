"""What Telltale is measured against: transformers' own text-classification pipeline, on an encoder of the same sizes.

Its weights are random: the time is that of trained ones, its verdicts mean nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from sentencepiece import SentencePieceProcessor
from telltale.classifier.pack import SPECIALS
from telltale.classifier.weights import TOKENIZER, read_card
from telltale.domain import LABELS
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import Unigram
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast, pipeline

BATCH = 8
Pipeline = Callable[..., object]


def stock_pipeline(models: Path) -> Pipeline:
    """The pipeline with the sizes and the tokenizer of a model folder."""
    sizes = read_card(models).encoder
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=sizes.vocab_size,
        hidden_size=sizes.hidden_size,
        num_hidden_layers=sizes.num_hidden_layers,
        num_attention_heads=sizes.num_attention_heads,
        intermediate_size=sizes.intermediate_size,
        max_position_embeddings=sizes.max_position_embeddings,
        layer_norm_eps=sizes.layer_norm_eps,
        num_labels=len(LABELS),
    )
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer_of((models / TOKENIZER).read_bytes()),
        pad_token=SPECIALS[0],
        cls_token=SPECIALS[1],
        sep_token=SPECIALS[2],
        unk_token=SPECIALS[3],
    )
    network = BertForSequenceClassification(config).eval()
    made: Pipeline = pipeline("text-classification", model=network, tokenizer=tokenizer, device="cpu")
    return made


def tokenizer_of(model: bytes) -> Tokenizer:
    """The kind of tokenizer that transformers uses, with the vocabulary of a serialised model of SentencePiece."""
    known = SentencePieceProcessor(model_proto=model)
    vocabulary = [(known.id_to_piece(i), known.get_score(i)) for i in range(len(known))]
    made = Tokenizer(Unigram(vocabulary, unk_id=known.unk_id()))
    made.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    return made


def one_at_a_time(pipe: Pipeline, sentences: Sequence[str]) -> None:
    """Each sentence by itself."""
    for sentence in sentences:
        pipe(sentence, truncation=True)


def in_batches(pipe: Pipeline, sentences: Sequence[str]) -> None:
    """All sentences of the page, in batches."""
    pipe(list(sentences), batch_size=BATCH, truncation=True)

"""What Telltale is measured against: transformers' own text-classification pipeline, on an encoder of the same sizes with the six
layers of the usual small model (all-MiniLM-L6-v2); Telltale's own may have more.

Its weights are random: the time is that of trained ones, its verdicts mean nothing. It runs in a process of its own, with torch's
threads and memory as they come: what Telltale sets for itself would help it or hinder it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import torch  # before Telltale, which sets how torch's threads wait
from sentencepiece import SentencePieceProcessor
from telltale.classifier.pack import SPECIALS
from telltale.classifier.weights import TOKENIZER, read_card
from telltale.domain import LABELS
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import Unigram
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast, pipeline

BATCH = 8
LAYERS = 6
OURS = ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT")  # of the environment
Pipeline = Callable[..., object]


class Stock:
    """The pipeline in a child process; `threads` are torch's own choice if not told."""

    def __init__(self, models: Path, threads: int = 0) -> None:
        told = [sys.executable, "-m", "benchmarks.stock", str(models.resolve()), str(threads)]
        environment = {name: value for name, value in os.environ.items() if name not in OURS}
        paths = [str(Path(__file__).parents[1]), *sys.path]
        environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
        self._child = subprocess.Popen(
            told, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def one_at_a_time(self, sentences: Sequence[str]) -> None:
        """Each sentence by itself."""
        self._ask("one_at_a_time", sentences)

    def in_batches(self, sentences: Sequence[str]) -> None:
        """All sentences of a page, in batches."""
        self._ask("in_batches", sentences)

    def close(self) -> None:
        """End the child."""
        self._child.communicate()

    def _ask(self, way: str, sentences: Sequence[str]) -> None:
        assert self._child.stdin and self._child.stdout
        self._child.stdin.write(json.dumps([way, list(sentences)]) + "\n")
        if not self._child.stdout.readline():
            raise ChildProcessError("The process of the stock pipeline ended; its words are above.")


def stock_pipeline(models: Path) -> Pipeline:
    """The pipeline with the sizes and the tokenizer of a model folder."""
    sizes = read_card(models).encoder
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=sizes.vocab_size,
        hidden_size=sizes.hidden_size,
        num_hidden_layers=LAYERS,
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


def serve(models: Path, threads: int) -> None:
    """Do as each line of standard input says, and answer with a line when it is done."""
    if threads:
        torch.set_num_threads(threads)
    pipe, ways = stock_pipeline(models), {"one_at_a_time": one_at_a_time, "in_batches": in_batches}
    with torch.inference_mode():
        for line in sys.stdin:
            way, sentences = json.loads(line)
            ways[way](pipe, sentences)
            print(flush=True)


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))

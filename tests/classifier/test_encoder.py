"""Our encoder gives what transformers' BertModel gives, window by window, whatever stands beside it in the batch."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from telltale.classifier.encoder import SIEVES, Encoder
from telltale.classifier.model import STRETCH, STRETCHED, SentenceTagger, collate
from telltale.classifier.pack import Window
from telltale.classifier.score import BATCH_TOKENS, STEP
from telltale.classifier.sizes import EncoderSizes
from telltale.classifier.words import WordTable
from transformers import BertConfig, BertModel

SIZES = EncoderSizes(
    vocab_size=80,
    hidden_size=64,
    num_hidden_layers=6,
    num_attention_heads=4,
    intermediate_size=96,
    max_position_embeddings=160,
    layer_norm_eps=1e-12,
)


def random_table() -> WordTable:
    table = WordTable(SIZES.vocab_size, SIZES.hidden_size)
    table.halves.random_(0, 256)
    table.scales.uniform_(0.001, 0.02)
    return table


def twins() -> tuple[Encoder, BertModel]:
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=SIZES.vocab_size,
        hidden_size=SIZES.hidden_size,
        num_hidden_layers=SIZES.num_hidden_layers,
        num_attention_heads=SIZES.num_attention_heads,
        intermediate_size=SIZES.intermediate_size,
        max_position_embeddings=SIZES.max_position_embeddings,
    )
    theirs, ours = BertModel(config, add_pooling_layer=False).eval(), Encoder(SIZES).eval()
    ours.words = random_table()
    theirs.embeddings.word_embeddings.weight.data = ours.words(torch.arange(SIZES.vocab_size)).float()
    ours.positions.weight.data = (
        theirs.embeddings.position_embeddings.weight + theirs.embeddings.token_type_embeddings.weight[0]
    ).data
    ours.norm.load_state_dict(theirs.embeddings.LayerNorm.state_dict())
    for mine, layer in zip(ours.layers, theirs.encoder.layer, strict=True):
        parts = layer.attention.self
        for kind in ("weight", "bias"):
            getattr(mine.qkv, kind).data = torch.cat(
                [getattr(p, kind).data for p in (parts.query, parts.key, parts.value)]
            )
        mine.out.load_state_dict(layer.attention.output.dense.state_dict())
        mine.norm.load_state_dict(layer.attention.output.LayerNorm.state_dict())
        mine.up.load_state_dict(layer.intermediate.dense.state_dict())
        mine.down.load_state_dict(layer.output.dense.state_dict())
        mine.last_norm.load_state_dict(layer.output.LayerNorm.state_dict())
    return ours, theirs


@torch.inference_mode()
def test_the_encoder_gives_what_transformers_gives() -> None:
    ours, theirs = twins()
    windows = [torch.randint(0, SIZES.vocab_size, (n,)) for n in (7, 33, 1, 18)]
    lengths = [len(w) for w in windows]
    states = ours.start(torch.cat(windows), lengths)
    for stage in range(len(SIEVES) + 1):
        states = ours.go_on(stage, states, lengths)
    hidden = states.split(lengths)
    for window, mine in zip(windows, hidden, strict=True):
        wanted = theirs(input_ids=window.unsqueeze(0)).last_hidden_state[0]
        assert torch.allclose(mine, wanted, atol=1e-5)


def test_a_word_is_unpacked_as_its_block_says() -> None:
    table = WordTable(1, 32)
    table.halves[0, 0] = torch.tensor([0x10 * j + (15 - j) for j in range(16)], dtype=torch.uint8)
    table.scales[0, 0] = 0.5
    expected = [(15 - j - 8) * 0.5 for j in range(16)] + [(j - 8) * 0.5 for j in range(16)]
    assert table(torch.tensor([0]))[0].tolist() == expected


@torch.inference_mode()
def test_what_fills_a_batch_up_changes_no_sentence() -> None:
    torch.manual_seed(2)
    tagger = SentenceTagger(SIZES, 5).eval()
    tagger.encoder.words = random_table()
    windows = [Window([1, 7, 9, 2, 30], [0, 3], [3, 5], [0, 1]), Window([1, 8, 8], [0], [3], [2])]
    filled = collate(windows, 16)
    assert filled.lengths == [5, 3, 8]
    assert torch.allclose(tagger(filled), tagger(collate(windows)), atol=1e-6)


@given(st.lists(st.integers(1, 113), min_size=1, max_size=12), st.integers(0, 53))
def test_a_stretch_has_as_many_whole_sentences_as_it_holds(lengths: list[int], head: int) -> None:
    starts = [head + sum(lengths[:i]) for i in range(len(lengths) + 1)]
    window = Window([1] * starts[-1], starts[:-1], starts[1:], list(range(len(lengths))))
    stretches = collate([window]).stretches
    ends = [sum(stretches[: i + 1]) for i in range(len(stretches))]
    assert ends[-1] == len(window.ids) and {*ends[:-1]} <= {*starts}
    assert max(stretches) <= STRETCH
    assert all(
        end + lengths[starts.index(end)] - (end - size) > STRETCH
        for end, size in zip(ends[:-1], stretches[:-1], strict=True)
    )


@pytest.mark.parametrize("stage", range(len(SIEVES) + 1))
@torch.inference_mode()
def test_the_first_stages_see_a_stretch_and_no_more(stage: int) -> None:
    torch.manual_seed(4)
    tagger = SentenceTagger(SIZES, 5).eval()
    batch = collate([Window([1] * 150, [0, 100], [100, 150], [0, 1])])
    states = torch.randn(150, SIZES.hidden_size)
    other = torch.cat([states[:100], states[100:] + 1])
    before, after = (tagger.go_on(stage, given, batch) for given in (states, other))
    assert batch.stretches == [100, 50]
    assert torch.equal(before[:100], after[:100]) == (stage < STRETCHED)
    assert not torch.allclose(before[100:], after[100:])


def test_a_product_meets_few_sizes_for_each_takes_memory_for_good() -> None:
    sizes = {len(collate([Window([1] * n, [0], [n], [0])], STEP).ids) for n in range(1, BATCH_TOKENS + 1)}
    assert len(sizes) <= 8

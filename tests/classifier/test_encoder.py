"""Our encoder gives what transformers' BertModel gives, window by window, whatever stands beside it in the batch."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from telltale.classifier.encoder import SIEVES, Encoder, Parts
from telltale.classifier.model import STRETCHES, SentenceTagger, collate
from telltale.classifier.pack import Window, narrowed
from telltale.classifier.sizes import EncoderSizes
from telltale.classifier.words import WordTable
from transformers import BertConfig, BertModel

SIZES = EncoderSizes(
    vocab_size=80,
    hidden_size=64,
    num_hidden_layers=8,
    num_attention_heads=4,
    intermediate_size=96,
    max_position_embeddings=200,
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
            getattr(mine.query, kind).data = getattr(parts.query, kind).data
            getattr(mine.seen, kind).data = torch.cat([getattr(p, kind).data for p in (parts.key, parts.value)])
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
        states = ours.go_on(stage, states, Parts(lengths, lengths))
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


def window(size: int, *cuts: int) -> Window:
    """A window of `size` tokens without a title whose sentences begin at 0 and at the cuts."""
    starts = [0, *cuts]
    ids = torch.randint(4, SIZES.vocab_size, (size,)).tolist()
    return Window(ids, starts, [*cuts, size], list(range(len(starts))), rests=[False] * len(starts))


def tagger() -> SentenceTagger:
    torch.manual_seed(2)
    made = SentenceTagger(SIZES, 5).eval()
    made.encoder.words = random_table()
    return made


@pytest.mark.parametrize("stage", range(1, len(SIEVES) + 1))
@torch.inference_mode()
def test_what_rests_keeps_its_states_and_is_seen_by_the_rest(stage: int) -> None:
    network = tagger()
    part, _ = narrowed(window(60, 10, 20, 35, 50), [False, True, False, False, True], 1)
    batch = collate([part])
    states = torch.randn(60, SIZES.hidden_size)
    found = network.go_on(stage, states, batch)
    awake = torch.tensor([10 <= at < 20 or at >= 50 for at in range(60)])
    wanted = states
    for layer in network.encoder.layers[SIEVES[stage - 1] : (*SIEVES, 8)[stage]]:
        wanted = torch.where(awake.unsqueeze(1), layer(wanted, Parts([60], [60]), None), wanted)
    assert batch.awake is not None and batch.awake.tolist() == awake.nonzero()[:, 0].tolist()
    assert torch.equal(found[~awake], states[~awake])
    assert torch.allclose(found, wanted, atol=1e-5)


@torch.inference_mode()
def test_a_window_comes_to_the_same_beside_any_other() -> None:
    network = tagger()
    parts = [narrowed(window(n, 9, 16), [True, False, n > 30], 1)[0] for n in (30, 40, 22)]
    states = [torch.randn(len(part.ids), SIZES.hidden_size) for part in parts]
    together = network.go_on(1, torch.cat(states), collate(parts)).split([len(x) for x in states])
    for part, given_states, found in zip(parts, states, together, strict=True):
        assert torch.allclose(network.go_on(1, given_states, collate([part])), found, atol=1e-6)


@given(st.lists(st.integers(1, 113), min_size=1, max_size=12), st.integers(0, 53), st.integers(0, len(STRETCHES) - 1))
def test_a_stretch_has_as_many_whole_sentences_as_it_holds(lengths: list[int], head: int, stage: int) -> None:
    starts = [head + sum(lengths[:i]) for i in range(len(lengths) + 1)]
    sentences = list(range(len(lengths)))
    packed = Window([1] * starts[-1], starts[:-1], starts[1:], sentences, rests=[False for _ in sentences])
    stretches, most = collate([packed]).stretches[stage].lengths, STRETCHES[stage]
    ends = [sum(stretches[: i + 1]) for i in range(len(stretches))]
    assert ends[-1] == len(packed.ids) and {*ends[:-1]} <= {*starts}
    assert max(stretches) <= max(most, *lengths, head)
    assert all(
        end + lengths[starts.index(end)] - (end - size) > most
        for end, size in zip(ends[:-1], stretches[:-1], strict=True)
    )


@pytest.mark.parametrize("stage", range(len(SIEVES) + 1))
@torch.inference_mode()
def test_the_first_stages_see_a_stretch_and_no_more(stage: int) -> None:
    network = tagger()
    batch = collate([window(190, 50, 70, 120)])
    states = torch.randn(190, SIZES.hidden_size)
    other = torch.cat([states[:120], states[120:] + 1])
    before, after = (network.go_on(stage, given, batch) for given in (states, other))
    assert [parts.lengths for parts in batch.stretches] == [[50, 20, 50, 70], [120, 70]]
    assert torch.equal(before[:120], after[:120]) == (stage < len(STRETCHES))
    assert not torch.allclose(before[120:], after[120:])

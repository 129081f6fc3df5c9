"""Products by 8-bit integers: what they round, what they may not depend on, and where they are not used."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from telltale.classifier import precision, product
from telltale.classifier.cascade import BATCH_TOKENS
from telltale.classifier.product import STEP, IntegerProduct, Product, has_integers, in_precision, on_grid, scales

needs_integers = pytest.mark.skipif(not has_integers(), reason="torch multiplies no 8-bit integers here")


def product_of(seed: int, inputs: int = 48, outputs: int = 32) -> Product:
    torch.manual_seed(seed)
    made = Product(inputs, outputs)
    made.weight.data = on_grid(made.weight.data)
    return made.eval()


@needs_integers
@given(st.integers(0, 10_000), st.integers(1, 40), st.floats(1e-3, 1e3))
@settings(max_examples=40, deadline=None)
@torch.inference_mode()
def test_integers_give_the_product_within_the_steps_of_the_states(seed: int, rows: int, reach: float) -> None:
    exact = product_of(seed)
    states = torch.randn(rows, exact.in_features) * reach
    half_a_step = states.abs().amax(1, keepdim=True) / product.REACH / 2
    most = half_a_step * exact.weight.abs().sum(1) * 1.001 + 1e-4 * reach
    assert bool(((IntegerProduct(exact)(states) - exact(states)).abs() <= most).all())


@needs_integers
@torch.inference_mode()
def test_a_token_comes_to_the_same_beside_any_other() -> None:
    whole, states = IntegerProduct(product_of(1)), torch.randn(9, 48)
    beside = torch.cat([states[:4], torch.full((1, 48), 1e4), states[4:]])
    assert torch.equal(whole(states), torch.cat([whole(beside)[:4], whole(beside)[5:]]))


@needs_integers
@pytest.mark.parametrize("sign", [1, -1])
@torch.inference_mode()
def test_the_greatest_sums_do_not_overflow(sign: int) -> None:
    exact = Product(1536, 8)
    exact.weight.data.fill_(float(sign))
    exact.bias.data.zero_()
    assert torch.allclose(IntegerProduct(exact)(torch.ones(3, 1536)), torch.tensor(1536.0 * sign))


@needs_integers
@torch.inference_mode()
def test_states_of_nothing_give_the_bias() -> None:
    exact = product_of(2)
    assert torch.allclose(IntegerProduct(exact)(torch.zeros(2, 48)), exact.bias.expand(2, -1))


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_what_stands_on_the_grid_stays_there_even_as_16_bit_floats(seed: int) -> None:
    torch.manual_seed(seed)
    weight = torch.randn(8, 24)
    kept = on_grid(weight).half().float()
    assert torch.equal((kept / scales(kept)).round(), (weight / scales(weight)).round())


def test_without_integers_a_floating_type_is_chosen_and_int8_refused_in_a_sentence(monkeypatch) -> None:
    threads = torch.get_num_threads()
    monkeypatch.setattr(product, "IntegerProduct", lambda product: getattr(torch.ops.onednn, "no_such_product"))  # noqa: B009
    assert not has_integers()
    assert precision.choose().precision in product.FLOATS
    with pytest.raises(ValueError, match="does not multiply 8-bit integers; the precision must be auto, fp32 or bf16"):
        precision.choose("int8")
    torch.set_num_threads(threads)


def test_an_unknown_precision_is_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match="must be auto, int8, fp32 or bf16, not 'int4'"):
        precision.choose("int4")


@needs_integers
def test_integers_are_chosen_where_they_work() -> None:
    threads = torch.get_num_threads()
    assert precision.choose().precision == product.INT8
    torch.set_num_threads(threads)


@pytest.mark.parametrize("kind", [pytest.param("int8", marks=needs_integers), "bf16"])
@torch.inference_mode()
def test_a_product_meets_few_sizes_for_each_takes_memory_for_good(kind: str, monkeypatch) -> None:
    sizes, fill = set(), product.filled
    monkeypatch.setattr(product, "filled", lambda states: sizes.add(len(fill(states))) or fill(states))
    made = in_precision(product_of(4), kind)
    states = torch.randn(BATCH_TOKENS, 48)
    every = made(states)
    for rows in range(1, BATCH_TOKENS, 9):
        assert torch.allclose(made(states[:rows]).float(), every[:rows].float(), atol=0.05)
    assert sizes == set(range(STEP, BATCH_TOKENS + 1, STEP))


def test_a_floating_product_takes_states_of_another_type() -> None:
    assert in_precision(product_of(3), "bf16")(torch.randn(2, 48)).dtype == torch.bfloat16

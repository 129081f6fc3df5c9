"""The thresholds: as many badges as the goals allow and no more; and the temperature that fits."""

from __future__ import annotations

import numpy as np
import pytest
from telltale.history.wilson import unrounded
from training.calibrate import FALSE_BADGES, GROW, NEAR_MISSES, Peaks, _allowed, badges, temperature, thresholds


@pytest.mark.parametrize(("pages", "most"), [(1, 0), (882, 0), (884, 1), (4_321, 2), (50_000, 16)])
def test_so_many_badges_are_allowed_that_the_goal_lies_in_their_interval(pages, most):
    assert _allowed(pages) == most
    assert unrounded(most, pages)[0] <= FALSE_BADGES < unrounded(most + 1, pages)[0]


def test_the_lower_end_is_not_rounded_to_the_goal():
    assert round(unrounded(3, 4_321)[0], 4) == FALSE_BADGES < unrounded(3, 4_321)[0]


def evenly(count: int, highest: float) -> np.ndarray:
    return np.linspace(0, highest, count)


def test_thresholds_let_no_more_pages_have_a_badge_of_a_kind_than_they_may():
    ordinary, near = Peaks(evenly(4_321, 0.7), evenly(4_321, 0.6)), Peaks(evenly(2_000, 0.98), evenly(2_000, 0.2))
    found = thresholds(ordinary, near)
    assert (ordinary.leak >= found.leak).sum() == 0 < (near.leak >= found.leak).sum() <= NEAR_MISSES * 2_000
    assert (ordinary.disclosure >= found.disclosure).sum() <= 2
    assert 0.5 < found.disclosure < found.leak < 0.98
    assert found.grow == round(GROW * found.disclosure, 3) and found.possible == 0.3


def test_where_nothing_comes_near_a_badge_thresholds_are_even_odds():
    none = Peaks(np.zeros(100), np.zeros(100))
    found = thresholds(none, none)
    assert (found.leak, found.disclosure) == (0.5, 0.5)


def test_a_page_gets_one_badge_whatever_its_kind():
    limits = thresholds(Peaks(np.zeros(9), np.zeros(9)), Peaks(np.zeros(9), np.zeros(9)))
    assert badges(Peaks(np.array([0.9, 0.9, 0.1, 0.5]), np.array([0.8, 0.1, 0.2, 0.1])), limits) == 3


@pytest.mark.parametrize("degree", [0.6, 1.0, 2.5])
def test_the_temperature_is_that_by_which_the_logits_are_too_sure(degree):
    rng = np.random.default_rng(3)
    true = rng.normal(0, 2, (20_000, 4))
    chances = np.exp(true) / np.exp(true).sum(1, keepdims=True)
    labels = (rng.random((20_000, 1)) > chances.cumsum(1)).sum(1).clip(max=3)
    assert temperature(true * degree, labels) == pytest.approx(degree, rel=0.05)

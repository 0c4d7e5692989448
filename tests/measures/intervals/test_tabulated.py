"""Ends that are known at a few levels give a bound at every level, and p is the level at which it clears."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from auditkit.measures import bound_at, p_value, tabulated_interval

LEVELS = (0.25, 0.05, 0.025, 0.001)


def normal(value, spread=1.0, **options):
    z = norm.isf(LEVELS) * spread
    return tabulated_interval(value, LEVELS, (value - z, value + z), confidence=0.95, **options)


@pytest.mark.parametrize("level", [0.4, 0.25, 0.1, 0.025, 0.01, 0.001, 1e-6, 0.7])
@pytest.mark.parametrize("side", ["above", "below"])
def test_ends_of_a_normal_table_are_normal_at_every_level(level, side):
    z = norm.isf(level)
    expected = 3 - z if side == "above" else 3 + z
    assert bound_at(3.0, normal(3.0), level, side) == pytest.approx(expected, abs=1e-9)


def test_the_interval_is_the_table_at_its_confidence():
    found = tabulated_interval(0.5, (0.1, 0.025), ([0.4, 0.3], [0.7, 0.9]), confidence=0.95)
    assert (found.low, found.high) == pytest.approx((0.3, 0.9))
    assert found.method == "tabulated"


def test_between_levels_an_end_is_between_theirs_and_beyond_the_last_it_goes_on_falling():
    found = tabulated_interval(0.5, (0.1, 0.025), ([0.4, 0.3], [0.7, 0.9]), confidence=0.95)
    lows = [bound_at(0.5, found, level, "above") for level in (0.49, 0.2, 0.1, 0.05, 0.025, 0.001)]
    assert lows == sorted(lows, reverse=True)
    assert 0.3 < lows[3] < 0.4
    assert lows[5] == pytest.approx(0.5 - 0.2 * norm.isf(0.001) / norm.isf(0.025))


def test_no_end_leaves_the_range():
    found = normal(0.2, within=(0.0, 1.0))
    assert (found.low, found.high) == (0.0, 1.0)
    assert bound_at(0.2, found, 1e-9, "above") == 0.0


@given(st.floats(-2, 4), st.sampled_from(["above", "below"]))
def test_p_is_the_level_at_which_the_bound_clears_the_threshold(threshold, side):
    found = normal(1.0)
    p = p_value(1.0, found, threshold, side)
    expected = norm.sf(1.0 - threshold) if side == "above" else norm.sf(threshold - 1.0)
    assert p == pytest.approx(expected, abs=1e-9)


def test_an_end_at_the_floor_never_clears_it():
    found = tabulated_interval(
        0.3, (0.1, 0.025), ([0.05, 0.0], [0.4, 0.5]), confidence=0.95, within=(0.0, 9.0)
    )
    assert 0.025 <= p_value(0.3, found, 0.0, "above") < 0.1
    assert not p_value(0.3, found, 0.0, "above") < 0.025

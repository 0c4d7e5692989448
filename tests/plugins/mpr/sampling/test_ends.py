"""Ends from draws, against counting."""

import numpy as np
import pytest

from auditkit_mpr.sampling.ends import Ends, least_largest, least_lengths, levels_of, tails


def test_a_value_is_beyond_a_tail_where_its_p_is_below_the_level():
    drawn = np.random.default_rng(0).normal(size=999)
    for level, size in zip((0.25, 0.025, 0.001), tails(drawn, (0.25, 0.025, 0.001)), strict=True):
        for value in (size * (1 - 1e-6), size * (1 + 1e-6)):
            p = (1 + np.sum(drawn >= value)) / 1000
            assert (p <= level) == (value > size)


def test_a_tie_is_no_evidence():
    drawn = np.repeat([0.1 + 0.2, 0.0], [30, 970])
    assert tails(drawn, (0.025,))[0] >= 0.3


def test_few_draws_tell_few_levels_apart():
    assert levels_of(2000)[-1] == 0.001
    assert levels_of(200)[-1] == 0.005
    assert levels_of(99)[-1] == 0.01


@pytest.mark.parametrize("length", [0.3, 1.0, 3.0])
def test_the_least_length_is_where_enough_draws_reach_the_length_found(length):
    rng = np.random.default_rng(1)
    errors = rng.normal(size=(999, 3)) / 5
    gap = length * np.array([2.0, 1.0, 2.0]) / 3
    low = least_lengths(gap, errors, (0.025,))[0]
    share = np.mean(np.linalg.norm(errors, axis=1) >= length)
    if share > 0.025:
        assert low == pytest.approx(length - np.quantile(np.linalg.norm(errors, axis=1), 0.975), abs=0.01)
        assert low < 0
        return
    reached = [
        np.mean(np.linalg.norm(t * gap / length + errors, axis=1) >= length) for t in (low - 0.01, low + 0.01)
    ]
    assert reached[0] <= 0.025 <= reached[1]


def test_the_low_end_of_a_length_is_above_it_no_more_often_than_its_level():
    rng = np.random.default_rng(3)
    for true in (np.zeros(5), np.full(5, 0.02), np.full(5, 0.2)):
        above = 0
        for _ in range(300):
            gap = true - rng.normal(size=(400, 5)).mean(axis=0)
            errors = rng.normal(size=(400, 5)) / 20
            above += least_lengths(gap, errors, (0.025,))[0] > np.linalg.norm(true)
        assert above <= 17


def test_the_low_end_of_many_equally_large_gaps_is_above_them_no_more_often_than_its_level():
    """Read along the shape that was found, as one largest gap is, it is above them in every fourth draw."""
    rng, true = np.random.default_rng(4), np.full(20, 0.2)
    above = along = 0
    for _ in range(300):
        gaps, errors = true + rng.normal(size=20) / 20, rng.normal(size=(400, 20)) / 20
        above += least_largest(gaps, errors, np.ones(20), (0.025,))[0] > 0.2
        value = np.abs(gaps).max()
        reached = np.abs(0.2 * gaps / value + errors).max(axis=1)
        along += np.mean(reached >= value) <= 0.025
    assert above <= 17
    assert along > 17


def test_the_least_of_the_largest_is_that_of_one_group_at_its_own_width():
    errors = np.random.default_rng(5).normal(size=(999, 2)) * [1.0, 0.1]
    low = least_largest(np.array([0.5, 0.5]), errors, np.array([1.0, 0.1]), (0.025,))[0]
    c = np.quantile(np.abs(errors / [1.0, 0.1]).max(axis=1), 0.975)
    assert low == pytest.approx(0.5 - 0.1 * c, abs=0.01)


def test_an_interval_holds_its_value_and_stays_in_its_range():
    ends = Ends(
        value=0.3, levels=(0.1, 0.025), lows=np.array([0.1, -0.2]), highs=np.array([0.9, 1.4]), most=1.0
    )
    found = ends.interval(0.95)
    assert (found.low, found.high) == pytest.approx((0.0, 1.0))
    late = Ends(
        value=0.3, levels=(0.1, 0.025), lows=np.array([0.4, 0.35]), highs=np.array([0.2, 0.25]), most=1.0
    )
    assert (late.interval(0.95).low, late.interval(0.95).high) == pytest.approx((0.3, 0.3))

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.measures import (
    Confusions,
    difference,
    equalized_odds_difference,
    equalized_odds_ratio,
    rates_of,
    ratio,
)
from auditkit.measures.between.rates import rates_from_counts
from auditkit.measures.closed_forms.simultaneous import pairwise_critical

COUNTS = st.lists(
    st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=7
)


def of(counts):
    x, n = zip(*counts, strict=True)
    return rates_from_counts(x, n)


def slow_difference_bounds(rates, confidence):
    """Look at every pair in turn, in both directions."""
    c = pairwise_critical(len(rates), (1 - confidence) / 2)
    lows, highs = [0.0], [0.0]
    for i, j in combinations(range(len(rates)), 2):
        gap, error = abs(rates.value[i] - rates.value[j]), np.hypot(rates.error[i], rates.error[j])
        lows.append(gap - c * error)
        highs.append(gap + 1.959963984540054 * error)
    return max(lows), min(max(highs), 1.0)


@settings(max_examples=60, deadline=None)
@given(COUNTS)
def test_a_difference_and_its_bounds_equal_a_loop_over_pairs(counts):
    rates = of(counts)
    found = difference(rates)
    assert found.value == rates.value.max() - rates.value.min()
    low, high = slow_difference_bounds(rates, 0.95)
    # The few pairs that an interval keeps bound exactly on a grid of critical values, and nearly between.
    assert found.interval.low == pytest.approx(low, abs=5e-3)
    assert found.interval.low <= low + 1e-12
    assert found.interval.high == pytest.approx(high, abs=5e-3)
    assert (rates.value[found.lowest], rates.value[found.highest]) == (rates.value.min(), rates.value.max())


@settings(max_examples=60, deadline=None)
@given(COUNTS, st.sampled_from([0.8, 0.95, 0.99]))
def test_intervals_hold_their_value_and_stay_in_the_unit_interval(counts, confidence):
    rates = of(counts)
    for summary in (difference, ratio):
        found = summary(rates, confidence=confidence)
        if found is not None:
            assert 0 <= found.interval.low <= found.value + 1e-12
            assert found.value - 1e-12 <= found.interval.high <= 1


@settings(max_examples=60, deadline=None)
@given(COUNTS)
def test_a_ratio_claims_a_disparity_exactly_when_the_difference_does(counts):
    gap, share = difference(of(counts)), ratio(of(counts))
    if share is not None and gap.interval.low > 1e-9:
        assert share.interval.high < 1
    if share is not None and share.interval.high < 1 - 1e-9:
        assert gap.interval.low > 0


def test_groups_that_cannot_be_measured_are_left_out_and_keep_their_place():
    rates = rates_from_counts([0, 3, 0, 9], [0, 10, 0, 10])
    found = difference(rates)
    assert found.value == pytest.approx(0.6)
    assert (found.lowest, found.highest) == (1, 3)
    same = difference(rates_from_counts([3, 9], [10, 10]))
    assert found.interval == same.interval


def test_fewer_than_two_groups_or_no_rate_above_zero_is_not_measurable():
    assert difference(rates_from_counts([1, 0], [5, 0])) is None
    assert ratio(rates_from_counts([0, 0], [5, 5])) is None
    assert difference(rates_from_counts([0, 0], [5, 5])).value == 0.0
    fine = rates_from_counts([1, 2], [5, 5])
    assert equalized_odds_difference(fine, rates_from_counts([1, 0], [5, 0])) is None
    assert equalized_odds_ratio(fine, rates_from_counts([0, 0], [5, 5])) is None


def test_a_group_with_none_or_all_has_a_standard_error():
    rates = rates_from_counts([0, 30, 3000], [30, 30, 6000])
    assert rates.error[0] == pytest.approx(rates.error[1])
    assert rates.error[0] > 0.05
    assert rates.error[2] == pytest.approx(np.sqrt(0.25 / 6000))


def test_a_ratio_with_a_zero_is_zero_and_its_bound_says_how_sure_that_is():
    few, many = (ratio(rates_from_counts([0, n // 2], [n, n])) for n in (20, 20_000))
    assert few.value == many.value == 0.0
    assert few.interval.low == many.interval.low == 0.0
    assert many.interval.high < 0.01 < few.interval.high < 1


def test_equalized_odds_takes_the_worse_metric_or_the_mean():
    tpr, fpr = rates_from_counts([40, 80], [100, 100]), rates_from_counts([10, 20], [100, 100])
    assert equalized_odds_difference(tpr, fpr).value == pytest.approx(0.4)
    assert equalized_odds_difference(tpr, fpr, agg="mean").value == pytest.approx(0.25)
    assert equalized_odds_ratio(tpr, fpr).value == pytest.approx(0.5)
    assert equalized_odds_ratio(tpr, rates_from_counts([10, 40], [100, 100])).value == pytest.approx(0.25)
    alone, both = difference(tpr), equalized_odds_difference(tpr, fpr)
    assert both.interval.low < alone.interval.low
    mean = equalized_odds_difference(tpr, fpr, agg="mean").interval
    assert mean.low < 0.25 < mean.high


@pytest.mark.parametrize("name", ["balanced_accuracy", "macro_f1"])
def test_constant_predictions_have_a_finite_error_at_every_size(name):
    """A mean of classes that are 0 and 1 is exactly .5, and its variance 0 less a rounding."""
    sizes = np.arange(1, 200)
    counts = np.zeros((len(sizes), 2, 2), dtype=np.int64)
    counts[:, 0, 0], counts[:, 1, 0] = sizes, sizes[::-1]
    found = rates_of(
        Confusions(counts=counts, table=counts.astype(float), squares=counts.astype(float)), name
    )
    assert np.isfinite(found.error).all()
    assert (found.error >= 0).all()

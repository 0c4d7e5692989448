# ruff: noqa: T201  (a power is printed beside the one it is compared with)
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from auditkit.measures import wilson
from auditkit.measures.exact.proportion import proportion_bound, proportion_interval, proportion_p

COUNTS = st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
SIDES = st.sampled_from(["above", "below"])


def slow_p(x, n, rate, side):
    """Wilson's score test, and four fifths of the sum of the binomial's chances from x on."""
    z = (x / n - rate) / np.sqrt(rate * (1 - rate) / n)
    if side == "above":
        return max(stats.norm.sf(z), 0.8 * stats.binom.pmf(np.arange(x, n + 1), n, rate).sum())
    return max(stats.norm.cdf(z), 0.8 * stats.binom.pmf(np.arange(x + 1), n, rate).sum())


@settings(max_examples=150, deadline=None)
@given(COUNTS, st.floats(0.001, 0.999), SIDES)
def test_the_p_value_is_the_larger_of_wilsons_and_four_fifths_of_the_exact_one(counts, rate, side):
    x, n = counts
    p = float(proportion_p(x, n, threshold=rate, side=side))
    assert p == pytest.approx(slow_p(x, n, rate, side), rel=1e-7, abs=1e-280)


@settings(max_examples=200, deadline=None)
@given(st.floats(0.01, 1e6), st.floats(0, 1), st.floats(-0.1, 1.1), st.floats(1e-6, 0.999), SIDES)
def test_p_is_below_a_level_exactly_when_the_bound_at_that_level_clears_the_threshold(
    n, share, t, level, side
):
    x = share * n
    p = float(proportion_p(x, n, threshold=t, side=side))
    bound = float(proportion_bound(x, n, level=level, side=side))
    assert 0.0 <= p <= 1.0
    assume(abs(p / level - 1) > 1e-6)
    assume(bound == t or abs(bound - t) > 1e-12)
    assume(
        min(abs(t), abs(t - 1)) > 1e-12
    )  # a rate beyond 0 or 1 is void: p and bound may differ by rounding there
    assert (p < level) == (bound > t if side == "above" else bound < t)


@settings(max_examples=100, deadline=None)
@given(COUNTS, st.floats(0, 1), st.floats(0, 1), SIDES)
def test_a_harder_threshold_never_lowers_the_p_value(counts, one, other, side):
    easy, hard = sorted((one, other), reverse=side == "below")
    p = proportion_p(*counts, threshold=[easy, hard], side=side)
    assert p[0] <= p[1] + 1e-12


def test_ends_and_empty_groups_claim_nothing():
    assert proportion_p(0, 20, threshold=0.0, side="above") == pytest.approx(0.8)
    assert proportion_p(3, 20, threshold=0.0, side="above") == 0.0
    assert proportion_p(20, 20, threshold=1.0, side="above") == 1.0
    assert proportion_p(0, 0, threshold=0.3, side="above") == 1.0
    low, high = proportion_interval([0, 20, 0], [20, 20, 0])
    assert low.tolist() == [0.0, low[1], 0.0]
    assert high.tolist() == [1.0 - low[1], 1.0, 1.0]


RATES = np.concatenate([np.geomspace(0.001, 0.1, 150), np.linspace(0.1, 0.5, 81)])
MIDDLING = np.array([0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])


def coverages(n, rates, interval):
    """The chances, without simulation, that the low end lies above the rate, and the high end below it."""
    x = np.arange(n + 1)
    low, high = interval(x, np.full(n + 1, n))
    chance = stats.binom.pmf(x, n, rates[:, None])
    return (chance * (low > rates[:, None])).sum(axis=1), (chance * (high < rates[:, None])).sum(axis=1)


@pytest.mark.parametrize("n", [30, 48, 80, 100, 300, 1000])
def test_at_most_3_point_5_percent_miss_on_either_side_whatever_the_rate(n):
    for rates in (RATES, 1.0 - RATES):
        below, above = coverages(n, rates, proportion_interval)
        # 5/4 of the level is a theorem.
        assert max(below.max(), above.max()) <= 0.03125


@pytest.mark.parametrize("n", [30, 100, 300])
@pytest.mark.parametrize("level", [0.025 / 57, 1e-6])
def test_after_a_correction_the_level_is_exceeded_by_a_quarter_at_most_too(n, level):
    below, above = coverages(n, RATES, lambda x, rows: proportion_interval(x, rows, 1 - 2 * level))
    assert max(below.max(), above.max()) <= 1.25 * level * (1 + 1e-6)


@pytest.mark.parametrize("n", [100, 200, 500, 1000])
def test_middling_rates_are_covered_in_at_most_96_point_5_percent(n):
    below, above = coverages(n, MIDDLING, proportion_interval)
    assert (1 - below - above).max() <= 0.965


@pytest.mark.parametrize("n", [50, 100, 400])
@pytest.mark.parametrize("rate", [0.2, 0.5, 0.7])
def test_claims_of_middling_rates_are_found_nearly_as_often_as_by_wilson(n, rate):
    x, gap = np.arange(n + 1), 3.0 * np.sqrt(rate * (1 - rate) / n)
    chance = stats.binom.pmf(x, n, min(rate + gap, 0.95))
    rows = np.full(n + 1, n)
    ours, theirs = (
        (chance * (interval(x, rows)[0] > rate)).sum() for interval in (proportion_interval, wilson)
    )
    print(f"n {n}, rate {rate}: power {ours:.3f}, Wilson's {theirs:.3f}")
    assert ours >= 0.85 * theirs


@pytest.mark.slow
def test_the_table_of_misses_and_coverages():
    print("\n   n   misses below, above at most (Wilson's)   coverage of rates 10-90 %")
    for n in (30, 50, 100, 200, 500, 1000, 2000):
        ours, theirs = (
            np.stack(coverages(n, RATES, interval)).max(axis=1) for interval in (proportion_interval, wilson)
        )
        covered = 1 - np.sum(coverages(n, MIDDLING, proportion_interval), axis=0)
        print(
            f"{n:5d}  {ours[0]:.3f} ({theirs[0]:.3f})  {ours[1]:.3f} ({theirs[1]:.3f})  {covered.min():.3f} to {covered.max():.3f}"
        )
        assert ours.max() <= 0.03125

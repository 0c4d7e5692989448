import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from auditkit.measures.exact.binomial_tails import binomial_at_least, binomial_mass, fisher_tail
from auditkit.measures.exact.gap_tails import gap_at_least, restricted_rates, whole_counts
from auditkit.measures.exact.saddlepoint import sum_at_least

# Whole, but floats: the kernels are compiled for these only.
COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n).map(float), st.just(float(n))))


def slow_gap_tail(x1, n1, x2, n2, gap):
    """Add up the chance of every pair of counts whose difference is at least as large."""
    p1, p2 = restricted_rates(x1, n1, x2, n2, gap)
    first, second = np.arange(n1 + 1), np.arange(n2 + 1)
    chance = np.outer(stats.binom.pmf(first, n1, p1), stats.binom.pmf(second, n2, p2))
    # Whole numbers, so that equal differences are equal.
    return chance[np.subtract.outer(first * n2, second * n1) >= x1 * n2 - x2 * n1].sum()


def likelihood(x1, n1, x2, n2, p1, p2):
    return stats.binom.logpmf(x1, n1, p1) + stats.binom.logpmf(x2, n2, p2)


@settings(max_examples=100, deadline=None)
@given(COUNTS, COUNTS)
def test_fishers_tail_is_the_hypergeometric_one(first, second):
    (x1, n1), (x2, n2) = first, second
    theirs = stats.hypergeom.sf(x1 - 1, n1 + n2, x1 + x2, n1)
    assert fisher_tail(x1, n1, x2, n2) == pytest.approx(theirs, rel=1e-9, abs=1e-200)


@pytest.mark.parametrize(("n1", "n2", "rate"), [(4000, 6000, 0.4), (20_000, 10**6, 0.5), (10**5, 10**5, 0.1)])
@pytest.mark.parametrize("z", [-2, 0, 1, 3, 6])
def test_fishers_tail_of_many_rows_is_the_hypergeometric_one_too(n1, n2, rate, z):
    off = z * math.sqrt(rate * (1 - rate) * (1 / n1 + 1 / n2)) / (n1 + n2)
    n1, n2, x1, x2 = map(float, (n1, n2, round(n1 * (rate + off * n2)), round(n2 * (rate - off * n1))))
    theirs = stats.hypergeom.sf(x1 - 1, n1 + n2, x1 + x2, n1)
    assert fisher_tail(x1, n1, x2, n2) == pytest.approx(theirs, rel=1e-6)


@pytest.mark.parametrize(
    ("n", "p"), [(400, 0.5), (1000, 0.12), (100_000, 0.001), (10**8, 1e-6), (10**8, 0.3)]
)
@pytest.mark.parametrize("z", [-6, -1, -0.001, 0, 1, 4, 8])
def test_a_binomial_of_many_rows_has_its_tail_within_a_thousandth(n, p, z):
    k, n = float(round(n * p + z * math.sqrt(n * p * (1 - p)))), float(n)
    assert binomial_at_least(k, n, p) == pytest.approx(stats.binom.sf(k - 1, n, p), rel=1e-4)
    assert binomial_mass(k, n, p) == pytest.approx(stats.binom.pmf(k, n, p), rel=1e-5)


@settings(max_examples=100, deadline=None)
@given(COUNTS, COUNTS, st.floats(-0.99, 0.99))
def test_restricted_rates_are_the_most_likely_ones(first, second, gap):
    p1, p2 = restricted_rates(*first, *second, gap)
    assert p1 - p2 == pytest.approx(gap, abs=1e-12)
    low, high = max(0.0, -gap), min(1.0, 1.0 - gap)
    others = np.linspace(low, high, 201)[1:-1]
    best = likelihood(*first, *second, p1, p2)
    assert (likelihood(*first, *second, others + gap, others) <= best + 1e-6).all()


@settings(max_examples=60, deadline=None)
@given(COUNTS, COUNTS, st.floats(-0.3, 0.3))
def test_the_tail_of_a_difference_adds_up_all_pairs_of_counts(first, second, off):
    (x1, n1), (x2, n2) = first, second
    gap = min(max(x1 / n1 - x2 / n2 - off, -0.999), 0.999)
    theirs = slow_gap_tail(x1, n1, x2, n2, gap)
    if min((x + 0.5) * (n - x + 0.5) / n for x, n in (first, second)) < 100:
        assert gap_at_least(x1, n1, x2, n2, gap) == pytest.approx(theirs, rel=2e-4, abs=1e-13)


@pytest.mark.parametrize(
    ("n1", "n2", "slack"), [(1000, 1000, 1e-4), (1000, 2000, 1e-4), (1000, 3001, 0.12), (900, 901, 0.12)]
)
@pytest.mark.parametrize("z", [0, 1, 3, 5])
def test_the_tail_of_a_difference_of_many_events_is_close_and_never_too_small(n1, n2, slack, z):
    n1, n2 = float(n1), float(n2)
    x1, x2 = n1 * 3 // 10, n2 * 3 // 10
    gap = x1 / n1 - x2 / n2 - z * math.sqrt(0.21 * (1 / n1 + 1 / n2))
    theirs = slow_gap_tail(x1, n1, x2, n2, gap)
    ours = gap_at_least(x1, n1, x2, n2, gap)
    assert theirs * (1 - 1e-4) <= ours <= theirs * (1 + slack)


def test_the_tail_of_a_sum_is_close_to_that_of_many_draws():
    weight, n, p = (
        np.array([0.5, 0.5, -0.5, -0.5]),
        np.array([300.0, 200, 1000, 800]),
        np.array([0.9, 0.8, 0.85, 0.7]),
    )
    drawn = np.random.default_rng(0).binomial(n.astype(int), p, (400_000, 4)) / n @ weight
    for share in (0.1, 0.5, 0.9, 0.99):
        value = np.quantile(drawn, share)
        assert sum_at_least(value, weight, n, p, 1e-9) == pytest.approx((drawn >= value).mean(), rel=0.05)


def test_a_sum_that_cannot_vary_is_what_it_is():
    weight, n, p = np.array([1.0, -1.0]), np.array([10.0, 20.0]), np.array([1.0, 0.0])
    assert sum_at_least(1.0, weight, n, p, 0.05) == 1.0
    assert sum_at_least(1.1, weight, n, p, 0.05) == 0.0


@settings(max_examples=100, deadline=None)
@given(st.floats(0.1, 300), st.floats(0, 1), st.floats(0.1, 300), st.floats(0, 1))
def test_whole_counts_never_say_more_for_the_claim(n1, share1, n2, share2):
    x1, rows1, x2, rows2 = whole_counts(share1 * n1, n1, share2 * n2, n2)
    assert 0 <= x1 <= rows1
    assert 0 <= x2 <= rows2
    assert x1 <= share1 * n1 + 1e-6
    assert x2 >= share2 * n2 - 1e-6
    assert x1 / rows1 <= share1 + 1e-6


def test_whole_counts_are_kept_and_rounding_errors_are_none():
    assert whole_counts(3.0, 10.0, 4.0, 20.0) == (3, 10, 4, 20)
    assert whole_counts(2.9999999999, 10.0000000001, 4.0000000001, 19.9999999999) == (3, 10, 4, 20)
    assert whole_counts(0.9, 7.3, 0.2, 5.7) == (0, 8, 1, 5)

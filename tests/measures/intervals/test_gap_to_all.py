import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from auditkit.measures import bound_at, gap_of_counts, gap_of_means, newcombe, p_value, welch

COUNTS = st.integers(2, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
SIDES = st.sampled_from(["above", "below"])
P = st.floats(0.0, 1.0)


def value_of(x1, n1, x2, n2, width=1.0):
    return width * (x1 / n1 - x2 / n2) * n2 / (n1 + n2)


@st.composite
def gaps(draw):
    """A gap with its interval: of counts, or of means beside tests at thresholds of their own."""
    if draw(st.booleans()):
        counts, width = (*draw(COUNTS), *draw(COUNTS)), draw(st.sampled_from([0.5, 1.0, 20.0]))
        return value_of(*counts, width), gap_of_counts(*counts, width=width)
    known = draw(st.lists(st.tuples(st.floats(-2, 2), P, P), max_size=2))
    value = draw(st.floats(-2, 2))
    return value, gap_of_means(value, draw(st.floats(1, 300)), draw(st.floats(0.01, 2)), known)


@settings(max_examples=150, deadline=None)
@given(gaps(), st.floats(-1.5, 1.5), st.floats(1e-6, 0.6), SIDES)
def test_p_is_below_a_level_just_where_the_bound_is_beyond_the_threshold(gap, threshold, level, side):
    value, interval = gap
    p, bound = p_value(value, interval, threshold, side), bound_at(value, interval, level, side)
    assume(abs(p - level) > 1e-9 * level)
    beyond = bound > threshold if side == "above" else bound < threshold
    assert (p < level) == beyond


@settings(max_examples=80, deadline=None)
@given(gaps(), st.floats(-1, 1), st.floats(0, 1), SIDES)
def test_a_claim_that_says_more_never_has_the_smaller_p(gap, threshold, more, side):
    further = threshold + more if side == "above" else threshold - more
    assert p_value(*gap, threshold, side) <= p_value(*gap, further, side) * (1 + 1e-9)


@settings(max_examples=80, deadline=None)
@given(COUNTS, COUNTS, st.floats(-0.6, 0.6))
def test_the_p_of_counts_is_the_largest_of_newcombes_the_binomial_and_fishers(part, rest, t):
    (x1, n1), (x2, n2) = part, rest
    assume(0 <= x2 / n2 + t <= 1)  # outside, the claim is about a rate that cannot be
    value, interval = value_of(x1, n1, x2, n2), gap_of_counts(x1, n1, x2, n2)
    found = p_value(value, interval, t * n2 / (n1 + n2), "above")
    binomial = stats.binomtest(x1, n1, x2 / n2 + t, alternative="greater").pvalue
    assert found >= min(binomial, 0.99) * (1 - 1e-9)
    if t >= 0:
        table = [[x1, n1 - x1], [x2, n2 - x2]]
        assert found >= min(stats.fisher_exact(table, alternative="greater").pvalue, 0.99) * (1 - 1e-9)
    if 1e-6 < found < 0.4:  # and no larger than the largest of the three
        low, _ = newcombe(x1, n1, x2, n2, 1 - 2 * found * (1 + 1e-6))
        fisher = stats.hypergeom.sf(x1 - 1, n1 + n2, x1 + x2, n1) if t >= 0 else 0.0
        assert low <= t + 1e-6 or binomial >= found * (1 - 1e-5) or fisher >= found * (1 - 1e-5)


def test_exchanging_the_two_values_turns_the_gap_round():
    one, other = gap_of_counts(7, 40, 90, 900, width=3.0), gap_of_counts(33, 40, 810, 900, width=3.0)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))


def test_without_another_test_the_gap_of_means_is_welchs_scaled():
    rng = np.random.default_rng(0)
    part, rest = rng.exponential(size=40), rng.normal(size=160)
    scale = 160 / 200
    low, high, degrees = welch(part.mean(), part.var(ddof=1), 40, rest.mean(), rest.var(ddof=1), 160, 0.9)
    error = np.sqrt(part.var(ddof=1) / 40 + rest.var(ddof=1) / 160)
    found = gap_of_means(scale * (part.mean() - rest.mean()), degrees, scale * error, confidence=0.9)
    assert (found.low, found.high) == pytest.approx((scale * low, scale * high))


def test_a_threshold_that_another_test_does_not_clear_is_not_cleared():
    free, held = gap_of_means(1.0, 50, 0.3), gap_of_means(1.0, 50, 0.3, [(0.0, 0.04, 0.97)])
    assert free.low > 0
    assert held.low == 0.0
    assert p_value(1.0, held, 0.0, "above") == pytest.approx(0.04)
    assert p_value(1.0, held, 0.8, "above") == pytest.approx(p_value(1.0, free, 0.8, "above"))
    assert held.high == free.high
    assert bound_at(1.0, held, 0.05, "above") == bound_at(1.0, free, 0.05, "above")


def test_no_spread_is_no_width():
    found = gap_of_means(0.0, 10, 0.0, [(0.0, 1.0, 1.0)])
    assert (found.low, found.high) == (0.0, 0.0)
    assert p_value(0.0, found, 0.0, "above") == 1.0

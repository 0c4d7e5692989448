import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from auditkit.measures import bound_at, gap_of_counts, gap_of_means, heavy_tail, p_value, welch
from auditkit.measures.exact.difference import difference_interval
from auditkit.values.finding import Interval

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
    tail = draw(st.sampled_from([(0.0, 0.1), (1.0, 0.3)]))
    return value, gap_of_means(value, draw(st.floats(1, 300)), draw(st.floats(0.01, 2)), known, tail=tail)


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
@given(COUNTS, COUNTS, st.floats(-0.6, 0.6), SIDES)
def test_a_gap_of_counts_is_a_rates_gap_to_the_rest_times_the_share_of_the_rest(part, rest, t, side):
    (x1, n1), (x2, n2) = part, rest
    value, interval = value_of(x1, n1, x2, n2, 3.0), gap_of_counts(x1, n1, x2, n2, width=3.0)
    factor = 3.0 * n2 / (n1 + n2)
    plain = Interval(*map(float, difference_interval(x1, n1, x2, n2)), 0.95, "rate_gap", (x1, n1, x2, n2))
    assert (interval.low, interval.high) == pytest.approx((factor * plain.low, factor * plain.high))
    expected = p_value(x1 / n1 - x2 / n2, plain, t, side)
    assert p_value(value, interval, factor * t, side) == pytest.approx(expected, rel=1e-6)


def test_a_part_of_all_rows_has_no_gap_and_shows_nothing():
    whole = gap_of_counts(7, 40, 0, 0)
    assert (whole.low, whole.high) == (0.0, 0.0)
    assert p_value(0.0, whole, 0.0, "above") == p_value(0.0, whole, 0.0, "below") == 1.0


def test_under_a_heavy_tail_the_bound_stands_at_the_furthest_threshold_that_is_shown():
    known = [(0.0, 0.001, 0.999), (0.5, 0.02, 0.98), (0.9, 0.2, 0.8)]
    heavy = gap_of_means(1.0, 50, 0.2, known, tail=(1.0, 0.4))
    assert (heavy.low, heavy.high) == (
        gap_of_means(1.0, 50, 0.2, known).low,
        gap_of_means(1.0, 50, 0.2, known).high,
    )
    assert bound_at(1.0, heavy, 0.025, "above") == np.nextafter(0.5, 1)
    assert bound_at(1.0, heavy, 0.005, "above") == np.nextafter(0.0, 1)
    assert bound_at(1.0, heavy, 0.0005, "above") == -np.inf
    assert bound_at(1.0, heavy, 0.025, "below") == np.inf
    turned = gap_of_means(-1.0, 50, 0.2, [(-t, below, above) for t, above, below in known], tail=(1.0, 0.4))
    assert bound_at(-1.0, turned, 0.025, "below") == -np.nextafter(0.5, 1)
    assert heavy_tail(heavy) == 0.4
    assert heavy_tail(gap_of_means(1.0, 50, 0.2, known)) is None


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

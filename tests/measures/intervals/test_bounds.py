import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from auditkit.errors import PluginError
from auditkit.measures import (
    bound_at,
    bounds_at,
    difference,
    newcombe,
    p_value,
    p_values,
    ratio,
    welch,
    wilson,
)
from auditkit.measures.between.rates import rates_from_counts
from auditkit.values.finding import Interval


def at_confidence(value, interval, confidence):
    """Return (low, high) of the same estimate at another two-sided confidence."""
    level = (1 - confidence) / 2
    return bound_at(value, interval, level, "above"), bound_at(value, interval, level, "below")


COUNTS = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def of_wilson(x, n, confidence=0.95):
    low, high = wilson(x, n, confidence)
    return x / n, Interval(float(low), float(high), confidence, "wilson", (x, n))


def of_newcombe(x1, n1, x2, n2, confidence=0.95):
    low, high = newcombe(x1, n1, x2, n2, confidence)
    return x1 / n1 - x2 / n2, Interval(float(low), float(high), confidence, "newcombe", (x1, n1, x2, n2))


def of_welch(mean, variance, n, confidence=0.95):
    low, high, degrees = welch(mean, variance, n, 0.0, 1.0, 20, confidence)
    return mean, Interval(float(low), float(high), confidence, "welch", (float(degrees),))


def of_pairs(counts, summary):
    x, n = zip(*counts, strict=True)
    return summary(rates_from_counts(x, n))


@st.composite
def estimates(draw):
    kind = draw(st.sampled_from(["wilson", "newcombe", "welch", "normal", "difference", "ratio"]))
    confidence = draw(st.sampled_from([0.8, 0.95, 0.99]))
    match kind:
        case "wilson":
            return of_wilson(*draw(COUNTS), confidence)
        case "newcombe":
            return of_newcombe(*draw(COUNTS), *draw(COUNTS), confidence)
        case "welch":
            return of_welch(
                draw(st.floats(-2, 2)), draw(st.floats(0.1, 9)), draw(st.integers(2, 50)), confidence
            )
        case "normal":
            value, below, above = draw(st.tuples(st.floats(-1, 1), st.floats(0, 1), st.floats(0, 1)))
            return value, Interval(value - below, value + above, confidence)
    found = of_pairs(
        draw(st.lists(COUNTS, min_size=2, max_size=5)), {"difference": difference, "ratio": ratio}[kind]
    )
    assume(found is not None)
    return found.value, found.interval


@settings(max_examples=250, deadline=None)
@given(estimates(), st.floats(-1.2, 1.2), st.floats(1e-6, 0.999), st.sampled_from(["above", "below"]))
def test_p_is_below_a_level_exactly_when_the_bound_at_that_level_clears_the_threshold(
    estimate, threshold, level, side
):
    value, interval = estimate
    p = p_value(value, interval, threshold, side)
    assert 0 <= p <= 1
    assume(abs(p - level) > 1e-9)
    bound = bound_at(value, interval, level, side)
    # A bound that meets its threshold to the last bits is decided by rounding.
    assume(bound == threshold or abs(bound - threshold) > 1e-12)
    assert (p < level) == (bound > threshold if side == "above" else bound < threshold)


@settings(max_examples=100, deadline=None)
@given(estimates(), st.sampled_from(["above", "below"]))
def test_a_threshold_at_zero_or_one_is_no_exception(estimate, side):
    value, interval = estimate
    for threshold in (0.0, 1.0, value):
        p = p_value(value, interval, threshold, side)
        for level in (0.001, 0.025, 0.2, 0.7):
            bound = bound_at(value, interval, level, side)
            if abs(p - level) > 1e-9 and (bound == threshold or abs(bound - threshold) > 1e-12):
                assert (p < level) == (bound > threshold if side == "above" else bound < threshold)


@settings(max_examples=100, deadline=None)
@given(estimates())
def test_the_bounds_at_its_own_confidence_are_the_interval(estimate):
    value, interval = estimate
    assert at_confidence(value, interval, interval.confidence) == pytest.approx(
        (interval.low, interval.high), abs=1e-9
    )


@settings(max_examples=100, deadline=None)
@given(estimates(), st.floats(1e-9, 0.999), st.floats(1e-9, 0.999))
def test_a_stricter_level_never_tightens_a_bound(estimate, one, other):
    value, interval = estimate
    strict, loose = sorted((one, other))
    slack = 1e-12
    assert bound_at(value, interval, strict, "above") <= bound_at(value, interval, loose, "above") + slack
    assert bound_at(value, interval, strict, "below") >= bound_at(value, interval, loose, "below") - slack


@settings(max_examples=100, deadline=None)
@given(estimates(), st.floats(-1, 1), st.floats(0, 1))
def test_a_harder_threshold_never_lowers_the_p_value(estimate, threshold, more):
    value, interval = estimate
    slack = 1e-9
    assert (
        p_value(value, interval, threshold, "above")
        <= p_value(value, interval, threshold + more, "above") + slack
    )
    assert (
        p_value(value, interval, threshold, "below")
        >= p_value(value, interval, threshold + more, "below") - slack
    )


@settings(max_examples=100, deadline=None)
@given(COUNTS, COUNTS, st.floats(0.5, 0.999))
def test_moving_a_score_interval_recomputes_it(first, second, confidence):
    moved = at_confidence(*of_wilson(*first), confidence)
    assert moved == pytest.approx([float(end) for end in wilson(*first, confidence)], abs=1e-12)
    moved = at_confidence(*of_newcombe(*first, *second), confidence)
    assert moved == pytest.approx([float(end) for end in newcombe(*first, *second, confidence)], abs=1e-12)


def test_moving_welchs_interval_recomputes_it_with_students_quantile():
    value, interval = of_welch(0.7, 4.0, 6)
    _, expected = of_welch(0.7, 4.0, 6, confidence=0.999)
    assert at_confidence(value, interval, 0.999) == pytest.approx((expected.low, expected.high))


def test_the_p_value_of_a_rate_is_the_score_tests():
    for x, n, rate in ((30, 100, 0.2), (30, 100, 0.4), (1, 40, 0.01)):
        z = (x / n - rate) / math.sqrt(rate * (1 - rate) / n)
        assert p_value(*of_wilson(x, n), rate, "above") == pytest.approx(stats.norm.sf(z), rel=1e-9)
        assert p_value(*of_wilson(x, n), rate, "below") == pytest.approx(stats.norm.cdf(z), rel=1e-9)


def test_the_p_value_of_a_difference_of_means_is_welchs():
    rng = np.random.default_rng(0)
    first, second = rng.normal(0.6, 1, 12), rng.normal(0, 2, 15)
    low, high, degrees = welch(first.mean(), first.var(ddof=1), 12, second.mean(), second.var(ddof=1), 15)
    interval = Interval(float(low), float(high), 0.95, "welch", (float(degrees),))
    value = float(first.mean() - second.mean())
    for side, alternative in (("above", "greater"), ("below", "less")):
        theirs = stats.ttest_ind(first, second, equal_var=False, alternative=alternative).pvalue
        assert p_value(value, interval, 0.0, side) == pytest.approx(theirs, rel=1e-9)


def test_each_half_width_of_another_interval_is_scaled_on_its_own():
    moved = at_confidence(0.5, Interval(0.3, 0.9, 0.95), 0.99)
    scale = stats.norm.isf(0.005) / stats.norm.isf(0.025)
    assert moved == pytest.approx((0.5 - 0.2 * scale, 0.5 + 0.4 * scale))


def test_an_interval_without_width_decides_at_once():
    point = Interval(0.2, 0.2, 0.95)
    assert p_value(0.2, point, 0.1, "above") == 0.0
    assert p_value(0.2, point, 0.2, "above") == 1.0
    assert p_value(0.2, point, 0.3, "above") == 1.0


def test_nothing_seen_proves_nothing():
    assert p_value(*of_wilson(0, 20), 0.0, "above") == pytest.approx(0.5)
    assert p_value(0.0, Interval(-1, 1, 0.95, "newcombe", (0, 0, 5, 10)), 0.1, "above") == pytest.approx(0.5)
    assert p_value(*of_wilson(0, 20), -0.1, "above") == 0.0
    assert p_value(*of_wilson(20, 20), 1.0, "above") == 1.0


@pytest.mark.parametrize("groups", [2, 4, 10])
def test_a_simultaneous_bound_at_another_level_is_close_to_the_one_made_for_it(groups):
    x, n = np.linspace(200, 320, groups).round(), np.full(groups, 1000)
    found = difference(rates_from_counts(x, n, confidence=0.95), confidence=0.95)
    for confidence in (0.9, 0.98, 0.999):
        made = difference(rates_from_counts(x, n, confidence=0.95), confidence=confidence)
        moved = at_confidence(found.value, found.interval, confidence)
        assert moved == pytest.approx((made.interval.low, made.interval.high), abs=2e-3)


def test_an_interval_by_a_method_that_nobody_can_move_is_refused():
    for method in ("wilsn", "bootstrap of the reference, inverted", ""):
        interval = Interval(0.1, 0.3, 0.95, method, (20.0, 100.0))
        with pytest.raises(PluginError, match="is unknown"):
            bound_at(0.2, interval, 0.01, "above")
        with pytest.raises(PluginError, match="is unknown"):
            p_value(0.2, interval, 0.1, "above")


@pytest.mark.parametrize("side", ["Above", "lower", "", None])
@pytest.mark.parametrize(
    "interval",
    [
        Interval(0.1, 0.3, 0.95),
        Interval(0.1, 0.3, 0.95, "rate", (20.0, 100.0)),
        Interval(0.1, 0.3, 0.95, "score"),
    ],
)
def test_a_side_that_is_none_is_refused_and_not_read_as_the_other(side, interval):
    for one in (bound_at, p_value):
        with pytest.raises(PluginError, match=f"not for {side!r}"):
            one(0.2, interval, 0.1, side)
    for many in (bounds_at, p_values):
        with pytest.raises(PluginError, match=f"not for {side!r}"):
            many([0.2], [interval], [0.1], [side])

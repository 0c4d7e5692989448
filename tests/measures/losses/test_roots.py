"""The root of a mean square, gaps of two, and how far apart the means and roots of several groups are."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from auditkit.measures import (
    bound_at,
    difference,
    heavy_tail,
    loss_gaps,
    mean_losses,
    p_value,
    rates_of_means,
    ratio,
    root_gaps,
    root_means,
)
from auditkit.measures.closed_forms.simultaneous import pairwise_critical
from auditkit.values.finding import Interval

SIDES = st.sampled_from(["above", "below"])
LACKING = st.floats(0.0, 0.2)
ERROR, DEGREES, SKEWNESS, P = st.floats(0.0, 0.6), st.floats(2, 500), st.floats(0, 0.7), st.floats(1e-6, 1.0)
ROOT = st.floats(0.0, 20.0)


@st.composite
def estimates(draw):
    """Return a root, or a gap of two, with its interval; some have a heavy tail."""
    if draw(st.booleans()):
        basis = draw(st.tuples(ERROR, DEGREES, SKEWNESS, st.just(0.1), LACKING))
        return draw(ROOT), Interval(0.0, 30.0, 0.95, "root_mean", basis)
    own, other = (draw(st.tuples(ROOT, ERROR, DEGREES, SKEWNESS)) for _ in range(2))
    basis = (*own, *other, draw(P), draw(P), 0.1, draw(LACKING))
    return own[0] - other[0], Interval(-30.0, 30.0, 0.95, "root_mean_gap", basis)


@settings(max_examples=200, deadline=None)
@given(estimates(), st.one_of(st.floats(-25, 25), st.just(0.0)), st.floats(1e-6, 0.999), SIDES)
def test_p_is_below_a_level_exactly_when_the_bound_at_that_level_clears_the_threshold(
    estimate, t, level, side
):
    value, interval = estimate
    p, bound = p_value(value, interval, t, side), bound_at(value, interval, level, side)
    assume(abs(p - level) > 1e-9)
    assume(bound == t or abs(bound - t) > 1e-9 or t == 0.0)
    assert (p < level) == (bound > t if side == "above" else bound < t)


@settings(max_examples=200, deadline=None)
@given(estimates(), st.floats(1e-9, 0.999), st.floats(1e-9, 0.999))
def test_a_stricter_level_never_tightens_a_bound(estimate, one, other):
    strict, loose = sorted((one, other))
    assert bound_at(*estimate, strict, "above") <= bound_at(*estimate, loose, "above") + 1e-9
    assert bound_at(*estimate, strict, "below") >= bound_at(*estimate, loose, "below") - 1e-9


def slow_root(squares, level, everybody=None):
    """Return root, low and high of plain rows, term by term; everybody's squares are theirs, or those of all groups."""
    whole = squares if everybody is None else everybody
    middle = sum(whole) / len(whole)
    seen = sum((v - middle) ** 2 for v in whole) / (len(whole) - 1) / len(whole) / middle**2
    lacking = max(5 / len(whole) - seen, 0)
    n, mean = len(squares), sum(squares) / len(squares)
    error = math.sqrt(sum((v - mean) ** 2 for v in squares) / (n - 1) / n) / mean
    spread = math.sqrt(sum((v - mean) ** 2 for v in squares) / n)
    skewness = abs(sum((v - mean) ** 3 for v in squares) / n / spread**3) / math.sqrt(n)
    t = float(stats.t.isf(level, n - 1))
    wide = math.sqrt(error**2 + lacking)
    up = max(skewness / 3 - wide / 2, 0) * t**2 + skewness / 6
    down = max(max(error / 2 - skewness / 3, 0) * t**2 - skewness / 6, 0)
    ends = [math.sqrt(mean * math.exp(reach)) for reach in ((-t - down) * error, (t + up) * wide)]
    return math.sqrt(mean), *ends


@pytest.mark.parametrize("draw", [lambda rng: rng.normal(size=80), lambda rng: rng.uniform(-1, 1, 80)])
def test_the_root_and_its_ends_equal_a_slow_twin_at_every_level(draw):
    squares = draw(np.random.default_rng(0)) ** 2
    found = root_means(np.zeros(80, dtype=np.int64), squares, n_groups=1)
    for level in (0.025, 0.005):
        root, low, high = slow_root(squares.tolist(), level)
        assert found.value[0] == pytest.approx(root, rel=1e-12)
        ends = [bound_at(root, found.interval(0), level, side) for side in ("above", "below")]
        assert ends == pytest.approx([low, high], rel=1e-9)
    assert (found.low[0], found.high[0]) == pytest.approx(slow_root(squares.tolist(), 0.025)[1:], rel=1e-9)


def gaps(codes, squares, **more):
    (of_squares,) = loss_gaps([(codes, 2)], squares[None], rng=np.random.default_rng(0), **more)[0]
    return root_gaps(codes, squares, of_squares=of_squares, n_groups=2, **more), of_squares


def test_a_gap_combines_both_sides_ends_and_its_sign_is_that_of_the_gap_of_mean_squares():
    rng = np.random.default_rng(1)
    codes = np.repeat([0, 1], [400, 900])
    squares = (rng.normal(size=1300) * np.where(codes == 0, 1.2, 1.0)) ** 2
    found, of_squares = gaps(codes, squares)
    (r1, l1, h1), (r2, l2, h2) = (
        slow_root(squares[codes == k].tolist(), 0.025, squares.tolist()) for k in (0, 1)
    )
    # The skewness of everybody may be the larger one, so that the high ends lie a little further out.
    assert found.value[0] == pytest.approx(r1 - r2, rel=1e-12)
    assert found.low[0] == pytest.approx(r1 - r2 - math.hypot(r1 - l1, h2 - r2), rel=0.02)
    assert found.high[0] == pytest.approx(r1 - r2 + math.hypot(h1 - r1, r2 - l2), rel=0.02)
    for side in ("above", "below"):
        assert p_value(found.value[0], found.interval(0), 0.0, side) >= p_value(
            of_squares.value[0], of_squares.interval(0), 0.0, side
        )
    moved = [bound_at(found.value[0], found.interval(0), 0.025, side) for side in ("above", "below")]
    assert moved == pytest.approx([found.low[0], found.high[0]])


def test_of_a_heavy_tail_a_root_has_no_bound_and_a_gap_only_its_sign():
    rng = np.random.default_rng(2)
    codes, squares = np.repeat([0, 1], [150, 250]), rng.standard_t(3, 400) ** 2
    squares[codes == 0] *= 25
    own, (gap, _) = root_means(codes, squares, n_groups=2), gaps(codes, squares)
    assert heavy_tail(own.interval(0)) == heavy_tail(gap.interval(0)) > 0.2
    assert bound_at(own.value[0], own.interval(0), 0.025, "below") == math.inf
    assert p_value(own.value[0], own.interval(0), 0.0, "above") == 1.0
    assert 0.0 < bound_at(gap.value[0], gap.interval(0), 0.025, "above") < 1e-300
    assert p_value(gap.value[0], gap.interval(0), 0.1, "above") == 1.0
    apart = difference(rates_of_means(own)), ratio(rates_of_means(own))
    for found in apart:
        assert heavy_tail(found.interval) > 0.2
        assert p_value(found.value, found.interval, 0.0, "above") == 1.0


def test_clusters_widen_a_gap_and_equal_weights_change_nothing():
    rng = np.random.default_rng(3)
    who = np.repeat(np.arange(150), 10)
    codes, squares = (
        (who < 60).astype(np.int64),
        (rng.normal(size=150)[who] + 0.3 * rng.normal(size=1500)) ** 2,
    )
    plain, _ = gaps(codes, squares)
    told, _ = gaps(codes, squares, clusters=who)
    equal, _ = gaps(codes, squares, weights=np.full(1500, 3.0))
    assert told.value == pytest.approx(plain.value)
    assert told.high[0] - told.low[0] > 2 * (plain.high[0] - plain.low[0])
    assert (equal.low, equal.high) == (pytest.approx(plain.low), pytest.approx(plain.high))


def test_groups_without_an_error_or_with_one_row_have_ends_that_are_numbers_or_none():
    codes = np.array([0] * 40 + [1] * 40 + [2])
    squares = np.array([0.0] * 40 + [4.0] * 40 + [1.0])
    found = root_means(codes, squares, n_groups=3)
    assert found.value.tolist() == [0.0, 2.0, 1.0]
    assert found.low[:2] == pytest.approx([0.0, 2.0], abs=1e-6)
    # 81 rows do not show that there is no larger error: 5 / 81 less what they show themselves.
    lacking = 5 / 81 - np.var(squares, ddof=1) / 81 / squares.mean() ** 2
    error = math.sqrt(lacking)
    t, skewness = stats.t.isf(0.025, 39), abs(stats.skew(squares)) / math.sqrt(40)
    assert skewness / 3 < error / 2
    assert found.high[:2] == pytest.approx([0.0, 2 * math.exp((t + skewness / 6) * error / 2)], abs=1e-6)
    assert np.isnan(found.low[2])
    apart = rates_of_means(found)
    assert (difference(apart).value, ratio(apart).value) == (2.0, 0.0)
    assert np.isnan(apart.value[2])


@pytest.mark.parametrize("measure", [mean_losses, root_means])
def test_the_largest_difference_of_means_and_its_bounds_equal_a_loop_over_pairs(measure):
    rng = np.random.default_rng(4)
    codes = rng.integers(0, 4, 3000)
    values = np.abs(rng.normal(10.0, 3.0, 3000)) * (1 + 0.1 * codes)
    rates = rates_of_means(measure(codes, values, n_groups=4))
    c, lows, highs = pairwise_critical(4, 0.025), [0.0], [0.0]
    for i, j in combinations(range(4), 2):
        gap, error = abs(rates.value[i] - rates.value[j]), np.hypot(rates.error[i], rates.error[j])
        lows.append(gap - c * error)
        highs.append(gap + 1.959963984540054 * error)
    found = difference(rates)
    assert found.interval.high == pytest.approx(max(highs), rel=5e-3)
    assert found.interval.low == pytest.approx(max(lows), rel=5e-3)
    if measure is mean_losses:
        assert found.interval.high > 1.0
    assert p_value(found.value, found.interval, found.value + 9.0, "below") < 1e-6
    assert ratio(rates).value == pytest.approx(rates.value.min() / rates.value.max())


ERRORS = {
    "normal": (lambda rng, n: rng.normal(size=n), 1.0),
    "uniform": (lambda rng, n: rng.uniform(-1, 1, n), 1 / 3),
    "two values": (lambda rng, n: rng.integers(0, 2, n).astype(float), 1 / 2),
    "Laplace": (lambda rng, n: rng.laplace(size=n), 2.0),
    "t with 5 degrees": (lambda rng, n: rng.standard_t(5, n), 5 / 3),
}


@pytest.mark.parametrize("name", ERRORS)
@pytest.mark.parametrize("n", [50, 200])
def test_the_ends_of_a_root_miss_in_3_point_5_percent_a_side_at_most(name, n):
    draw, truth = ERRORS[name]
    errors, codes = (
        draw(np.random.default_rng([n, 3]), 2000 * n).reshape(200, -1),
        np.repeat(np.arange(10), n),
    )
    # A group among ten: everybody's tail tells what its own few rows cannot.
    found = [root_means(codes, row**2, n_groups=10) for row in errors]
    shown = np.array([heavy_tail(one.interval(k)) is None for one in found for k in range(10)])
    low, high = (np.concatenate([getattr(one, end) for one in found]) for end in ("low", "high"))
    below, above = (shown & (low**2 > truth)).mean(), (shown & (high**2 < truth)).mean()
    print(f"\n{name}, {n} rows: {below:.1%} below, {above:.1%} above, {1 - shown.mean():.0%} heavy")  # noqa: T201
    assert shown.any()
    assert below <= 0.035
    assert above <= 0.035


def mixed(size, often):
    """Return normal errors of which so many are `size` times as large, and the mean of their squares."""
    truth = 1.0 + often * (size**2 - 1.0)
    return lambda rng, n: rng.normal(size=n) * np.where(rng.random(n) < often, size, 1.0), truth


ALONE = ERRORS | {"a row in 500 five times as large": mixed(5.0, 1 / 500), "ten times": mixed(10.0, 1 / 500)}
LARGE = 4.5
"""No normal error of a table is larger: beyond it are rows that are unlike the others."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "n"),
    [("normal", 500), ("Laplace", 200), ("Laplace", 500), ("t with 5 degrees", 200), ("t with 5 degrees", 500),
     ("a row in 500 five times as large", 500), ("ten times", 500)],
)  # fmt: skip
def test_the_ends_of_a_whole_tables_root_miss_in_3_point_5_percent_but_for_rows_that_it_lacks(name, n):
    draw, truth = ALONE[name]
    errors = draw(np.random.default_rng([n, 4]), 2000 * n).reshape(2000, n)
    found = [root_means(np.zeros(n, dtype=np.int64), row**2, n_groups=1) for row in errors]
    shown = np.array([heavy_tail(one.interval(0)) is None for one in found])
    low, high = (np.concatenate([getattr(one, end) for one in found]) for end in ("low", "high"))
    below, above = shown & (low**2 > truth), shown & (high**2 < truth)
    lacks = np.abs(errors).max(axis=1) < LARGE
    seen = (above & ~lacks).mean()
    print(f"\n{name}, {n} rows: {below.mean():.1%} below, {above.mean():.1%} above, {seen:.1%} seen")  # noqa: T201
    assert below.mean() <= 0.035
    # Nothing in a table tells of an error ten times as large that none of its rows has.
    assert (seen if name == "ten times" else above.mean()) <= 0.035

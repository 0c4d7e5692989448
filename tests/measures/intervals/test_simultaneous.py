import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from auditkit.measures.closed_forms.fronts import outer, pairs_that_count
from auditkit.measures.closed_forms.simultaneous import Extremes, Pairs, pairwise_critical

RATE, ERROR = st.floats(0.0, 1.0), st.floats(0.005, 0.3)


@pytest.mark.parametrize("g", [2, 3, 8, 40])
@pytest.mark.parametrize("level", [0.05, 0.025, 0.001])
def test_the_critical_value_is_tukeys(g, level):
    assert pairwise_critical(g, level) == pytest.approx(
        stats.studentized_range.isf(level, g, np.inf) / np.sqrt(2), rel=1e-6
    )


@settings(max_examples=80, deadline=None)
@given(RATE, ERROR, RATE, ERROR, st.floats(0.1, 5))
def test_a_ratios_bounds_are_where_the_contrast_stops_to_be_significant(p, a, q, b, critical):
    low, high = min(p, q), max(p, q)
    pairs = Pairs(*(np.array([part]) for part in (high, a, low, b)))
    upper, lower = float(pairs.upper("ratio", critical)[0]), float(pairs.lower("ratio", critical)[0])

    def contrast(r):
        return (low - r * high) / np.hypot(b, r * a)

    if np.isfinite(upper) and upper < 1e6 and high > critical * a * (1 + 1e-6):
        assert contrast(upper) == pytest.approx(-critical, rel=1e-4)
    if lower > 1e-9:
        assert contrast(lower) == pytest.approx(critical, rel=1e-4)
        found = optimize.brentq(lambda r: contrast(r) - critical, 0, low / high) if low < high else lower
        assert lower == pytest.approx(found, rel=1e-4, abs=1e-9)


@settings(max_examples=80, deadline=None)
@given(RATE, ERROR, RATE, ERROR, st.floats(0.1, 5))
def test_a_ratio_excludes_one_exactly_when_the_difference_excludes_zero(p, a, q, b, critical):
    pairs = Pairs(*(np.array([part]) for part in (max(p, q), a, min(p, q), b)))
    gap, share = pairs.lower("difference", critical)[0], pairs.upper("ratio", critical)[0]
    if abs(gap) > 1e-9:
        assert (gap > 0) == (share < 1)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["difference", "ratio"]), st.floats(0, 6), st.integers(2, 12))
def test_the_decisive_pairs_bound_as_all_pairs_do(seed, kind, critical, g):
    rng = np.random.default_rng(seed)
    value, error = np.sort(rng.random(g)), rng.uniform(0.001, 0.3, g)
    low, high = np.triu_indices(g, k=1)
    pairs = Pairs(value[high], error[high], value[low], error[low])
    full, few = Extremes(kind, (pairs,)), Extremes(kind, (pairs.decisive(kind),))
    assert few.bounds(critical, critical) == pytest.approx(full.bounds(critical, critical), abs=5e-3)
    on_grid = round(critical * 2) / 2
    assert few.bounds(on_grid, on_grid) == pytest.approx(full.bounds(on_grid, on_grid), abs=1e-12)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["difference", "ratio"]), st.integers(1, 2))
def test_a_basis_gives_its_extremes_back(seed, kind, n_sets):
    rng = np.random.default_rng(seed)
    sets = tuple(Pairs(*rng.random((4, rng.integers(1, 5)))) for _ in range(n_sets))
    extremes = Extremes(kind, sets)
    (basis,) = extremes.bases([3.0], 2.0)
    assert basis[:2] == (3.0, 2.0)
    assert Extremes.from_bases(kind, [basis]).bounds(2.5, 1.5) == extremes.bounds(2.5, 1.5)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 10**6), st.sampled_from(["difference", "ratio"]), st.floats(0, 6), st.integers(2, 30),
    st.sampled_from([2, 6, 10**6]),
)  # fmt: skip
def test_the_pairs_that_count_bound_as_all_pairs_do(seed, kind, critical, g, ticks):
    rng = np.random.default_rng(seed)
    value, error = np.round(rng.random(g) * ticks) / ticks, np.ceil(rng.random(g) * ticks) / ticks * 0.3
    order = np.argsort(value, kind="stable")
    low, high = (order[places] for places in np.triu_indices(g, k=1))
    every = Extremes(kind, (Pairs(value[high], error[high], value[low], error[low]),))
    few = Extremes(kind, (pairs_that_count(value, error),))
    assert few.bounds(critical, critical) == pytest.approx(every.bounds(critical, critical), abs=1e-12)


@pytest.mark.parametrize("at_once", [1, 7, 10**6])
def test_many_groups_that_none_outdoes_leave_the_pairs_that_decide(monkeypatch, at_once):
    angle = np.linspace(0.0, np.pi, 60)
    value, error = (1 - np.cos(angle)) / 2, 0.01 + np.sin(angle) / 10  # as of groups of equal size
    low, high = np.triu_indices(60, k=1)
    every = Pairs(value[high], error[high], value[low], error[low])
    monkeypatch.setattr("auditkit.measures.closed_forms.fronts.AT_ONCE", at_once)
    found = pairs_that_count(value, error)
    for kind in ("difference", "ratio"):
        for critical in (0.0, 1.5, 3.0):
            bounds = [Extremes(kind, (pairs,)).bounds(critical, critical) for pairs in (every, found)]
            assert bounds[1] == pytest.approx(bounds[0], abs=1e-12)


def test_of_fifty_million_pairs_some_thousand_are_left():
    rng = np.random.default_rng(0)
    n = rng.integers(20, 400, 10_000)
    value = rng.binomial(n, 0.3) / n
    assert len(pairs_that_count(value, np.sqrt((value + 1 / n) * (1 - value + 1 / n) / n)).high) < 5000


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=30))
def test_what_is_left_are_two_layers_of_points_that_no_other_outdoes(points):
    ahead, behind = np.array(points, dtype=float).T

    def outdone(i, j):
        better = ahead[j] >= ahead[i] and behind[j] <= behind[i]
        return better and (points[i] != points[j] or j < i)

    left, expected = set(range(len(points))), set()
    for _ in range(2):
        layer = {i for i in left if not any(outdone(i, j) for j in left)}
        left, expected = left - layer, expected | layer
    assert np.flatnonzero(outer(ahead, behind)).tolist() == sorted(expected)

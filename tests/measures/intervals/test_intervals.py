import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from auditkit.measures import newcombe, welch, wilson
from auditkit.measures.closed_forms.means import mean_interval
from auditkit.measures.closed_forms.mover import hybrid

COUNTS = st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
LEVEL = st.floats(0.5, 0.9999)


def slow_wilson(x, n, confidence):
    """The rates at which |x / n - p| equals z standard errors taken at p: roots of a quadratic."""
    z, p = stats.norm.isf((1 - confidence) / 2), x / n
    return np.sort(np.roots([1 + z**2 / n, -(2 * p + z**2 / n), p**2]).real)


@settings(max_examples=80, deadline=None)
@given(COUNTS, LEVEL)
def test_wilsons_bounds_solve_the_score_equation(counts, confidence):
    low, high = wilson(*counts, confidence)
    np.testing.assert_allclose([low, high], np.clip(slow_wilson(*counts, confidence), 0, 1), atol=1e-7)


@settings(max_examples=60, deadline=None)
@given(COUNTS, LEVEL)
def test_wilson_equals_scipys(counts, confidence):
    theirs = stats.binomtest(*counts).proportion_ci(confidence, method="wilson")
    low, high = wilson(*counts, confidence)
    assert (float(low), float(high)) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.01, 1e6), st.floats(0, 1), LEVEL)
def test_a_score_interval_holds_its_rate_and_stays_in_the_unit_interval(n, share, confidence):
    low, high = wilson(share * n, n, confidence)
    assert 0 <= low <= share * (1 + 1e-9)
    assert share * (1 - 1e-9) <= high <= 1


def test_none_and_all_of_n_have_exact_ends():
    low, high = wilson([0, 7, 0.0], [7, 7, 0])
    assert low.tolist()[0] == 0.0
    assert high.tolist()[1] == 1.0
    assert high[0] == pytest.approx(1 - low[1])
    assert high[0] == pytest.approx(1.96**2 / (7 + 1.96**2), abs=1e-4)
    assert (low[2], high[2]) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [  # Newcombe (1998), table II, method 10
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((6, 7, 2, 7), (0.0582, 0.8062)),
        ((5, 56, 0, 29), (-0.0381, 0.1926)),
        ((0, 10, 0, 20), (-0.1611, 0.2775)),
        ((0, 10, 0, 10), (-0.2775, 0.2775)),
        ((10, 10, 0, 20), (0.6791, 1.0)),
        ((10, 10, 0, 10), (0.6075, 1.0)),
    ],
)
def test_newcombes_published_examples_come_out(counts, expected):
    low, high = newcombe(*counts)
    assert (float(low), float(high)) == pytest.approx(expected, abs=6e-5)


@settings(max_examples=60, deadline=None)
@given(COUNTS, COUNTS, LEVEL)
def test_a_difference_turned_round_has_its_interval_turned_round(first, second, confidence):
    low, high = newcombe(*first, *second, confidence)
    back_low, back_high = newcombe(*second, *first, confidence)
    assert (float(low), float(high)) == pytest.approx((-float(back_high), -float(back_low)), abs=1e-12)
    assert -1 <= low <= first[0] / first[1] - second[0] / second[1] <= high <= 1


def test_a_difference_to_nobody_may_be_anything():
    low, high = newcombe([3, 0], [5, 0], [0, 3], [0, 5])
    assert low.tolist() == [-1.0, -1.0]
    assert high.tolist() == [1.0, 1.0]


def test_arrays_give_what_each_element_gives():
    x1, n1, x2, n2 = np.array([[1, 5], [0, 9]]), 10, np.array([3, 8]), np.array([20, 8])
    low, high = newcombe(x1, n1, x2, n2)
    for i in range(2):
        for j in range(2):
            alone = newcombe(x1[i, j], n1, x2[j], n2[j])
            assert (low[i, j], high[i, j]) == (alone[0], alone[1])


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 30), st.integers(2, 30), LEVEL)
def test_welch_equals_scipys(seed, n1, n2, confidence):
    rng = np.random.default_rng(seed)
    first, second = rng.normal(0, 1, n1), rng.normal(1, 3, n2)
    theirs = stats.ttest_ind(first, second, equal_var=False).confidence_interval(confidence)
    low, high, degrees = welch(
        first.mean(), first.var(ddof=1), n1, second.mean(), second.var(ddof=1), n2, confidence
    )
    assert (float(low), float(high)) == pytest.approx((theirs.low, theirs.high))
    assert float(degrees) == pytest.approx(stats.ttest_ind(first, second, equal_var=False).df)


def test_a_mean_has_students_interval():
    values = np.array([1.0, 2.0, 4.0, 9.0])
    theirs = stats.ttest_1samp(values, 0).confidence_interval(0.9)
    low, high, degrees = mean_interval(values.mean(), values.var(ddof=1) / 4, 3, 0.9)
    assert (float(low), float(high), float(degrees)) == pytest.approx((theirs.low, theirs.high, 3.0))


def test_one_row_and_no_spread_are_answered_without_a_warning():
    low, high, degrees = welch([1.0, 1.0, 1.0], [0.0, 0.0, np.nan], [5, 5, 1], 0.5, [0.0, 2.0, 1.0], 4)
    assert (low[0], high[0]) == (0.5, 0.5)
    assert degrees[1] == pytest.approx(3.0)
    assert np.isnan([low[2], high[2], degrees[2]]).all()
    assert np.isnan(mean_interval(1.0, np.nan, 0)).all()
    tiny = welch(0.0, 1e-300, 5, 0.0, 1e-300, 5)
    assert float(tiny[2]) == pytest.approx(8.0)


def test_hybrid_of_two_wilsons_is_newcombe():
    sides = [3 / 10, *wilson(3, 10), 2 / 30, *wilson(2, 30)]
    assert np.allclose(hybrid(*sides), newcombe(3, 10, 2, 30), rtol=1e-12)

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from auditkit.measures import count, measure, measure_gap
from auditkit.measures.exact.difference import difference_p
from auditkit.measures.exact.f1 import f1_bound, f1_gap_bound, f1_gap_p, f1_of_jaccard, f1_p
from auditkit.measures.exact.proportion import proportion_bound, proportion_p

COUNTS = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
CLASSES = st.lists(COUNTS, min_size=1, max_size=3)
SIDES = st.sampled_from(["above", "below"])
DRAWS = 4000


def columns(counts):
    x, n = np.array(counts, dtype=float).T
    return x, n


def test_f1_is_two_tp_over_two_tp_and_the_errors():
    tp, errors = 30.0, 17.0
    assert f1_of_jaccard(tp / (tp + errors)) == pytest.approx(2 * tp / (2 * tp + errors))


@settings(max_examples=100, deadline=None)
@given(COUNTS, st.floats(0, 1), SIDES)
def test_one_classes_f1_has_the_image_of_its_jaccard_index(counts, jaccard, side):
    x, n = columns([counts])
    assert f1_p(x, n, threshold=f1_of_jaccard(jaccard), side=side) == pytest.approx(
        float(proportion_p(*counts, threshold=jaccard, side=side)), rel=1e-6, abs=1e-12
    )
    assert f1_bound(x, n, level=0.01, side=side) == f1_of_jaccard(
        proportion_bound(*counts, level=0.01, side=side)
    )


@settings(max_examples=100, deadline=None)
@given(CLASSES, st.floats(-0.1, 1.1), st.floats(1e-6, 0.7), SIDES)
def test_p_is_below_a_level_exactly_when_the_bound_at_that_level_clears_the_threshold(counts, t, level, side):
    x, n = columns(counts)
    p, bound = float(f1_p(x, n, threshold=t, side=side)), float(f1_bound(x, n, level=level, side=side))
    assume(abs(p / level - 1) > 1e-5)
    assume(bound == t or abs(bound - t) > 1e-9)
    assert (p < level) == (bound > t if side == "above" else bound < t)


@settings(max_examples=100, deadline=None)
@given(CLASSES, CLASSES, st.floats(-1.1, 1.1), st.floats(1e-6, 0.7), SIDES)
def test_so_it_is_for_a_gap(first, second, t, level, side):
    k = min(len(first), len(second))
    counts = (*columns(first[:k]), *columns(second[:k]))
    p = float(f1_gap_p(*counts, threshold=t, side=side))
    bound = float(f1_gap_bound(*counts, level=level, side=side))
    assume(abs(p / level - 1) > 1e-5)
    assume(bound == t or abs(bound - t) > 1e-9)
    assert (p < level) == (bound > t if side == "above" else bound < t)


@settings(max_examples=60, deadline=None)
@given(COUNTS, COUNTS, SIDES)
def test_a_gap_of_one_class_is_claimed_where_that_of_the_jaccard_indices_is(first, second, side):
    p = f1_gap_p(*columns([first]), *columns([second]), threshold=0.0, side=side)
    assert p >= difference_p(*first, *second, threshold=0.0, side=side)


def test_bounds_of_many_rows_are_those_of_today():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 30_000)
    predicted = np.where(rng.random(30_000) < 0.7, truth, rng.integers(0, 3, 30_000))
    found = count(rng.integers(0, 2, 30_000), truth, predicted, n_groups=2, n_classes=3)
    x = np.diagonal(found.table, axis1=1, axis2=2)
    n = found.table.sum(axis=1) + found.table.sum(axis=2) - x
    own, gap = measure(found, "macro_f1"), measure_gap(found, found.rest(), name="macro_f1")
    np.testing.assert_allclose(f1_bound(x, n, level=0.025, side="above"), own.low, atol=1e-6)
    np.testing.assert_allclose(f1_bound(x, n, level=0.025, side="below"), own.high, atol=1e-6)
    low = f1_gap_bound(x, n, x[::-1], n[::-1], level=0.025, side="above")
    np.testing.assert_allclose(low, gap.low, atol=1e-6)


def test_a_class_without_rows_claims_nothing():
    assert f1_p([0.0], [0.0], threshold=0.1, side="above") == 1.0


@pytest.mark.parametrize("k", [1, 2])
def test_no_mean_f1_is_above_1_or_below_0_whatever_was_counted(k):
    for t, (above, below) in {1.0625: (1.0, 0.0), -0.0625: (0.0, 1.0), 2.5: (1.0, 0.0)}.items():
        assert f1_p([1.0] * k, [1.0] * k, threshold=t, side="above") == above
        assert f1_p([1.0] * k, [1.0] * k, threshold=t, side="below") == below


def test_a_gap_without_rows_claims_nothing():
    assert f1_gap_p([0.0], [0.0], [3.0], [5.0], threshold=0.0, side="below") == 1.0
    assert f1_gap_bound([0.0], [0.0], [3.0], [5.0], level=0.01, side="below") == 1.0


@pytest.mark.slow
@pytest.mark.parametrize("jaccard", [0.001, 0.01, 0.05, 0.3, 0.9, 0.99, 0.999])
@pytest.mark.parametrize(("n1", "n2"), [(30, 1000), (100, 2000)])
def test_gaps_of_f1_are_claimed_no_more_often_than_the_level_says(jaccard, n1, n2):
    rng, other = np.random.default_rng(0), min(1.3 * jaccard, 0.9995)
    for rate in (jaccard, other):
        x1, x2 = rng.binomial(n1, jaccard, (DRAWS, 1)), rng.binomial(n2, rate, (DRAWS, 1))
        counts = x1, np.full_like(x1, n1), x2, np.full_like(x2, n2)
        truth = f1_of_jaccard(jaccard) - f1_of_jaccard(rate)
        for side in ("above", "below"):
            p = f1_gap_p(*counts, threshold=truth, side=side)
            for level in (0.025, 0.0025):
                assert (p < level).mean() <= 1.25 * level + 3.1 * np.sqrt(level / DRAWS)

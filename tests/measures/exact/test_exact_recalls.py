import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from auditkit.measures import count, measure
from auditkit.measures.exact.difference import difference_bound, difference_p
from auditkit.measures.exact.recalls import recalls_bound, recalls_gap_bound, recalls_gap_p, recalls_p
from auditkit.measures.exact.sums import sum_bound, sum_p

COUNTS = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
SIDES = st.sampled_from(["above", "below"])
DRAWS = 20_000


def columns(counts):
    x, n = np.array(counts, dtype=float).T
    return x, n


@settings(max_examples=100, deadline=None)
@given(st.lists(COUNTS, min_size=2, max_size=5), st.floats(-1.1, 1.1), st.floats(1e-6, 0.5), SIDES, st.data())
def test_p_is_below_a_level_exactly_when_the_bound_at_that_level_clears_the_threshold(
    counts, t, level, side, data
):
    x, n = columns(counts)
    weight = [data.draw(st.sampled_from([-1.0, -0.5, -0.25, 0.25, 0.5, 1.0])) for _ in counts]
    p = float(sum_p(x, n, weight=weight, threshold=t, side=side))
    bound = float(sum_bound(x, n, weight=weight, level=level, side=side))
    assert 0.0 <= p <= 1.0
    assume(abs(p / level - 1) > 1e-5)
    assume(bound == t or abs(bound - t) > 1e-9)
    # At the very end of what a sum can be, a claim beyond it is void: p and bound may differ by rounding there.
    ends = sum(w for w in weight if w < 0), sum(w for w in weight if w > 0)
    assume(min(abs(t - end) for end in ends) > 1e-9)
    assert (p < level) == (bound > t if side == "above" else bound < t)


@settings(max_examples=60, deadline=None)
@example([(38, 38), (0, 1), (0, 1)], 0.0, -0.25)
@given(st.lists(COUNTS, min_size=3, max_size=4), st.floats(-1, 2), st.floats(-1, 2))
def test_a_harder_threshold_never_lowers_the_p_value(counts, one, other):
    x, n = columns(counts)
    p = sum_p(x, n, weight=[1.0, -0.5, 0.5, 1.0][: len(counts)], threshold=sorted((one, other)), side="above")
    assert p[0] <= p[1] * (1 + 1e-5) + 1e-9


@settings(max_examples=60, deadline=None)
@given(COUNTS, COUNTS, st.floats(0.01, 0.99), SIDES)
def test_of_two_classes_it_is_a_difference(negatives, positives, threshold, side):
    x, n = columns([negatives, positives])
    p = recalls_p(x, n, threshold=threshold, side=side)
    pairs = x[1], n[1], n[0] - x[0], n[0]
    assert p == difference_p(*pairs, threshold=2 * threshold - 1, side=side)
    assert (
        recalls_bound(x, n, level=0.01, side=side)
        == (1 + difference_bound(*pairs, level=0.01, side=side)) / 2
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(COUNTS, min_size=3, max_size=4), st.floats(0.01, 0.99), SIDES)
def test_of_more_classes_it_is_the_sum_of_their_shares(counts, threshold, side):
    x, n = columns(counts)
    weight = [1 / len(counts)] * len(counts)
    assert recalls_p(x, n, threshold=threshold, side=side) == sum_p(
        x, n, weight=weight, threshold=threshold, side=side
    )
    assert recalls_bound(x, n, level=0.01, side=side) == sum_bound(x, n, weight=weight, level=0.01, side=side)


def test_bounds_of_many_rows_are_those_of_balanced_accuracy_today():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 30_000)
    predicted = np.where(rng.random(30_000) < 0.7, truth, rng.integers(0, 3, 30_000))
    found = count(rng.integers(0, 2, 30_000), truth, predicted, n_groups=2, n_classes=3)
    x, n = np.diagonal(found.table, axis1=1, axis2=2), found.table.sum(axis=2)
    own = measure(found, "balanced_accuracy")
    np.testing.assert_allclose(recalls_bound(x, n, level=0.025, side="above"), own.low, atol=2e-4)
    np.testing.assert_allclose(recalls_bound(x, n, level=0.025, side="below"), own.high, atol=2e-4)
    low = recalls_gap_bound(x[0], n[0], x[1], n[1], level=0.025, side="above")
    high = recalls_gap_bound(x[0], n[0], x[1], n[1], level=0.025, side="below")
    gap = own.value[0] - own.value[1]
    reach = np.hypot(own.value - own.low, own.high - own.value).mean()
    assert (gap - low, high - gap) == pytest.approx((reach, reach), rel=0.02)


def test_a_class_without_rows_claims_nothing():
    assert recalls_p([3.0, 0.0], [5.0, 0.0], threshold=0.1, side="above") == 1.0
    assert recalls_gap_p([3.0, 0.0], [5.0, 0.0], [3.0, 1.0], [5.0, 2.0], threshold=0.0, side="above") == 1.0
    assert recalls_bound([3.0, 0.0, 1.0], [5.0, 0.0, 1.0], level=0.1, side="above") == 0.0


def missed(x, n, weight, truth, level):
    """The share of draws in which each claim is made although it is not true."""
    drawn, times = np.unique(x, axis=0, return_counts=True)
    p = [sum_p(drawn, n, weight=weight, threshold=truth, side=side) for side in ("above", "below")]
    return max(times[one < level].sum() / times.sum() for one in p)


@pytest.mark.slow
@pytest.mark.parametrize("error", [0.001, 0.01, 0.05, 0.2, 0.5])
@pytest.mark.parametrize("rows", [30, 100, 1000])
def test_gaps_and_means_of_recalls_are_claimed_no_more_often_than_the_level_says(error, rows):
    rng = np.random.default_rng(0)
    gap = np.array([rows, 10 * rows, 2000, 8000]), [0.5, 0.5, -0.5, -0.5]
    mean = np.array([rows, rows, 2 * rows]), [1 / 3] * 3
    for n, weight in (gap, mean):
        x, truth = rng.binomial(n, 1 - error, (DRAWS, len(n))), (1 - error) * sum(weight)
        for level in (0.025, 0.0025):
            # Beyond the level by chance in fewer than 1 of 1,000 such tests.
            assert missed(x, n, weight, truth, level) <= level + 3.1 * np.sqrt(level / DRAWS)


@pytest.mark.slow
def test_lower_recalls_of_a_group_are_found():
    rng, n, weight = np.random.default_rng(0), np.array([100, 300, 2000, 8000]), [0.5, 0.5, -0.5, -0.5]
    x = rng.binomial(n, [0.6, 0.7, 0.8, 0.75], (2000, 4))
    assert (sum_p(x, n, weight=weight, threshold=0.0, side="below") < 0.025).mean() > 0.95

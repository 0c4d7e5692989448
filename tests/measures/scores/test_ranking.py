"""AUC and average precision equal scikit-learn's and their errors slow twins; bounds decide as their p-values do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from auditkit.errors import DataError
from auditkit.measures import (
    auc,
    average_precision,
    bound_at,
    joined_rankings,
    measured_ranking,
    p_value,
    ranking_gap,
    scored,
)


def rows(n=400, *, seed=0, ties=True, weighted=False):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, n)
    score = rng.normal(size=n) + 0.7 * truth
    weight = rng.gamma(2, size=n) if weighted else None
    return truth, np.round(score, 1) if ties else score, rng.integers(0, 3, n), weight


def ranked(measure, truth, score, group, weight=None, clusters=None, groups=3):
    return measure(scored(truth, score, weights=weight, clusters=clusters).blocks(group, n_groups=groups))


@pytest.mark.parametrize("ties", [True, False])
@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize(
    ("measure", "oracle"), [(auc, roc_auc_score), (average_precision, average_precision_score)]
)
def test_each_group_equals_scikit_learn(measure, oracle, weighted, ties):
    truth, score, group, weight = rows(ties=ties, weighted=weighted)
    found = ranked(measure, truth, score, group, weight)
    for g in range(3):
        mine = group == g
        heavy = None if weight is None else weight[mine]
        assert found.value[g] == pytest.approx(
            oracle(truth[mine], score[mine], sample_weight=heavy), abs=1e-12
        )


def slow_delong(truth, score, weight):
    """Every pair of rows, as the paper writes it; weights by linearisation."""
    positive, negative = score[truth == 1], score[truth == 0]
    w1, w0 = weight[truth == 1], weight[truth == 0]
    wins = (positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)
    v10, v01 = wins @ w0 / w0.sum(), w1 @ wins / w1.sum()
    area = w1 @ v10 / w1.sum()
    parts = []
    for w, v in ((w1, v10), (w0, v01)):
        n = w.sum() ** 2 / (w**2).sum()
        parts.append((w**2 @ (v - area) ** 2) / w.sum() ** 2 * n / (n - 1))
    return area, np.sqrt(sum(parts))


@pytest.mark.parametrize("weighted", [True, False])
def test_the_standard_error_is_delongs(weighted):
    truth, score, group, weight = rows(weighted=weighted)
    found = ranked(auc, truth, score, group, weight)
    heavy = np.ones(len(truth)) if weight is None else weight
    for g in range(3):
        mine = group == g
        assert (found.value[g], found.error[g]) == pytest.approx(
            slow_delong(truth[mine], score[mine], heavy[mine]), abs=1e-12
        )
        assert found.safe[g] >= found.error[g]


def test_the_error_of_average_precision_is_that_of_moving_each_weight_a_little():
    truth, score, _, weight = rows(120, weighted=True)
    one = np.zeros(120, dtype=np.int64)
    found = ranked(average_precision, truth, score, one, weight, groups=1)
    step, moved = 1e-6, np.empty(120)
    for i in range(120):
        ends = [
            average_precision_score(truth, score, sample_weight=weight + sign * step * (np.arange(120) == i))
            for sign in (1, -1)
        ]
        moved[i] = (ends[0] - ends[1]) / (2 * step)
    n = found.positives[0] + found.negatives[0]
    expected = np.sqrt((weight**2 @ moved**2) * n / (n - 1))
    assert found.error[0] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("measure", [auc, average_precision])
def test_clusters_of_single_rows_change_nothing_and_doubled_rows_count_once(measure):
    truth, score, group, _ = rows()
    plain = ranked(measure, truth, score, group)
    single = ranked(measure, truth, score, group, clusters=np.arange(len(truth)))
    np.testing.assert_allclose(single.error, plain.error, rtol=0.02)
    twice = [np.repeat(part, 2) for part in (truth, score, group)]
    doubled = ranked(measure, *twice, clusters=np.repeat(np.arange(len(truth)), 2))
    np.testing.assert_allclose(doubled.error, plain.error, rtol=0.02)
    naive = ranked(measure, *twice)
    np.testing.assert_allclose(naive.error * np.sqrt(2), plain.error, rtol=0.02)


def test_rows_without_class_or_score_are_left_out_and_infinite_scores_refused():
    truth, score, group, _ = rows()
    more = np.r_[truth, -1, 1], np.r_[score, 0.0, np.nan], np.r_[group, 0, 0]
    np.testing.assert_array_equal(ranked(auc, *more).value, ranked(auc, truth, score, group).value)
    with pytest.raises(DataError, match="1 scores are infinite"):
        scored(truth, np.r_[score[:-1], np.inf])


def test_one_class_cannot_be_ranked_and_no_error_is_ever_nothing():
    truth = np.r_[np.zeros(50), np.ones(1), np.zeros(9), np.ones(20), np.zeros(20)].astype(int)
    score = np.r_[np.arange(50.0), 5.0, np.arange(9.0), np.ones(20), np.zeros(20)]
    group = np.r_[np.zeros(50), np.ones(10), np.full(40, 2)].astype(int)
    found = ranked(auc, truth, score, group)
    assert np.isnan(found.value[0])
    assert np.isnan(found.error[1])  # one positive has no spread, which is not a spread of 0
    assert found.value[2] == 1.0
    assert found.safe[2] > 0
    constant = ranked(auc, truth, np.ones(100), np.zeros(100, dtype=int), groups=1)
    assert (constant.value[0], constant.error[0]) == (0.5, 0.0)
    assert constant.safe[0] > 0


@pytest.mark.parametrize(("m", "n"), [(30, 30), (5, 400)])
def test_a_perfect_ranking_is_bounded_as_that_many_disjoint_pairs(m, n):
    truth, score = np.r_[np.ones(m), np.zeros(n)].astype(int), np.r_[np.ones(m), np.zeros(n)]
    one = np.zeros(m + n, dtype=np.int64)
    for scores, value in ((score, 1.0), (-score, 0.0)):
        found = measured_ranking(ranked(auc, truth, scores, one, groups=1))
        interval = found.interval(0)
        exact = 0.025 ** (1 / min(m, n))
        expected = (exact, 1.0) if value else (0.0, 1.0 - exact)
        assert (interval.low, interval.high) == pytest.approx(expected)
        side = "above" if value else "below"
        at = 0.9 if value else 0.1
        assert p_value(value, interval, at, side) == pytest.approx(0.9 ** min(m, n))


@given(
    values=st.lists(st.sampled_from([0.0, 0.2, 0.5, 0.83, 0.999, 1.0]), min_size=2, max_size=2),
    threshold=st.sampled_from([-0.3, 0.0, 0.1, 0.5, 0.82]),
    level=st.sampled_from([1e-6, 0.001, 0.025, 0.2, 0.4]),
)
def test_bounds_decide_as_their_p_values_do(values, threshold, level):
    truth, score, group, _ = rows(200)
    found = ranked(auc, truth, score, np.minimum(group, 1), groups=2)
    given_ = np.array(values)
    changed = type(found)(**{**vars_of(found), "value": given_})
    own, gap = measured_ranking(changed), ranking_gap(changed[:1], changed[1:])
    for measured, i in ((own, 0), (own, 1), (gap, 0)):
        value, interval = float(measured.value[i]), measured.interval(i)
        for side in ("above", "below"):
            p, bound = p_value(value, interval, threshold, side), bound_at(value, interval, level, side)
            clears = bound > threshold if side == "above" else bound < threshold
            assert (p < level) == clears or abs(p - level) < 1e-9


def vars_of(found):
    names = ("value", "error", "safe", "degrees", "positives", "negatives", "clusters", "rows")
    return {name: getattr(found, name) for name in names}


def test_a_gap_is_the_difference_of_two_areas_and_its_interval_that_of_both():
    truth, score, group, _ = rows(3000, ties=False)
    found = ranked(auc, truth, score, group)
    gap = ranking_gap(found[:1], found[1:2])
    assert gap.value[0] == found.value[0] - found.value[1]
    reach = 1.96 * np.hypot(found.error[0], found.error[1])
    assert (gap.low[0], gap.high[0]) == pytest.approx((gap.value[0] - reach, gap.value[0] + reach), abs=0.002)
    both = joined_rankings([found[:1], found[2:]])
    np.testing.assert_array_equal(both.value, found.value[[0, 2]])

"""Calibration in the large and the corrected calibration error: slow twins, ends, and what chance adds."""

import numpy as np
import pytest

from auditkit.measures import (
    bins_of,
    bound_at,
    count,
    in_the_large_gap,
    measured_calibration_error,
    measured_in_the_large,
    moments,
    p_value,
    scored,
)
from auditkit.measures.exact.proportion import proportion_interval


def in_the_large(truth, score, group, weight=None, groups=1):
    cases = count(group, truth, truth, n_groups=groups, n_classes=2, weights=weight)
    return cases, moments(group, score - truth, n_groups=groups, weights=weight)


@pytest.mark.parametrize("weighted", [True, False])
def test_calibration_in_the_large_is_mean_score_minus_share_of_cases(weighted):
    rng = np.random.default_rng(0)
    truth, score, group = rng.integers(0, 2, 500), rng.random(500), rng.integers(0, 3, 500)
    weight = rng.gamma(2, size=500) if weighted else None
    parts = in_the_large(truth, score, group, weight, groups=3)
    own = measured_in_the_large(*parts)
    gap = in_the_large_gap((parts[0], parts[0].rest()), (parts[1], parts[1].rest()))
    heavy = np.ones(500) if weight is None else weight

    def slow(rows):
        return np.average(score[rows], weights=heavy[rows]) - np.average(truth[rows], weights=heavy[rows])

    for g in range(3):
        assert own.value[g] == pytest.approx(slow(group == g), abs=1e-12)
        assert gap.value[g] == pytest.approx(slow(group == g) - slow(group != g), abs=1e-12)


def test_without_a_case_the_gap_is_as_unsure_as_the_share_of_cases():
    truth, score, group = np.zeros(100, dtype=int), np.full(100, 0.02), np.zeros(100, dtype=int)
    own = measured_in_the_large(*in_the_large(truth, score, group))
    low, high = proportion_interval(0.0, 100.0)
    assert own.value[0] == pytest.approx(0.02)
    assert (own.low[0], own.high[0]) == pytest.approx((0.02 - float(high), 0.02 - float(low)))


def test_bounds_of_calibration_decide_as_their_p_values_do():
    rng = np.random.default_rng(1)
    truth, score, group = rng.integers(0, 2, 300), rng.random(300), rng.integers(0, 2, 300)
    parts = in_the_large(truth, score, group, groups=2)
    error = measured_calibration_error(bins_of(scored(truth, score).blocks(group, n_groups=2)), n_groups=2)
    gap = in_the_large_gap((parts[0][:1], parts[0][1:]), (parts[1][:1], parts[1][1:]))
    for measured in (measured_in_the_large(*parts), gap, error):
        value, interval = float(measured.value[0]), measured.interval(0)
        for side in ("above", "below"):
            for threshold in (-0.1, 0.0, 0.02, 0.15, 0.3):
                p = p_value(value, interval, threshold, side)
                for level in (1e-4, 0.025, 0.3):
                    bound = bound_at(value, interval, level, side)
                    clears = bound > threshold if side == "above" else bound < threshold
                    assert (p < level) == clears, (interval.method, side, threshold, level, p, bound)


def slow_error(truth, score, bins):
    """The corrected squared error and the plain one, bin by bin, of scores without ties."""
    order = np.argsort(score)
    place = np.minimum(((np.arange(len(order)) + 0.5) / len(order) * bins).astype(int), bins - 1)
    corrected = plain = 0.0
    for b in range(bins):
        off = score[order][place == b] - truth[order][place == b]
        plain += len(off) / len(order) * off.mean() ** 2
        corrected += len(off) / len(order) * (off.mean() ** 2 - off.var(ddof=1) / len(off))
    return np.sqrt(max(corrected, 0.0)), plain


def test_the_calibration_error_is_the_slow_sum_over_bins():
    rng = np.random.default_rng(2)
    truth, score, group = rng.integers(0, 2, 400), rng.random(400), np.zeros(400, dtype=int)
    found = measured_calibration_error(bins_of(scored(truth, score).blocks(group, n_groups=1)), n_groups=1)
    value, plain = slow_error(truth, score, 10)
    assert (found.value[0], found.basis[0, 0]) == pytest.approx((value, plain), abs=1e-12)


def test_weights_that_are_all_alike_change_nothing_and_equal_scores_share_a_bin():
    rng = np.random.default_rng(3)
    truth, score, group = rng.integers(0, 2, 300), rng.choice([0.1, 0.4, 0.9], 300), np.zeros(300, dtype=int)
    plain, heavy = (
        bins_of(scored(truth, score, weights=weights).blocks(group, n_groups=1))
        for weights in (None, np.full(300, 2.5))
    )
    assert sorted(plain.score) == pytest.approx([0.1, 0.4, 0.9])
    one, two = (measured_calibration_error(bins, n_groups=1) for bins in (plain, heavy))
    np.testing.assert_allclose(one.basis, two.basis, rtol=1e-9)


def calibrated(repeats, n, rng, base=0.5):
    chance = 1 / (1 + np.exp(-(np.log(base / (1 - base)) + rng.normal(size=(repeats, n)))))
    truth = (rng.random((repeats, n)) < chance).astype(int)
    group = np.repeat(np.arange(repeats), n)
    bins = bins_of(scored(truth.ravel(), chance.ravel()).blocks(group, n_groups=repeats))
    return measured_calibration_error(bins, n_groups=repeats)


def test_a_calibrated_group_of_50_is_near_0_where_the_uncorrected_error_is_not():
    found = calibrated(2000, 50, np.random.default_rng(4))
    assert np.median(found.value) < 0.01
    assert abs((found.basis[:, 0] - found.basis[:, 1] * found.basis[:, 2]).mean()) < 0.001
    assert np.sqrt(found.basis[:, 0]).mean() > 0.11


@pytest.mark.parametrize(("n", "base"), [(100, 0.3), (500, 0.1), (2000, 0.5)])
def test_a_calibrated_score_is_called_wrong_as_often_as_the_level_says(n, base):
    found = calibrated(600, n, np.random.default_rng(5), base)
    assert (found.low > 0).mean() < 0.05

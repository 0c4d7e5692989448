"""Calibration from sums: that of rows, whether summed one by one or by cells, and no bin of a row or two."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.measures import (
    bins_of_hundredths,
    measured_calibration_error,
    moments,
    moments_of_sums,
    scored_rows,
)
from auditkit.values.grouping import Cells, ScoreSums

SUMS = ("rows", "weight", "first", "squares", "squares_first", "squares_second")


def drawn(seed, *, n=400, weighted=True):
    """Return groups (of which the last is none), classes, scores and weights."""
    rng = np.random.default_rng(seed)
    score = rng.beta(0.7, 2.0, n)
    weights = rng.gamma(2.0, size=n) if weighted else None
    return rng.integers(-1, 3, n), (rng.random(n) < score).astype(np.int64), score, weights


def cells_of(codes, truth, score, weights):
    """Return the rows summed by group, class and hundredth, by a loop over them."""
    table = {}
    for g, y, s, w in zip(codes, truth, score, weights, strict=True):
        cell = table.setdefault((g, y, min(math.floor(s * 100), 99)), [0, 0.0, 0.0, 0.0, 0.0, 0.0])
        for i, term in enumerate((1, w, w * w, w * s, w * w * s, w * w * s * s)):
            cell[i] += term
    keys, sums = np.array(list(table)), np.array(list(table.values())).T
    scores = ScoreSums(
        hundredth=keys[:, 2], first=sums[3], squares_first=sums[4], squares_second=sums[5], least=sums[3],
        most=sums[3],
    )  # fmt: skip
    units = Cells(rows=sums[0].astype(np.int64), weights=sums[1], squares=sums[2], scores=scores)
    return keys[:, 0], keys[:, 1], units


def slow_bins(truth, score, weights):
    """Return rows, mean score, share of cases, gap and its squared error of one group's bins, row by row."""
    sides = [weights[truth == side] for side in (0, 1)]
    fewest = min((w.sum() ** 2 / (w**2).sum() if len(w) else 0.0) for w in sides)
    count = min(max(math.floor(fewest / 5), 1), 10)
    hundredth = [min(math.floor(s * 100), 99) for s in score]
    bins = [[] for _ in range(10)]
    before = 0.0
    for h in range(100):
        mine = [i for i in range(len(score)) if hundredth[i] == h]
        heavy = sum(weights[i] for i in mine)
        place = min(math.floor((before + heavy / 2) / weights.sum() * count + 1e-9), count - 1)
        bins[place] += mine
        before += heavy

    def worth(rows):
        return sum(weights[rows]) ** 2 / sum(weights[rows] ** 2) if rows else 0.0

    for i in range(9, 0, -1):
        if worth(bins[i]) < 5:
            bins[i - 1], bins[i] = bins[i - 1] + bins[i], []
    for i in range(9):
        if worth(bins[i]) < 5:
            bins[i + 1], bins[i] = bins[i + 1] + bins[i], []
    found = []
    for rows in filter(None, bins):
        w, off, n = weights[rows], score[rows] - truth[rows], worth(rows)
        gap = (w * off).sum() / w.sum()
        variance = (w**2 * (off - gap) ** 2).sum() / w.sum() ** 2 * n / (n - 1)
        found.append(
            (len(rows), np.average(score[rows], weights=w), np.average(truth[rows], weights=w), gap, variance)
        )
    return np.array(found)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(30, 400), weighted=st.booleans())
def test_bins_are_those_of_a_loop_over_rows_and_cells_say_what_rows_say(seed, n, weighted):
    codes, truth, score, weights = drawn(seed, n=n, weighted=weighted)
    rows = bins_of_hundredths(codes, truth, scored_rows(score, weights=weights), n_groups=3)
    heavy = np.ones(n) if weights is None else weights
    by_cell = bins_of_hundredths(*cells_of(codes, truth, score, heavy), n_groups=3)
    for name, part in vars(rows).items():
        np.testing.assert_allclose(getattr(by_cell, name), part, rtol=1e-9, atol=1e-12, err_msg=name)
    for group in range(3):
        mine = codes == group
        slow = slow_bins(truth[mine], score[mine], heavy[mine])
        found = np.column_stack([rows.rows, rows.score, rows.cases, rows.gap, rows.variance])[
            rows.group == group
        ]
        np.testing.assert_allclose(found, slow, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("weighted", [False, True])
def test_moments_of_sums_are_those_of_rows(weighted):
    codes, truth, score, weights = drawn(1, weighted=weighted)
    of_rows = moments(codes, score - truth, n_groups=3, weights=weights)
    heavy = np.ones(len(score)) if weights is None else weights
    for found in (
        moments_of_sums(codes, truth, scored_rows(score, weights=weights), n_groups=3),
        moments_of_sums(*cells_of(codes, truth, score, heavy), n_groups=3),
    ):
        for one, other in ((found, of_rows), (found.rest(), of_rows.rest())):
            for name in ("rows", "effective", "mean", "error", "degrees"):
                np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-12, err_msg=name)


@pytest.mark.parametrize(("few", "rows"), [(1, [201]), (4, [204]), (5, [200, 5])])
def test_few_rows_at_the_top_join_their_neighbours(few, rows):
    score = np.append(np.full(200, 0.104), np.full(few, 0.97))
    truth = np.append(np.arange(200) % 10 == 0, np.arange(few) % 2).astype(np.int64)
    bins = bins_of_hundredths(np.zeros(200 + few, dtype=np.int64), truth, scored_rows(score), n_groups=1)
    assert bins.rows.tolist() == rows
    assert np.isfinite(bins.variance).all()


@pytest.mark.slow
def test_a_calibrated_score_is_rarely_said_to_be_off():
    rng = np.random.default_rng(5)
    codes, n, wrong = np.zeros(600, dtype=np.int64), 600, 0
    for _ in range(400):
        score = rng.beta(0.7, 2.0, n)
        truth = (rng.random(n) < score).astype(np.int64)
        bins = bins_of_hundredths(codes, truth, scored_rows(score), n_groups=1)
        wrong += measured_calibration_error(bins, n_groups=1).low[0] > 0
    assert wrong / 400 < 0.05  # 2.5 % nominal


def test_a_score_that_is_off_by_a_tenth_is_said_to_be():
    rng = np.random.default_rng(6)
    score = rng.uniform(0.1, 0.9, 5000)
    truth = (rng.random(5000) < score - 0.1).astype(np.int64)
    bins = bins_of_hundredths(np.zeros(5000, dtype=np.int64), truth, scored_rows(score), n_groups=1)
    found = measured_calibration_error(bins, n_groups=1)
    assert found.low[0] > 0.07
    assert found.value[0] == pytest.approx(0.1, abs=0.02)

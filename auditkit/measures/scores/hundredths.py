"""Calibration from sums over the hundredths of a score: what an engine counts of rows, or what rows in memory sum to.

The mean of score - class, its squared error and those of each bin need no single row: the class is the same in all rows
of a unit, so that Σ w² (s - y)² = Σ w² s² - 2 y Σ w² s + y Σ w². Scores lie in [0, 1], so that sums around 0 keep the
digits that are printed. Bins along the score are made of whole hundredths, whose scores are told no further apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.counting.moments import Moments
from auditkit.measures.counting.weights import checked_weights, kish
from auditkit.measures.scores.calibration_error import MOST_BINS, ROWS_OF_EACH_CLASS, Bins
from auditkit.measures.scores.ranked import share, small
from auditkit.values.grouping import Cells, ScoreSums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]

HUNDREDTHS = 100
ROWS_OF_A_BIN = 5.0
"""Effective rows below which a bin joins its neighbour: a row by itself has no variance."""

SLACK = 1e-9
"""Sums of the same weights in another order may differ in their last digits, which shall not move a hundredth."""


def scored_rows(score: Floats, *, weights: Floats | None = None) -> Cells:
    """Return rows as units of one row each, with what their scores float64 [n] sum to."""
    weight = np.ones(len(score)) if weights is None else checked_weights(weights)
    squares = weight if weights is None else weight**2
    hundredth = np.clip(np.floor(score * HUNDREDTHS), 0, HUNDREDTHS - 1).astype(np.int64)
    sums = ScoreSums(
        hundredth=hundredth, first=weight * score, squares_first=squares * score, squares_second=squares * score**2,
        least=score, most=score,
    )  # fmt: skip
    return Cells(rows=np.ones(len(score), dtype=np.int64), weights=weight, squares=squares, scores=sums)


def moments_of_sums(codes: Codes, truth: Codes, units: Cells, *, n_groups: int) -> Moments:
    """Return the moments of score - class per group.

    `codes` int [c] are the units' groups and `truth` int [c] their classes, 1 for the counted one, -1 for none.
    """
    kept = (codes >= 0) & (truth >= 0)
    sums = _summed(codes[kept], truth[kept], units[kept], size=n_groups)
    rows, weight, squares, first, squares_first, squares_second = sums[:6]
    return Moments(
        centre=0.0, rows=rows.astype(np.int64), weight=weight, first=first, squares=squares,
        squares_first=squares_first, squares_second=squares_second,
    )  # fmt: skip


def bins_of_hundredths(codes: Codes, truth: Codes, units: Cells, *, n_groups: int) -> Bins:
    """Return each group's bins of equal weight, as far as whole hundredths allow.

    They are as many as `bins_of` has, by the rarer class; a bin of fewer than `ROWS_OF_A_BIN` rows joins the one below
    it, or above where there is none.
    """
    kept = (codes >= 0) & (truth >= 0)
    group, truth, units = codes[kept], truth[kept], units[kept]
    place = _places(group, truth, units, n_groups=n_groups)
    sums = _summed(group * MOST_BINS + place, truth, units, size=n_groups * MOST_BINS)
    table = _joined(sums.reshape(len(sums), n_groups, MOST_BINS)).reshape(len(sums), -1)
    there = np.flatnonzero(table[1] > 0)
    rows, weight, squares, first, squares_first, squares_second, score, cases = table[:, there]
    gap, n = share(first, weight), kish(weight, squares)
    spread = np.maximum(squares_second - 2.0 * gap * squares_first + gap**2 * squares, 0.0)
    return Bins(
        group=there // MOST_BINS, rows=rows.astype(np.int64), weight=weight, effective=n, gap=gap,
        score=share(score, weight), cases=share(cases, weight), variance=share(spread, weight**2) * small(n),
    )  # fmt: skip


def _summed(place: Codes, truth: Codes, units: Cells, *, size: int) -> Floats:
    """Return sums by place [8, size]: of 1, w, w², w off, w² off, w² off², w s, and of w where y is 1; off = s - y."""
    scores = _scores(units)
    y = truth.astype(np.float64)
    terms = (
        units.rows, units.weights, units.squares, scores.first - y * units.weights,
        scores.squares_first - y * units.squares,
        scores.squares_second - 2.0 * y * scores.squares_first + y * units.squares,
        scores.first, y * units.weights,
    )  # fmt: skip
    return np.stack([np.bincount(place, weights=term, minlength=size) for term in terms]).astype(np.float64)


def _scores(units: Cells) -> ScoreSums:
    if units.scores is None:
        message = "units without scores have no calibration"
        raise TypeError(message)
    return units.scores


def _places(group: Codes, truth: Codes, units: Cells, *, n_groups: int) -> Codes:
    """Return the bin of each unit, by the middle of its hundredth's weight among those of its group [c]."""
    sides = [
        kish(
            *(
                np.bincount(group, weights=part * mine, minlength=n_groups).astype(np.float64)
                for part in (units.weights, units.squares)
            )
        )
        for mine in (truth == 1, truth == 0)
    ]
    fewest = np.minimum(*sides) / ROWS_OF_EACH_CLASS + SLACK
    count = np.clip(np.floor(fewest), 1.0, MOST_BINS)[:, None]
    key = group * HUNDREDTHS + _scores(units).hundredth
    counted = np.bincount(key, weights=units.weights, minlength=n_groups * HUNDREDTHS).astype(np.float64)
    weight = counted.reshape(n_groups, HUNDREDTHS)
    middle = np.nan_to_num(share(np.cumsum(weight, axis=1) - weight / 2.0, weight.sum(axis=1, keepdims=True)))
    places: Codes = np.minimum(np.floor(middle * count + SLACK), count - 1).astype(np.int64).reshape(-1)[key]
    return places


def _joined(table: Floats) -> Floats:
    """Return sums [8, g, b] in which bins of few rows have joined a neighbour."""
    last = table.shape[2] - 1
    for place, to in (*((i, i - 1) for i in range(last, 0, -1)), *((i, i + 1) for i in range(last))):
        few = kish(table[1, :, place], table[2, :, place]) < ROWS_OF_A_BIN
        table[:, few, to] += table[:, few, place]
        table[:, few, place] = 0.0
    return table

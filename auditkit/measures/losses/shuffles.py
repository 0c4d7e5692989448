"""Compiled: Welch's statistic of groups drawn at random from all rows, many groups from one shuffled order."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit.measures.compiled.kernels import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Counts: TypeAlias = NDArray[np.int64]


@compiled
def shuffled_statistics(
    rows: Floats, order: Counts, sizes: Counts, column: Counts, found: Floats, rng: np.random.Generator
) -> None:
    """Fill found[b, j] with Welch's t, against the other rows, of `sizes[j]` rows drawn without replacement.

    `rows` float64 [n, 1 + c] holds each row's weight and values, from their mean; `column` [m] names the value
    of each comparison; `sizes` [m] never falls. `order` is any order of the rows and is left shuffled. All
    comparisons of a draw read the same shuffled rows from the front.
    """
    n, c = rows.shape[0], rows.shape[1] - 1
    total, drawn = np.zeros(2 + 2 * c), np.zeros(2 + 2 * c)
    for row in range(n):
        _add(total, rows, row)
    for b in range(found.shape[0]):
        drawn[:] = 0.0
        taken = 0
        for j in range(len(sizes)):
            while taken < sizes[j]:
                other = taken + int(rng.random() * (n - taken))
                order[taken], order[other] = order[other], order[taken]
                _add(drawn, rows, order[taken])
                taken += 1
            found[b, j] = _welch_statistic(drawn, total, 2 + 2 * column[j])


@compiled
def _add(sums: Floats, rows: Floats, row: int) -> None:
    """Add a row to the sums of w and w², and of w v and w v² for each value v."""
    weight = rows[row, 0]
    sums[0] += weight
    sums[1] += weight * weight
    for c in range(1, rows.shape[1]):
        value = rows[row, c]
        sums[2 * c] += weight * value
        sums[2 * c + 1] += weight * value * value


@compiled
def _welch_statistic(mine: Floats, total: Floats, at: int) -> float:
    """Return (mean - mean of the others) / standard error, of the value whose sums are at `at` and after."""
    mean1, square1 = _mean_and_error(mine[0], mine[1], mine[at], mine[at + 1])
    mean2, square2 = _mean_and_error(
        total[0] - mine[0], total[1] - mine[1], total[at] - mine[at], total[at + 1] - mine[at + 1]
    )
    gap, square = mean1 - mean2, square1 + square2
    if square > 0.0:
        return gap / math.sqrt(square)
    return math.copysign(math.inf, gap) if gap != 0.0 else 0.0


@compiled
def _mean_and_error(weight: float, squares: float, first: float, second: float) -> tuple[float, float]:
    """Return a mean and the square of its standard error, with Kish's effective rows."""
    mean, effective = first / weight, weight * weight / squares
    return mean, max(second / weight - mean * mean, 0.0) / (effective - 1.0)

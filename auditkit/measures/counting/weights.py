"""Row weights: checked, in a unit in which their squares can be summed, and the rows that they are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit.errors import DataError
from auditkit.values.grouping import Cells

if TYPE_CHECKING:
    from numpy.typing import NDArray

Weights: TypeAlias = "NDArray[np.float64] | Cells | None"
"""A weight for each row, float [n]; what each stands for, where rows are cells of rows; or none."""

_FARTHEST = 300
"""Binary exponents beyond which the largest weight is brought near 1: sums of its products would leave float64."""


def checked_weights(weights: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return weights float64 [n] in a unit of their own, or raise DataError unless all are finite and not negative.

    The unit is 1 unless the largest weight is beyond 2^±300; then it is a power of two near it, so that weights times
    1e-200 or 1e160 give the same rates and intervals. Nothing here depends on the unit.
    """
    found = np.asarray(weights, dtype=np.float64)
    if not (np.isfinite(found).all() and (found >= 0).all()):
        message = "row weights must be finite and not negative"
        raise DataError(message)
    exponent = int(np.frexp(found.max(initial=0.0))[1])
    return np.ldexp(found, -exponent) if abs(exponent) > _FARTHEST else found


def summed(
    place: NDArray[np.int64], weights: Weights, *, kept: NDArray[np.bool_], size: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the sums of 1 int64 [size], of w and of w² float64 [size], over the kept rows [n] of each place int [m].

    Without weights the last two are one array. Raises DataError for weights that are not finite or negative.
    """
    if isinstance(weights, Cells):
        some = weights if kept.all() else weights[kept]
        counts = np.bincount(place, weights=some.rows, minlength=size).astype(np.int64)
        terms = (some.weights,) if some.squares is some.weights else (some.weights, some.squares)
    else:
        counts = np.bincount(place, minlength=size).astype(np.int64)
        if weights is None:
            table = counts.astype(np.float64)
            return counts, table, table
        heavy = checked_weights(weights if kept.all() else weights[kept])
        terms = (heavy, heavy**2)
    table, *squares = (np.bincount(place, weights=one, minlength=size).astype(np.float64) for one in terms)
    return counts, table, squares[0] if squares else table


def kish(weight: NDArray[np.float64], squares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (Σw)² / Σw², the rows of equal weight that carry as much information; 0 where nothing weighs.

    Kish, Survey Sampling, 1965, section 8.2.
    """
    return np.divide(weight**2, squares, out=np.zeros_like(weight), where=squares > 0)


def sum_of_others(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return, for each group, the sum over all other groups, [g, ...] of [g, ...].

    They are added up: subtracted from the whole, a small rest beside a huge group would lose its digits.
    """
    before, after = np.zeros_like(sums), np.zeros_like(sums)
    before[1:] = np.cumsum(sums[:-1], axis=0)
    after[:-1] = np.cumsum(sums[:0:-1], axis=0)[::-1]
    return before + after


def middle_of(values: NDArray[np.float64]) -> float:
    """Return the value in the middle of float [n], 0 for none: a number that the others lie around."""
    return float(np.partition(values, len(values) // 2)[len(values) // 2]) if len(values) else 0.0

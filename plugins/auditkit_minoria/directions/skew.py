"""Pearson's median skewness of projections, the score of every Minoria search (paper, eq. 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

Side: TypeAlias = Literal["upper", "lower"]

SIGN: Mapping[Side, float] = {"upper": 1.0, "lower": -1.0}

CELLS_AT_ONCE = 1 << 21
"""Projections held at a time: 16 MB, and a copy for the median."""

ROUNDING = 64 * np.finfo(np.float64).eps
"""A spread below this share of the largest value is rounding, not spread."""


def pearson_skew(projection: NDArray[np.float64]) -> float:
    """Return 3 (mean - median) / sd of the values [n], with n in the sd; 0 where all are equal. Size <= 3."""
    return float(_skews_of_rows(projection[None, :].astype(np.float64))[0])


def long_side(skew: float) -> Side:
    """Return the side on which the long tail lies: the lower one for negative skew."""
    return "lower" if skew < 0 else "upper"


def skews(points: NDArray[np.float64], directions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the skew [m] of points [n, d] projected on each direction [m, d], a few directions at a time."""
    step = max(1, CELLS_AT_ONCE // max(1, len(points)))
    chunks = [
        _skews_of_rows(directions[start : start + step] @ points.T)
        for start in range(0, len(directions), step)
    ]
    return np.concatenate(chunks) if chunks else np.zeros(0)


def _skews_of_rows(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the skew of each row of values [m, n], which are overwritten."""
    m, n = values.shape
    if n == 0:
        return np.zeros(m)
    largest = np.abs(values).max(axis=1)
    values -= values[:, :1].copy()  # a constant row becomes exactly 0, and a far-off mean loses no digits
    mean = values.mean(axis=1)
    sd = np.sqrt(np.maximum(np.einsum("ij,ij->i", values, values) / n - mean * mean, 0.0))
    upper = n // 2
    lower = upper if n % 2 else upper - 1
    values.partition((lower, upper) if lower < upper else upper, axis=1)
    median = (values[:, lower] + values[:, upper]) / 2
    spread = sd > ROUNDING * largest
    return np.where(spread, 3 * (mean - median) / np.where(spread, sd, 1.0), 0.0)

"""Student's and Welch's intervals of means and of their differences, over whole arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit.measures.special import stdtrit

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    BoundsAndDegrees: TypeAlias = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def mean_interval(
    mean: ArrayLike, error: ArrayLike, degrees: ArrayLike, confidence: float = 0.95
) -> BoundsAndDegrees:
    """Return Student's interval of a mean and its degrees of freedom, each [...]; NaN for less than one degree.

    `error` is the mean's squared error: s² / n of n independent rows, which has n - 1 degrees of freedom.
    """
    known = np.asarray(degrees, dtype=np.float64)
    known = np.where(known >= 1.0, known, np.nan)
    half = stdtrit(known, (1.0 + confidence) / 2.0) * np.sqrt(np.asarray(error, dtype=np.float64))
    middle: NDArray[np.float64] = np.asarray(mean, dtype=np.float64)
    return middle - half, middle + half, known


def gap_interval(
    gap: ArrayLike,
    errors: tuple[ArrayLike, ArrayLike],
    degrees: tuple[ArrayLike, ArrayLike],
    confidence: float = 0.95,
    *,
    error: ArrayLike | None = None,
) -> BoundsAndDegrees:
    """Return Welch's interval of a difference of two means and its degrees of freedom, each [...].

    `errors` are the means' squared errors, with `degrees` of freedom each. The gap's own squared `error` is their sum,
    unless the means depend on each other. Satterthwaite's degrees of freedom; NaN where a side has less than one.
    """
    error1, error2 = (np.asarray(one, dtype=np.float64) for one in errors)
    known1, known2 = (np.where(np.asarray(one) >= 1.0, one, np.nan) for one in degrees)
    total = error1 + error2
    # Shares, not squares: the square of a tiny variance is 0 in floating point.
    share = np.divide(error1, total, out=np.full(np.shape(total), 0.5), where=total > 0)
    freedom = 1.0 / (share**2 / known1 + (1.0 - share) ** 2 / known2)
    half = stdtrit(freedom, (1.0 + confidence) / 2.0) * np.sqrt(total if error is None else np.asarray(error))
    middle: NDArray[np.float64] = np.asarray(gap, dtype=np.float64)
    return middle - half, middle + half, freedom


def welch(
    mean1: ArrayLike,
    var1: ArrayLike,
    n1: ArrayLike,
    mean2: ArrayLike,
    var2: ArrayLike,
    n2: ArrayLike,
    confidence: float = 0.95,
) -> BoundsAndDegrees:
    """Return Welch's interval of mean1 - mean2 and its degrees of freedom, each [...]; NaN where an n < 2.

    Welch, Biometrika 34, 1947. Variances have n - 1 in the denominator.
    Two constant samples have an interval of no width.
    """
    sizes = [np.asarray(n, dtype=np.float64) for n in (n1, n2)]
    errors = [
        np.asarray(variance) / np.where(n >= 2, n, np.nan)
        for variance, n in zip((var1, var2), sizes, strict=True)
    ]
    gap = np.asarray(mean1, dtype=np.float64) - np.asarray(mean2, dtype=np.float64)
    return gap_interval(gap, (errors[0], errors[1]), (sizes[0] - 1.0, sizes[1] - 1.0), confidence)

"""Student's and Welch's intervals of means and of their differences, over whole arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from scipy.special import stdtrit

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    BoundsAndDegrees: TypeAlias = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def mean_interval(
    mean: ArrayLike, variance: ArrayLike, n: ArrayLike, confidence: float = 0.95
) -> BoundsAndDegrees:
    """Return Student's interval of a mean and its degrees of freedom, each [...]; NaN where n < 2.

    `variance` is the sample variance with n - 1 in the denominator.
    """
    n = np.asarray(n, dtype=np.float64)
    degrees = np.where(n >= 2, n - 1.0, np.nan)
    error = np.sqrt(np.asarray(variance, dtype=np.float64) / np.maximum(n, 1.0))
    half = stdtrit(degrees, (1.0 + confidence) / 2.0) * error
    return mean - half, mean + half, degrees


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

    Welch, Biometrika 34, 1947; Satterthwaite's degrees of freedom. Variances have n - 1 in the denominator.
    Two constant samples have an interval of no width.
    """
    n1, n2 = np.asarray(n1, dtype=np.float64), np.asarray(n2, dtype=np.float64)
    known = (n1 >= 2) & (n2 >= 2)
    size1, size2 = np.where(known, n1, 2.0), np.where(known, n2, 2.0)
    error1, error2 = np.asarray(var1) / size1, np.asarray(var2) / size2
    total = error1 + error2
    # Shares, not squares: the square of a tiny variance is 0 in floating point.
    share = np.divide(error1, total, out=np.full(np.shape(total), 0.5), where=total > 0)
    degrees = 1.0 / (share**2 / (size1 - 1.0) + (1.0 - share) ** 2 / (size2 - 1.0))
    half = stdtrit(degrees, (1.0 + confidence) / 2.0) * np.sqrt(total)
    gap: NDArray[np.float64] = np.asarray(mean1, dtype=np.float64) - np.asarray(mean2, dtype=np.float64)
    nowhere = np.where(known, 0.0, np.nan)
    return gap - half + nowhere, gap + half + nowhere, degrees + nowhere

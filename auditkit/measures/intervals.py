"""Closed-form confidence intervals of rates, means and their differences, over whole arrays.

Arguments stand in the order of the formulas, one side after the other, as in the papers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from scipy.special import ndtri, stdtrit

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Bounds: TypeAlias = tuple[NDArray[np.float64], NDArray[np.float64]]
    BoundsAndDegrees: TypeAlias = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def normal_quantile(confidence: float) -> float:
    """Return z such that a standard normal lies in [-z, z] with this confidence."""
    return -float(ndtri((1.0 - confidence) / 2.0))


def wilson(x: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> Bounds:
    """Return Wilson's score interval of x successes in n rows, each [...]; [0, 1] where n is 0.

    Wilson, JASA 22, 1927. n may be an effective number of rows, so neither needs to be whole.
    """
    z = normal_quantile(confidence)
    return score_bound(x, n, z), score_bound(x, n, -z)


def score_bound(x: ArrayLike, n: ArrayLike, z: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rate z standard errors, taken at that rate, below x / n; above it for negative z."""
    x, n = np.asarray(x, dtype=np.float64), np.asarray(n, dtype=np.float64)
    spread = np.divide(x * (n - x), n, out=np.zeros(np.broadcast(x, n).shape), where=n > 0)
    # x may exceed an effective n by a rounding error.
    spread = np.sqrt(np.maximum(spread, 0.0) + z * z / 4.0)
    middle = x + z * z / 2.0 - z * spread
    total = n + z * z
    bound = np.divide(middle, total, out=np.zeros_like(spread), where=total > 0)
    # All successes give 1 only up to rounding, and a bound of 1 - 1e-16 would exclude the truth.
    bound = np.where((x >= n) & (z <= 0), 1.0, bound)
    return np.clip(bound, 0.0, 1.0)


def newcombe(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, confidence: float = 0.95) -> Bounds:
    """Return the hybrid score interval of x1 / n1 - x2 / n2, each [...]; [-1, 1] where an n is 0.

    Newcombe, Statistics in Medicine 17, 1998, method 10.
    """
    low1, high1 = wilson(x1, n1, confidence)
    low2, high2 = wilson(x2, n2, confidence)
    low, high = hybrid(_rate(x1, n1), low1, high1, _rate(x2, n2), low2, high2)
    known = (np.asarray(n1) > 0) & (np.asarray(n2) > 0)
    low, high = np.where(known, low, -1.0), np.where(known, high, 1.0)
    return np.clip(low, -1.0, 1.0), np.clip(high, -1.0, 1.0)


def hybrid(
    value1: ArrayLike,
    low1: ArrayLike,
    high1: ArrayLike,
    value2: ArrayLike,
    low2: ArrayLike,
    high2: ArrayLike,
) -> Bounds:
    """Return the interval of value1 - value2 from the interval of each, if the two are independent.

    Zou and Donner, Statistics in Medicine 27, 2008, equation 5 (MOVER).
    """
    v1, l1, h1 = np.asarray(value1), np.asarray(low1), np.asarray(high1)
    v2, l2, h2 = np.asarray(value2), np.asarray(low2), np.asarray(high2)
    gap = v1 - v2
    return gap - np.hypot(v1 - l1, h2 - v2), gap + np.hypot(h1 - v1, v2 - l2)


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


def _rate(x: ArrayLike, n: ArrayLike) -> NDArray[np.float64]:
    x, n = np.asarray(x, dtype=np.float64), np.asarray(n, dtype=np.float64)
    rate: NDArray[np.float64] = np.divide(x, n, out=np.zeros(np.broadcast(x, n).shape), where=n > 0)
    return rate

"""Multiple comparisons: adjusted p-values, and the level at which each bound has to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Correction: TypeAlias = Literal["holm", "bh", "none"]


def adjust(p_values: ArrayLike, method: Correction) -> NDArray[np.float64]:
    """Return adjusted p-values float64 [m] in the given order: comparing them with alpha decides.

    'holm' bounds the chance of any false rejection (Holm, Scand. J. Statistics 6, 1979) whatever the
    dependence; 'bh' the expected share of false ones (Benjamini and Hochberg, JRSS B 57, 1995).
    """
    p = np.asarray(p_values, dtype=np.float64)
    m, order = len(p), np.argsort(p, kind="stable")
    match method:
        case "none":
            return p.copy()
        case "holm":
            stepped = np.maximum.accumulate(p[order] * np.arange(m, 0, -1))
        case "bh":
            scaled = p[order] * m / np.arange(1, m + 1)
            stepped = np.minimum.accumulate(scaled[::-1])[::-1]
    adjusted = np.empty(m)
    # p m / m may round below p.
    adjusted[order] = np.clip(stepped, p[order], 1.0)
    return adjusted


def levels(p_values: ArrayLike, alpha: float, method: Correction = "holm") -> NDArray[np.float64]:
    """Return the one-sided level float64 [m] of each comparison: it is rejected exactly when p < level.

    A bound read at that level therefore clears its threshold exactly when the procedure rejects.
    """
    p = np.asarray(p_values, dtype=np.float64)
    match method:
        case "none":
            return np.full(len(p), alpha)
        case "holm":
            return holm_levels(p, alpha)
        case "bh":
            return bh_levels(p, alpha)


def holm_levels(p_values: ArrayLike, alpha: float) -> NDArray[np.float64]:
    """Return alpha / (m - rank) up to the first comparison that fails; those after it keep its level."""
    p = np.asarray(p_values, dtype=np.float64)
    m, order = len(p), np.argsort(p, kind="stable")
    steps = alpha / np.arange(m, 0, -1)
    failed = np.flatnonzero(p[order] >= steps)
    if len(failed):
        steps[failed[0] :] = steps[failed[0]]
    found = np.empty(m)
    found[order] = steps
    return found


def bh_levels(p_values: ArrayLike, alpha: float) -> NDArray[np.float64]:
    """Return alpha k / m for every comparison, k being how many are rejected, and at least 1.

    The level of intervals for selected parameters: Benjamini and Yekutieli, JASA 100, 2005.
    """
    p = np.sort(np.asarray(p_values, dtype=np.float64))
    m = len(p)
    passed = np.flatnonzero(p < alpha * np.arange(1, m + 1) / max(m, 1))
    k = passed[-1] + 1 if len(passed) else 1
    return np.full(m, alpha * k / max(m, 1))

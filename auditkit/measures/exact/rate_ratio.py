"""P-values and bounds of a ratio of two rates with standard errors, by Fieller, perhaps one of several at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.special import ndtr, ndtri

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit.measures.exact.sides import Side

    Floats = NDArray[np.float64]


def rate_ratio_p(value: Floats, basis: Floats, threshold: Floats, side: Side) -> Floats:  # noqa: ARG001  one signature for all
    """Return the p-value of H0 'ratio <= threshold' ('above') or '>= threshold' ('below'), float64 [m].

    `basis` [m, 5]: rate and error of the numerator, of the denominator, and how many ratios hold at once (Šidák).
    """
    top, top_error, over, over_error, together = basis.T
    t = np.maximum(threshold, 0.0)
    score = (top - t * over) / np.hypot(top_error, t * over_error)
    p = ndtr(-score if side == "above" else score)
    p = -np.expm1(together * np.log1p(-np.minimum(p, 1.0 - 1e-16)))
    return np.asarray(np.where(threshold < 0.0, 0.0 if side == "above" else 1.0, p), dtype=np.float64)


def rate_ratio_bound(value: Floats, basis: Floats, level: Floats, side: Side) -> Floats:  # noqa: ARG001
    """Return the one-sided bound at a level in (0, 1): at least 0, infinite where the denominator might be 0."""
    top, top_error, over, over_error, together = basis.T
    c = -ndtri(-np.expm1(np.log1p(-level) / together))
    if side == "below":
        c = -c
    steep_top, steep_over = top**2 - (c * top_error) ** 2, over**2 - (c * over_error) ** 2
    spread = (top_error * over) ** 2 + (over_error * top) ** 2 - (c * top_error * over_error) ** 2
    root = np.sqrt(np.maximum(spread, 0.0))
    # The two roots of (top - t over)² = c² variance, each in the form that does not cancel.
    low = np.divide(steep_top, top * over + c * root, out=np.zeros_like(top), where=steep_top > 0.0)
    high = np.divide(top * over - c * root, steep_over, out=np.full_like(top, np.inf), where=steep_over > 0.0)
    found: Floats = np.where(c > 0.0, low, high)
    return found

"""P-values and bounds of a measure in [0, 1] that is read on the logit scale, and of a difference of two of them.

At 0 and 1 the logit is infinite and the bounds are exact: a perfect area of m positives and n negatives is one of
min(m, n) disjoint pairs, which are independent, so that an area of t or less shows it with probability t^min(m, n).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.special import expit, logit, ndtr, stdtr, stdtrit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit.measures.exact.sides import Side

    Floats = NDArray[np.float64]

STEPS = 60
"""Halvings of the range of normal quantiles that a p-value lies in."""


def logit_p(value: Floats, basis: Floats, threshold: Floats, side: Side) -> Floats:
    """Return the p-value of H0 'truth <= threshold' ('above') or '>= threshold' ('below'), all float64 [m].

    `basis` [m, 3] is `Ranked.basis`. p < level exactly when logit_bound(level) lies strictly beyond the threshold.
    """
    if side == "below":
        return logit_p(1.0 - value, basis, 1.0 - threshold, "above")
    error, degrees, fewest = basis.T
    inside = np.clip(threshold, 0.0, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = stdtr(degrees, (logit(inside) - logit(value)) / error)
    p = np.where(value >= 1.0, inside**fewest, np.where(value <= 0.0, 1.0, p))
    return np.where(threshold < 0.0, 0.0, np.where(threshold >= 1.0, 1.0, np.nan_to_num(p, nan=1.0)))


def logit_bound(value: Floats, basis: Floats, level: Floats, side: Side) -> Floats:
    """Return the one-sided bound at a level in (0, 1): the low one for 'above', the high one for 'below'."""
    if side == "below":
        return 1.0 - logit_bound(1.0 - value, basis, level, "above")
    error, degrees, fewest = basis.T
    with np.errstate(divide="ignore", invalid="ignore"):
        low = expit(logit(value) + stdtrit(degrees, level) * error)
        exact = level ** (1.0 / fewest)
    return np.where(value >= 1.0, exact, np.where(value <= 0.0, 0.0, low))


def logit_gap_bound(value: Floats, basis: Floats, level: Floats, side: Side) -> Floats:
    """Return the bound of a difference of two independent measures from the bounds of each (MOVER).

    `basis` [m, 8] holds value and `Ranked.basis` of each side in turn. Zou and Donner, Statistics in Medicine 27, 2008.
    """
    (first, one), (second, two) = ((basis[:, i], basis[:, i + 1 : i + 4]) for i in (0, 4))
    other: Side = "below" if side == "above" else "above"
    mine, theirs = logit_bound(first, one, level, side), logit_bound(second, two, level, other)
    reach = np.copysign(np.hypot(first - mine, theirs - second), 0.5 - level)
    return np.clip(value - reach if side == "above" else value + reach, -1.0, 1.0)


def logit_gap_p(value: Floats, basis: Floats, threshold: Floats, side: Side) -> Floats:
    """Return the level at which the bound of the difference reaches the threshold."""
    low, high = np.full(len(value), -8.0), np.full(len(value), 36.0)

    def clears(z: Floats) -> NDArray[np.bool_]:
        bound = logit_gap_bound(value, basis, ndtr(-z), side)
        return bound > threshold if side == "above" else bound < threshold

    never, always = ~clears(low), clears(high)
    for _ in range(STEPS):
        middle = (low + high) / 2.0
        beyond = clears(middle)
        low, high = np.where(beyond, middle, low), np.where(beyond, high, middle)
    return np.where(never, 1.0, np.where(always, 0.0, ndtr(-low)))

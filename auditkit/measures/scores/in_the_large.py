"""P-values and bounds of calibration in the large: mean score minus the share in which the class occurred.

Two things are unsure. Given the scores, how often the class occurs: it is no more variable than a binomial count of the
same mean (Hoeffding, Annals of Mathematical Statistics 27, 1956), so an exact bound of the share moves the gap. And
which scores there are: Student's t of score - class has both. The larger p-value of the two counts, so that a group
without a case, whose scores hardly differ, is never certain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.exact.difference import difference_bound, difference_p
from auditkit.measures.exact.proportion import proportion_bound, proportion_p
from auditkit.measures.special import stdtr, stdtrit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit.measures.exact.sides import Side

    Floats = NDArray[np.float64]

OPPOSITE: dict[Side, Side] = {"above": "below", "below": "above"}


def large_p(value: Floats, basis: Floats, threshold: Floats, side: Side) -> Floats:
    """Return the p-value of H0 'gap <= threshold' ('above') or 'gap >= threshold' ('below'), float64 [m].

    `basis` [m, 5]: mean score, cases and rows (effective ones will do), standard error and degrees of the gap.
    """
    mean, x, n, error, degrees = basis.T
    exact = proportion_p(x, n, threshold=mean - threshold, side=OPPOSITE[side])
    return np.maximum(exact, _student_p(value, error, degrees, threshold, side))


def large_bound(value: Floats, basis: Floats, level: Floats, side: Side) -> Floats:
    """Return the one-sided bound of the gap at a level in (0, 1)."""
    mean, x, n, error, degrees = basis.T
    exact = mean - proportion_bound(x, n, level=level, side=OPPOSITE[side])
    return _further(exact, _student_bound(value, error, degrees, level, side), side)


def large_gap_p(value: Floats, basis: Floats, threshold: Floats, side: Side) -> Floats:
    """Return the same of a difference of two groups' gaps.

    `basis` [m, 7]: difference of the mean scores, cases and rows of each side, standard error and degrees.
    """
    mean, x1, n1, x2, n2, error, degrees = basis.T
    exact = difference_p(x1, n1, x2, n2, threshold=mean - threshold, side=OPPOSITE[side])
    return np.maximum(exact, _student_p(value, error, degrees, threshold, side))


def large_gap_bound(value: Floats, basis: Floats, level: Floats, side: Side) -> Floats:
    """Return the one-sided bound of a difference of two groups' gaps at a level in (0, 1)."""
    mean, x1, n1, x2, n2, error, degrees = basis.T
    exact = mean - difference_bound(x1, n1, x2, n2, level=level, side=OPPOSITE[side])
    return _further(exact, _student_bound(value, error, degrees, level, side), side)


def _student_p(value: Floats, error: Floats, degrees: Floats, threshold: Floats, side: Side) -> Floats:
    away = threshold - value if side == "above" else value - threshold
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where(error > 0.0, away / error, np.where(away < 0.0, -np.inf, np.inf))
    return np.asarray(stdtr(degrees, statistic), dtype=np.float64)


def _student_bound(value: Floats, error: Floats, degrees: Floats, level: Floats, side: Side) -> Floats:
    reach = stdtrit(degrees, level) * error
    return np.asarray(value + reach if side == "above" else value - reach, dtype=np.float64)


def _further(first: Floats, second: Floats, side: Side) -> Floats:
    return np.minimum(first, second) if side == "above" else np.maximum(first, second)

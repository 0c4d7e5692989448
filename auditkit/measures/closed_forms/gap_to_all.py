"""The gap between some of the rows and all rows, mean(part) - mean(all), and its bounds at any level.

It is (1 - share) (mean(part) - mean(rest)), and part and rest are independent. What its bounds rest on is kept in
the interval's basis, so that a verdict when the rows are there and a gate that has the report alone are one rule.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np

from auditkit.measures.exact.difference import difference_bound, difference_p
from auditkit.measures.special import ndtr, ndtri, stdtrit
from auditkit.values.finding import Interval

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from auditkit.measures.exact.sides import Side

    Floats = NDArray[np.float64]

LIGHT = (0.0, 0.0)
"""The tail of losses whose mean is nearly normal: not heavy, and nothing to say about its largest rows."""


def gap_of_counts(
    x1: float, n1: float, x2: float, n2: float, *, width: float = 1.0, confidence: float = 0.95
) -> Interval:
    """Return the interval of width n2 / (n1 + n2) (x1 / n1 - x2 / n2).

    x1 of the part's n1 rows and x2 of the rest's n2 have the larger one of two values that are `width` apart. The rule
    is that of a rate's gap to all other rows, see `exact.difference`.
    """
    basis = tuple(float(number) for number in (x1, n1, x2, n2, width))
    level = np.array([(1.0 - confidence) / 2.0])
    low, high = (counts_bound(np.array([basis]), level=level, side=side)[0] for side in ("above", "below"))
    return Interval(float(low), float(high), confidence, "gap_of_counts", basis)


def counts_p(basis: Floats, *, threshold: Floats, side: Side) -> Floats:
    """Return the p-value [m] of H0 'gap <= threshold' ('above') or '>= threshold' ('below'); bases [m, 5]."""
    factor, counts = _factor(basis), basis[:, :4].T
    # Where all rows are in the part the gap is 0, and nothing is shown of it.
    apart = np.divide(threshold, factor, out=np.zeros_like(factor), where=factor > 0)
    return np.where(factor > 0, difference_p(*counts, threshold=apart, side=side), 1.0)


def counts_bound(basis: Floats, *, level: Floats, side: Side) -> Floats:
    """Return the one-sided bound [m] at levels [m]: the low one for 'above', the high one for 'below'."""
    return _factor(basis) * difference_bound(*basis[:, :4].T, level=level, side=side) + 0.0


def _factor(basis: Floats) -> Floats:
    """Return what the difference of the two rates is multiplied by, [m]."""
    _, n1, _, n2, width = basis.T
    factor: Floats = width * np.divide(n2, n1 + n2, out=np.zeros_like(n2), where=n1 + n2 > 0)
    return factor


def gap_of_means(
    value: float,
    degrees: float,
    error: float,
    known: Sequence[tuple[float, float, float]] = (),
    *,
    tail: tuple[float, float] = LIGHT,
    confidence: float = 0.95,
) -> Interval:
    """Return Welch's interval of a gap with this standard error and these degrees of freedom.

    `known` holds, for some thresholds, (threshold, p_above, p_below): p-values of the claims that the truth lies
    above and below it that another test found, such as one by permutations. The larger p-value counts. `tail` is
    (1 if it is heavy else 0, share of the sum that the largest 1 % of rows hold): under a heavy tail nothing is claimed
    but what the other test shows, whatever the interval that is printed.
    """
    numbers = (float(number) for one in known for number in one)
    basis = (float(degrees), float(error), *map(float, tail), *numbers)
    z = -float(ndtri((1.0 - confidence) / 2.0))
    light = (*basis[:2], *LIGHT, *basis[4:])
    low, high = (means_bound(value, light, side)(z) for side in ("above", "below"))
    return Interval(low, high, confidence, "gap_of_means", basis)


def means_bound(
    value: float, basis: Sequence[float], side: Literal["above", "below"]
) -> Callable[[float], float]:
    """Return the bound as a function of z: Welch's, drawn back to a threshold that is not known to be cleared.

    Under a heavy tail it is the number next to the furthest threshold that is known to be cleared, else infinite.
    """
    degrees, error, heavy, _, *numbers = basis
    sign = 1.0 if side == "above" else -1.0
    # Turned so that a bound for "below" is the low end of the opposite gap.
    known = [
        (sign * numbers[i], numbers[i + 1] if side == "above" else numbers[i + 2])
        for i in range(0, len(numbers), 3)
    ]

    def bound(z: float) -> float:
        level = float(ndtr(-z))
        reach = math.copysign(-float(stdtrit(degrees, float(ndtr(-abs(z))))), z) * error
        low = min(sign * value - reach, *(t for t, p in known if p >= level), math.inf)
        if heavy:
            shown = [t for t, p in known if p < level and t < low]
            low = math.nextafter(max(shown), math.inf) if shown else -math.inf
        return sign * low + 0.0

    return bound

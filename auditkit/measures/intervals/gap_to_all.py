"""The gap between some of the rows and all rows, mean(part) - mean(all), and its bounds at any level.

It is (1 - share) (mean(part) - mean(rest)), and part and rest are independent. What its bounds rest on is kept in
the interval's basis, so that a verdict when the rows are there and a gate that has the report alone are one rule.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from scipy.special import betaincinv, ndtr, ndtri, stdtrit

from auditkit.measures.exact.score import score_bound
from auditkit.measures.intervals.mover import hybrid
from auditkit.values.finding import Interval

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def gap_of_counts(
    x1: float, n1: float, x2: float, n2: float, *, width: float = 1.0, confidence: float = 0.95
) -> Interval:
    """Return the interval of width n2 / (n1 + n2) (x1 / n1 - x2 / n2).

    x1 of the part's n1 rows and x2 of the rest's n2 have the larger one of two values that are `width` apart. See
    `counts_bound` for the rule.
    """
    basis = tuple(float(number) for number in (x1, n1, x2, n2, width))
    low, high = (counts_bound(basis, side)(_quantile(confidence)) for side in ("above", "below"))
    return Interval(low, high, confidence, "gap_of_counts", basis)


def gap_of_means(
    value: float,
    degrees: float,
    error: float,
    known: Sequence[tuple[float, float, float]] = (),
    *,
    confidence: float = 0.95,
) -> Interval:
    """Return Welch's interval of a gap with this standard error and these degrees of freedom.

    `known` holds, for some thresholds, (threshold, p_above, p_below): p-values of the claims that the truth lies
    above and below it that another test found, such as one by permutations. The larger p-value counts.
    """
    basis = (float(degrees), float(error), *(float(number) for one in known for number in one))
    low, high = (means_bound(value, basis, side)(_quantile(confidence)) for side in ("above", "below"))
    return Interval(low, high, confidence, "gap_of_means", basis)


def counts_bound(basis: Sequence[float], side: Literal["above", "below"]) -> Callable[[float], float]:
    """Return the bound as a function of z, the normal quantile of its one-sided level.

    The claim that the difference lies above t has the largest p-value of Newcombe's, of the binomial one with the
    rest's rate taken for known, and, from t = 0 on, of Fisher's: far in the tail, and after a correction it always
    is, Newcombe's alone is too small. Below likewise.
    """
    from scipy.stats import hypergeom  # takes 0.4 s to import

    x1, n1, x2, n2, width = basis
    factor = width * n2 / (n1 + n2)
    among = (n1 + n2, x1 + x2, n1)
    fisher = float(hypergeom.sf(x1 - 1, *among) if side == "above" else hypergeom.cdf(x1, *among))
    sign = 1.0 if side == "above" else -1.0

    def bound(z: float) -> float:
        level = float(ndtr(-z))
        binomial = _exact_rate(x1, n1, level, side) - x2 / n2
        # Turned so that a bound for "below" is the low end of the opposite difference.
        nearest = min(sign * _newcombe(x1, n1, x2, n2, z=sign * z), sign * binomial)
        if nearest > 0 and fisher >= level:
            nearest = 0.0
        return factor * sign * nearest + 0.0

    return bound


def means_bound(
    value: float, basis: Sequence[float], side: Literal["above", "below"]
) -> Callable[[float], float]:
    """Return the bound as a function of z: Welch's, drawn back to a threshold that is not known to be cleared."""
    degrees, error, *numbers = basis
    known = [tuple(numbers[i : i + 3]) for i in range(0, len(numbers), 3)]

    def bound(z: float) -> float:
        level = float(ndtr(-z))
        reach = math.copysign(-float(stdtrit(degrees, float(ndtr(-abs(z))))), z) * error
        if side == "above":
            return min(value - reach, *(t for t, p, _ in known if p >= level), math.inf)
        return max(value + reach, *(t for t, _, p in known if p >= level), -math.inf)

    return bound


def _newcombe(x1: float, n1: float, x2: float, n2: float, *, z: float) -> float:
    """Return the low end of Newcombe's interval of x1 / n1 - x2 / n2 for z > 0, the high end for z < 0."""
    far1, far2 = float(score_bound(x1, n1, z)), float(score_bound(x2, n2, -z))
    p1, p2 = x1 / n1, x2 / n2
    low, high = hybrid(p1, min(far1, p1), max(far1, p1), p2, min(far2, p2), max(far2, p2))
    return float(low if z > 0 else high)


def _exact_rate(x: float, n: float, level: float, side: Literal["above", "below"]) -> float:
    """Return the one-sided bound of a rate by Clopper and Pearson, Biometrika 26, 1934."""
    if side == "above":
        return float(betaincinv(x, n - x + 1, level)) if x > 0 else 0.0
    # From the near tail: 1 - level would lose the digits of a small level.
    return 1.0 - float(betaincinv(n - x, x + 1, level)) if x < n else 1.0


def _quantile(confidence: float) -> float:
    return -float(ndtri((1.0 - confidence) / 2.0))

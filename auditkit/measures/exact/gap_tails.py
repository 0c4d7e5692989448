"""Kernel: the tail of a difference of two proportions at their most likely rates, of plain numbers."""

from __future__ import annotations

import math

from auditkit.measures.compiled.kernels import compiled
from auditkit.measures.exact.binomial_tails import binomial_at_least, binomial_mass
from auditkit.measures.exact.saddlepoint import sum_at_least

FEW = 100.0
"""Up to this variance of either count, in rows², the tail is summed over that count."""

SUMMED = 400.0
"""Up to this variance the distribution of the other count is summed along with it."""


@compiled
def whole_counts(x1: float, n1: float, x2: float, n2: float) -> tuple[float, float, float, float]:
    """Return whole counts that say no more for p1 > p2 than these: each moves to the next against it.

    Events of the first group down and its rows up, the second's the other way. A count within a rounding
    error of a whole number is that number.
    """
    events1, rows1 = math.floor(x1 + 1e-9 * (1.0 + x1)), math.ceil(n1 - 1e-9 * (1.0 + n1))
    events2, rows2 = math.ceil(x2 - 1e-9 * (1.0 + x2)), math.floor(n2 + 1e-9 * (1.0 + n2))
    return events1, max(rows1, events1, 1.0), events2, max(rows2, events2, 1.0)


@compiled
def restricted_rates(x1: float, n1: float, x2: float, n2: float, threshold: float) -> tuple[float, float]:
    """Return the most likely (p1, p2) with p1 - p2 = threshold.

    Miettinen and Nurminen, Statistics in Medicine 4, 1985. The slope of the likelihood falls along p2, and a
    bisection keeps the digits that their cubic loses where a rate is small.
    """
    low, high = max(0.0, -threshold), min(1.0, 1.0 - threshold)
    for _ in range(60):
        p2 = (low + high) / 2.0
        p1 = p2 + threshold
        slope = x2 / p2 - (n2 - x2) / (1.0 - p2) if 0.0 < p2 < 1.0 else 0.0
        slope += x1 / p1 - (n1 - x1) / (1.0 - p1) if 0.0 < p1 < 1.0 else 0.0
        if slope > 0.0:
            low = p2
        else:
            high = p2
    p2 = (low + high) / 2.0
    return min(max(p2 + threshold, 0.0), 1.0), p2


@compiled
def gap_at_least(x1: float, n1: float, x2: float, n2: float, threshold: float) -> float:
    """Return P(X1 / n1 - X2 / n2 >= x1 / n1 - x2 / n2) at the rates restricted to `threshold`; whole numbers.

    It only ever grows with the threshold: p1 of the restricted rates rises with it, and p2 falls.
    """
    p1, p2 = restricted_rates(x1, n1, x2, n2, threshold)
    gap, error = x1 / n1 - x2 / n2, math.sqrt(p1 * (1.0 - p1) / n1 + p2 * (1.0 - p2) / n2)
    if gap - threshold < -30.0 * error:
        return 1.0
    spread1, spread2 = (x1 + 0.5) * (n1 - x1 + 0.5) / n1, (x2 + 0.5) * (n2 - x2 + 0.5) / n2
    summed = n1 * p1 * (1.0 - p1) if spread1 <= spread2 else n2 * p2 * (1.0 - p2)
    if min(spread1, spread2) > FEW or summed > 100.0 * FEW:
        return _saddlepoint_tail(n1, p1, n2, p2, gap)
    if spread1 <= spread2:
        return _summed(x1, n1, p1, x2, n2, p2)
    return _summed(n2 - x2, n2, 1.0 - p2, n1 - x1, n1, 1.0 - p1)


@compiled
def _saddlepoint_tail(n1: float, p1: float, n2: float, p2: float, gap: float) -> float:
    """Return P(X1 / n1 - X2 / n2 >= gap), the step of the lattice being the finer of the two."""
    return sum_at_least(gap, (1.0, -1.0), (n1, n2), (p1, p2), 1.0 / max(n1, n2))


@compiled
def _summed(x1: float, n1: float, p1: float, x2: float, n2: float, p2: float) -> float:
    """Return P(X1 / n1 - X2 / n2 >= x1 / n1 - x2 / n2), summed over X1 upwards: X2 may then be at most c."""
    spread1, spread2 = math.sqrt(n1 * p1 * (1.0 - p1)), math.sqrt(n2 * p2 * (1.0 - p2))
    k = max(math.floor(min(x1, n1 * p1) - 9.0 * spread1), math.ceil(x1 - x2 * n1 / n2), 0.0)
    # Further down X2 has no mass that a float holds.
    k = max(k, math.ceil(x1 + (n2 * p2 - 30.0 * spread2 - x2) * n1 / n2))
    sure = min(n2, n2 * p2 + 9.0 * spread2 + 40.0)
    odds1 = p1 / (1.0 - p1) if p1 < 1.0 else math.inf
    odds2 = p2 / (1.0 - p2) if p2 < 1.0 else math.inf
    mass1, total = binomial_mass(k, n1, p1), 0.0
    at, mass2, within = -1.0, 0.0, 0.0
    while k <= n1 and (mass1 > 1e-17 * total or k <= n1 * p1):
        c = x2 + math.floor((k - x1) * n2 / n1)
        if c >= sure:
            within = 1.0
        elif spread2 * spread2 > SUMMED:
            within = binomial_at_least(n2 - c, n2, 1.0 - p2)
        elif at < 0.0:
            at, mass2 = c, binomial_mass(c, n2, p2)
            within = _at_most(c, n2, p2)
        while 0.0 <= at < c < sure:
            mass2 *= (n2 - at) / (at + 1.0) * odds2
            at += 1.0
            within += mass2
        total += mass1 * min(within, 1.0)
        mass1 *= (n1 - k) / (k + 1.0) * odds1
        k += 1.0
    return min(total, 1.0)


@compiled
def _at_most(c: float, n: float, p: float) -> float:
    """Return P(X <= c) of X ~ Binomial(n, p), summed from c downwards."""
    mass, total = binomial_mass(c, n, p), 0.0
    while c >= 0.0 and (mass > 1e-17 * total or c >= n * p):
        total += mass
        mass *= c / (n - c + 1.0) * (1.0 - p) / p
        c -= 1.0
    return min(total, 1.0)

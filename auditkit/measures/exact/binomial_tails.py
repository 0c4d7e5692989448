"""Kernels: the tails of a binomial and of the hypergeometric distribution, of plain numbers.

Where a count varies little its tail is summed, exactly. Where it varies much the tail is a saddlepoint
approximation with a correction for continuity, whose relative error is below 1e-3 there: no loop is longer
than some hundred terms, whatever the number of rows.
"""

from __future__ import annotations

import math

from auditkit.measures.compiled.kernels import compiled

FISHER_SUMMED = 1000.0
"""Up to this variance, in rows², Fisher's tail is summed: some 300 terms."""


@compiled
def normal_above(z: float) -> float:
    """Return the chance that a standard normal lies above z."""
    return 0.5 * math.erfc(z / math.sqrt(2.0))


@compiled
def lugannani_rice(w: float, u: float, skewness: float) -> float:
    """Return the saddlepoint tail of w, the signed root of twice the exponent, and u, the saddlepoint's size.

    Lugannani and Rice, Advances in Applied Probability 12, 1980. Near the mean, where it is 0 / 0, its limit.
    """
    density = math.exp(-0.5 * w * w) / math.sqrt(2.0 * math.pi)
    correction = 1.0 / u - 1.0 / w if abs(w) > 1e-3 else -skewness / 6.0
    return min(max(normal_above(w) + density * correction, 0.0), 1.0)


@compiled
def relative_entropy(x: float, n: float, p: float) -> float:
    """Return n KL(x / n || p), the binomial's exponent at 0 < x < n, in nats.

    Both logarithms are taken of the same x - n p: from rates they would lose eight digits at n = 1e8.
    """
    off = x - n * p
    return x * math.log1p(off / (n * p)) + (n - x) * math.log1p(-off / (n * (1.0 - p)))


@compiled
def binomial_mass(k: float, n: float, p: float) -> float:
    """Return P(X = k) of X ~ Binomial(n, p)."""
    if k > n:
        return 0.0
    if p <= 0.0:
        return 1.0 if k == 0.0 else 0.0
    if p >= 1.0:
        return 1.0 if k == n else 0.0
    return math.exp(log_ways(n, k) + k * math.log(p) + (n - k) * math.log1p(-p))


@compiled
def log_ways(n: float, k: float) -> float:
    """Return the logarithm of the number of ways to choose k of n, whole numbers.

    Not by log-gammas: their difference loses eight digits at n = 1e8. Loader, Fast and Accurate Computation of Binomial
    Probabilities, 2000.
    """
    if k <= 0.0 or k >= n:
        return 0.0
    rest = n - k
    spread = 0.5 * math.log(n / (2.0 * math.pi * k * rest))
    near = stirling_error(n) - stirling_error(k) - stirling_error(rest)
    return near + k * math.log(n / k) + rest * math.log(n / rest) + spread


@compiled
def stirling_error(n: float) -> float:
    """Return what Stirling's formula (n + 1/2) log n - n + log(2 pi) / 2 lacks of log n!, n = 1, 2, ..."""
    if n >= 16.0:
        square = n * n
        return (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - 1.0 / 1680.0 / square) / square) / square) / n
    factorial = 1.0
    for factor in range(2, int(n) + 1):
        factorial *= factor
    return math.log(factorial) - (n + 0.5) * math.log(n) + n - 0.5 * math.log(2.0 * math.pi)


@compiled
def binomial_at_least(k: float, n: float, p: float) -> float:
    """Return P(X >= k) of X ~ Binomial(n, p), 0 < p < 1, for a variance of 100 or more.

    With the second continuity correction of Daniels, International Statistical Review 55, 1987.
    """
    middle = k - 0.5
    if middle <= 0.0:
        return 1.0
    if middle >= n:
        return 0.0
    rate = middle / n
    tilt = math.log(rate / p) - math.log((1.0 - rate) / (1.0 - p))
    w = math.copysign(math.sqrt(2.0 * max(relative_entropy(middle, n, p), 0.0)), tilt)
    u = 2.0 * math.sinh(tilt / 2.0) * math.sqrt(n * rate * (1.0 - rate))
    return lugannani_rice(w, u, (1.0 - 2.0 * p) / math.sqrt(n * p * (1.0 - p)))


@compiled
def fisher_tail(x1: float, n1: float, x2: float, n2: float) -> float:
    """Return the chance of x1 or more events among n1 rows, if the x1 + x2 events fall on any of n1 + n2 rows.

    Fisher's exact test, one-sided, of whole numbers.
    """
    rows, events = n1 + n2, x1 + x2
    if x1 <= max(0.0, events - n2):
        return 1.0
    if n1 * (events / rows) * ((rows - events) / rows) * (n2 / rows) > FISHER_SUMMED:
        return _fisher_saddlepoint(x1, n1, x2, n2)
    if x1 > n1 * events / rows:
        return _fisher_sum(x1, n1, x2, n2)
    # Fewer than x1 events in the first group are more than x2 in the second.
    return 1.0 - _fisher_sum(x2 + 1.0, n2, x1 - 1.0, n1)


@compiled
def _fisher_sum(x1: float, n1: float, x2: float, n2: float) -> float:
    """Sum the hypergeometric masses from x1 upwards: they fall, for x1 lies above the mean."""
    mass = math.exp(log_ways(n1, x1) + log_ways(n2, x2) - log_ways(n1 + n2, x1 + x2))
    total = 0.0
    while mass > 1e-17 * total and x2 >= 0.0 and x1 <= n1:
        total += mass
        mass *= (n1 - x1) * x2 / ((x1 + 1.0) * (n2 - x2 + 1.0))
        x1, x2 = x1 + 1.0, x2 - 1.0
    return min(total, 1.0)


@compiled
def _fisher_saddlepoint(x1: float, n1: float, x2: float, n2: float) -> float:
    """Return Fisher's tail by the double saddlepoint: Skovgaard, Journal of Applied Probability 24, 1987."""
    pooled = (x1 + x2) / (n1 + n2)
    p1, p2 = (x1 - 0.5) / n1, (x2 + 0.5) / n2
    tilt = math.log(p1 / p2) - math.log((1.0 - p1) / (1.0 - p2))
    exponent = relative_entropy(x1 - 0.5, n1, pooled) + relative_entropy(x2 + 0.5, n2, pooled)
    w = math.copysign(math.sqrt(2.0 * max(exponent, 0.0)), tilt)
    spread1, spread2 = n1 * p1 * (1.0 - p1), n2 * p2 * (1.0 - p2)
    total = (n1 + n2) * pooled * (1.0 - pooled)
    u = 2.0 * math.sinh(tilt / 2.0) * math.sqrt(spread1 * spread2 / total)
    size = n1 / (n1 + n2)
    skewness = (1.0 - 2.0 * size) * (1.0 - 2.0 * pooled) / math.sqrt(total * size * (1.0 - size))
    return lugannani_rice(w, u, skewness)

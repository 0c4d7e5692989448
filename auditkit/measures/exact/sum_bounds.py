"""Kernels: the p-value and the bound of the claim that a weighted sum of independent proportions lies above t.

A difference is the sum of weights 1 and -1; the rule is that of `exact_difference` and `exact_sum`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

from auditkit.measures.compiled.kernels import compiled
from auditkit.measures.exact.binomial_tails import fisher_tail, normal_above
from auditkit.measures.exact.gap_tails import gap_at_least, whole_counts
from auditkit.measures.exact.proportion import EXACT_SHARE
from auditkit.measures.exact.saddlepoint import sum_at_least

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

LOWEST, HIGHEST = -8.0, 36.0
"""Normal quantiles of the one-sided levels that are told apart: nearly 1, and 4e-284."""


@compiled
def many_p(weight: Floats, x: Floats, n: Floats, threshold: Floats, rates: Floats, found: Floats) -> None:
    """Fill found[m] with the p-value of each H0 'sum of weight_c p_c <= threshold', of counts [m, c].

    It only ever grows with the threshold. `rates` [c] is room to work in.
    """
    least, largest = _range(weight)
    for i in range(len(x)):
        if threshold[i] < least:
            found[i] = 0.0
        elif threshold[i] >= largest or not _counted(n[i]):
            found[i] = 1.0
        else:
            p = max(
                _mover_p(weight, x[i], n[i], threshold[i]),
                _exact_tail(weight, x[i], n[i], threshold[i], rates),
            )
            found[i] = max(p, _floor(weight, x[i], n[i])) if threshold[i] >= 0.0 else p


@compiled
def many_bounds(
    weight: Floats, x: Floats, n: Floats, level: Floats, z: Floats, rates: Floats, found: Floats
) -> None:
    """Fill found[m] with the largest t below which the p-value is below the level, whose normal quantile is z.

    `rates` [c] is room to work in.
    """
    least, _ = _range(weight)
    for i in range(len(x)):
        if not _counted(n[i]):
            found[i] = least
            continue
        start = _mover_bound(weight, x[i], n[i], z[i])
        bound = _exact_bound(weight, x[i], n[i], level[i], start, rates)
        found[i] = 0.0 if bound > 0.0 and _floor(weight, x[i], n[i]) >= level[i] else bound


@compiled
def _range(weight: Floats) -> tuple[float, float]:
    """Return the least and the largest sum there can be."""
    low, high = 0.0, 0.0
    for c in range(len(weight)):
        low, high = low + min(weight[c], 0.0), high + max(weight[c], 0.0)
    return low, high


@compiled
def _counted(n: Floats) -> bool:
    """Return whether every proportion has rows."""
    fewest = math.inf
    for rows in n:
        fewest = min(fewest, rows)
    return fewest > 0.0


@compiled
def _is_gap(weight: Floats) -> bool:
    return len(weight) == 2 and weight[0] == 1.0 and weight[1] == -1.0


@compiled
def _mover_bound(weight: Floats, x: Floats, n: Floats, z: float) -> float:
    """Return the sum's low bound for z > 0, and its high one for z < 0, from Wilson's of each rate.

    Zou and Donner, Statistics in Medicine 27, 2008: distances of independent rates add as squares. Of a
    difference it is Newcombe's.
    """
    squares = 0.0
    for c in range(len(x)):
        off = x[c] / n[c] - _score_bound(x[c], n[c], z if weight[c] > 0.0 else -z)
        squares += (weight[c] * off) ** 2
    low, high = _range(weight)
    return min(max(_value(weight, x, n) - math.copysign(math.sqrt(squares), z), low), high)


@compiled
def _score_bound(x: float, n: float, z: float) -> float:
    """Return intervals.score_bound of plain numbers, n > 0: the rate z standard errors below x / n."""
    if z <= 0.0 and x >= n:
        return 1.0
    spread = math.sqrt(max(x * (n - x) / n, 0.0) + z * z / 4.0)
    return min(max((x + z * z / 2.0 - z * spread) / (n + z * z), 0.0), 1.0)


@compiled
def _mover_p(weight: Floats, x: Floats, n: Floats, threshold: float) -> float:
    """Return the lowest level at which that bound lies above the threshold; 1 if it does at none."""
    if _mover_bound(weight, x, n, HIGHEST) > threshold:
        return 0.0
    if _mover_bound(weight, x, n, LOWEST) <= threshold:
        return 1.0
    low, high = LOWEST, HIGHEST
    # The bound only ever falls as z grows, flat stretches included: bisection is safe.
    while high - low > 1e-13:
        middle = (low + high) / 2.0
        if _mover_bound(weight, x, n, middle) > threshold:
            low = middle
        else:
            high = middle
    return normal_above(low)


@compiled
def _floor(weight: Floats, x: Floats, n: Floats) -> float:
    """Return what a p-value cannot fall below from threshold 0 upwards."""
    if not _is_gap(weight):
        return 0.0
    x1, n1, x2, n2 = whole_counts(x[0], n[0], x[1], n[1])
    return EXACT_SHARE * fisher_tail(x1, n1, x2, n2)


@compiled
def _exact_tail(weight: Floats, x: Floats, n: Floats, threshold: float, rates: Floats) -> float:
    """Return the chance of so large a sum at the most likely rates whose sum is the threshold.

    It only ever grows with the threshold, as each restricted rate moves one way with it.
    """
    if _is_gap(weight):
        x1, n1, x2, n2 = whole_counts(x[0], n[0], x[1], n[1])
        return gap_at_least(x1, n1, x2, n2, threshold)
    step = 0.0
    for c in range(len(x)):
        step = max(step, abs(weight[c]) / n[c])
    _restrict(rates, weight, x, n, threshold)
    return sum_at_least(_value(weight, x, n), weight, n, rates, step)


@compiled
def _value(weight: Floats, x: Floats, n: Floats) -> float:
    value = 0.0
    for c in range(len(x)):
        value += weight[c] * x[c] / n[c]
    return value


@compiled
def _restrict(rates: Floats, weight: Floats, x: Floats, n: Floats, threshold: float) -> None:
    """Fill rates[c] with the most likely ones whose sum is the threshold, by a bisection for the multiplier."""
    low, high, rows = -1.0, 1.0, 0.0
    for c in range(len(x)):
        rows += n[c]
    for _ in range(70):
        middle, total = (low + high) / 2.0, 0.0
        # Multipliers of all sizes, from one interval.
        multiplier = rows * middle / (1.0 - abs(middle))
        for c in range(len(x)):
            rates[c] = _pulled(x[c], n[c], multiplier * weight[c])
            total += weight[c] * rates[c]
        if total > threshold:
            low = middle
        else:
            high = middle


@compiled
def _pulled(x: float, n: float, pull: float) -> float:
    """Return the rate that maximises x log p + (n - x) log(1 - p) - pull p: a root of a quadratic."""
    linear = n + pull
    root = math.sqrt(max(linear * linear - 4.0 * pull * x, 0.0))
    if linear > 0.0:
        return min(2.0 * x / (linear + root), 1.0)
    return min((linear - root) / (2.0 * pull), 1.0)


@compiled
def _exact_bound(weight: Floats, x: Floats, n: Floats, level: float, start: float, rates: Floats) -> float:
    """Return `start`, if the exact tail is below the level there, or the lower t at which it is the level.

    The tail's logarithm is nearly a parabola in t, so that false position (Illinois) takes a few steps.
    """
    least, _ = _range(weight)
    low, high, below, above, last = -math.inf, math.inf, 0.0, 0.0, 0.0
    at, step = start, max(_value(weight, x, n) - start, 1e-9) / 8.0
    while True:
        now = math.log(max(_exact_tail(weight, x, n, at, rates), 1e-300)) - math.log(level)
        # An end that stays twice has its value halved, or the other would creep.
        if now < 0.0:
            low, below, above = at, now, above / 2.0 if last < 0.0 else above
        else:
            high, above, below = at, now, below / 2.0 if last > 0.0 else below
        last = now
        if low >= start or abs(now) < 1e-10 or high <= least or high - low < 1e-13 * (1.0 + abs(low)):
            return max(at, least)
        if math.isinf(low):
            at, step = max(high - step, least), 2.0 * step
            continue
        at = low + (high - low) * below / (below - above)
        at = at if low < at < high else (low + high) / 2.0

"""Move a finding's bound to another level, and turn the same bound into a p-value."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, TypeAlias

from scipy.special import ndtr, ndtri, stdtrit

from auditkit.errors import PluginError, nearest
from auditkit.measures.intervals.gap_to_all import counts_bound, means_bound
from auditkit.measures.intervals.simultaneous import Extremes

if TYPE_CHECKING:
    from auditkit.values.finding import Interval

Side: TypeAlias = Literal["above", "below"]
"""Which claim a bound is read for: that the truth lies above a threshold (low bound), or below it (high)."""

Bound: TypeAlias = Callable[[float], float]
"""A bound as a function of z, the normal quantile of its one-sided level."""

_LOWEST, _HIGHEST = -8.0, 36.0
"""Normal quantiles of the one-sided levels that are told apart: nearly 1, and 4e-284."""


def bound_at(value: float, interval: Interval, level: float, side: Side) -> float:
    """Return the one-sided bound at `level` in (0, 1): the low one for 'above', the high one for 'below'.

    It is the end of the two-sided interval of confidence 1 - 2 level.
    """
    return _bounder(value, interval, side)(-float(ndtri(level)))


def p_value(value: float, interval: Interval, threshold: float, side: Side) -> float:
    """Return the p-value of H0 'truth <= threshold' ('above') or 'truth >= threshold' ('below').

    It is the lowest level at which the bound clears the threshold, so p < level exactly when bound_at(level)
    lies strictly beyond it. p is 0 where every bound clears it, 1 where none does.
    """
    bound = _bounder(value, interval, side)

    def clears(z: float) -> bool:
        return bound(z) > threshold if side == "above" else bound(z) < threshold

    if clears(_HIGHEST):
        return 0.0
    if not clears(_LOWEST):
        return 1.0
    low, high = _LOWEST, _HIGHEST
    # The bound only ever moves away from the claim as z grows, flat stretches included: bisection is safe.
    while high - low > 1e-13:
        middle = (low + high) / 2.0
        low, high = (middle, high) if clears(middle) else (low, middle)
    return float(ndtr(-low))


def _bounder(value: float, interval: Interval, side: Side) -> Bound:
    """Return the bound as a function of z, the normal quantile of its one-sided level; below 0 past 1/2."""
    if interval.method not in METHODS:
        message = f"an interval's method '{interval.method}' is unknown{nearest(interval.method, METHODS)}"
        raise PluginError(message)
    return (
        METHODS[interval.method](value, interval, side) if interval.basis else _plain(value, interval, side)
    )


def _wilson(value: float, interval: Interval, side: Side) -> Bound:  # noqa: ARG001  one signature for all
    x, n = interval.basis
    return lambda z: _score(x, n, z if side == "above" else -z)


def _newcombe(value: float, interval: Interval, side: Side) -> Bound:  # noqa: ARG001
    x1, n1, x2, n2 = interval.basis
    return lambda z: _hybrid_score(x1, n1, x2, n2, z=z if side == "above" else -z)


def _welch(value: float, interval: Interval, side: Side) -> Bound:
    (degrees,) = interval.basis
    return _scaled(value, interval, side, degrees=degrees)


def _gap_of_counts(value: float, interval: Interval, side: Side) -> Bound:  # noqa: ARG001
    return counts_bound(interval.basis, side)


def _gap_of_means(value: float, interval: Interval, side: Side) -> Bound:
    return means_bound(value, interval.basis, side)


def _plain(value: float, interval: Interval, side: Side) -> Bound:
    return _scaled(value, interval, side, degrees=math.inf)


def _scaled(value: float, interval: Interval, side: Side, *, degrees: float) -> Bound:
    """Scale the half-width on the bound's side, and past level 1/2 the one on the other side."""

    def quantile(z: float) -> float:
        # From the near tail: a far tail's complement is 1 and its quantile infinite.
        tail = -float(stdtrit(degrees, float(ndtr(-abs(z))))) if math.isfinite(degrees) else abs(z)
        return math.copysign(tail, z)

    unit = quantile(-float(ndtri((1.0 - interval.confidence) / 2.0)))
    below, above = max(value - interval.low, 0.0) / unit, max(interval.high - value, 0.0) / unit

    def bound(z: float) -> float:
        t = quantile(z)
        if side == "above":
            return value - t * (below if t > 0 else above)
        return value + t * (above if t > 0 else below)

    return bound


def _simultaneous(value: float, interval: Interval, side: Side) -> Bound:  # noqa: ARG001
    """Read the pairs at the level shared among as many comparisons as the critical values stand for."""
    kind: Literal["difference", "ratio"] = "difference" if interval.method == "simultaneous" else "ratio"
    extremes = Extremes.from_basis(kind, interval.basis)
    level = (1.0 - interval.confidence) / 2.0
    critical_share, plain_share = (max(level / ndtr(-c), 1.0) for c in interval.basis[:2])

    def bound(z: float) -> float:
        # c is far in the tail, where P(max > c) is nearly the sum over comparisons; it stops at the estimate.
        critical, plain = (
            max(-float(ndtri(ndtr(-z) / share)), 0.0) for share in (critical_share, plain_share)
        )
        return extremes.bounds(critical, plain)[0 if side == "above" else 1]

    return bound


def _score(x: float, n: float, z: float) -> float:
    """Return intervals.score_bound of plain numbers: a p-value asks for it some fifty times."""
    if z <= 0.0 and x >= n:
        return 1.0
    total = n + z * z
    if total == 0.0:
        return 0.0
    spread = math.sqrt(max(x * (n - x) / n if n > 0.0 else 0.0, 0.0) + z * z / 4.0)
    return min(max((x + z * z / 2.0 - z * spread) / total, 0.0), 1.0)


def _hybrid_score(x1: float, n1: float, x2: float, n2: float, *, z: float) -> float:
    """Return the low end of Newcombe's interval for z > 0 and the high end for z < 0, of plain numbers."""
    if n1 <= 0.0 or n2 <= 0.0:
        return math.copysign(1.0, -z)
    p1, p2 = x1 / n1, x2 / n2
    reach = math.hypot(p1 - _score(x1, n1, z), _score(x2, n2, -z) - p2)
    return min(max(p1 - p2 - math.copysign(reach, z), -1.0), 1.0)


METHODS: dict[str, Callable[[float, Interval, Side], Bound]] = {
    "gap_of_counts": _gap_of_counts,
    "gap_of_means": _gap_of_means,
    "hybrid": _plain,
    "newcombe": _newcombe,
    "normal": _plain,
    "score": _plain,
    "simultaneous": _simultaneous,
    "simultaneous_ratio": _simultaneous,
    "welch": _welch,
    "wilson": _wilson,
}
"""How an interval's bounds move to another level, by its method. Any other interval calls itself `normal`."""

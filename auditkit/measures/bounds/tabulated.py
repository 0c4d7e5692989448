"""Bounds that are known at a few levels only, as a bootstrap or a permutation leaves them."""

from __future__ import annotations

import sys
from bisect import bisect_left
from typing import TYPE_CHECKING, Literal

from auditkit.measures.special import ndtri
from auditkit.values.finding import Interval

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WIDEST = (-sys.float_info.max, sys.float_info.max)
"""No range: finite, because a stored report holds finite numbers only."""


def tabulated_interval(
    value: float,
    levels: Sequence[float],
    ends: tuple[Sequence[float], Sequence[float]],
    *,
    confidence: float,
    within: tuple[float, float] = WIDEST,
) -> Interval:
    """Return the interval of a value whose low and high ends are known at one-sided levels, falling, all below 1/2.

    Between two levels an end is interpolated over normal quantiles; beyond the last its distance from the value grows
    as the quantile does. No end leaves the range `within`.
    """
    quantiles = [-float(ndtri(level)) for level in levels]
    lows, highs = ends
    basis = (*within, *quantiles, *map(float, lows), *map(float, highs))
    z = -float(ndtri((1.0 - confidence) / 2.0))
    low, high = (tabulated_bound(value, basis, side)(z) for side in ("above", "below"))
    return Interval(low, high, confidence, "tabulated", basis)


def tabulated_bound(
    value: float, basis: Sequence[float], side: Literal["above", "below"]
) -> Callable[[float], float]:
    """Return the bound as a function of z, the normal quantile of its one-sided level; below 0 past 1/2."""
    floor, ceiling, *rest = basis
    count = len(rest) // 3
    quantiles, lows, highs = rest[:count], rest[count : 2 * count], rest[2 * count :]
    near, far = (lows, highs) if side == "above" else (highs, lows)

    def bound(z: float) -> float:
        end = _read(abs(z), value, quantiles, near if z >= 0 else far)
        return min(max(end, floor), ceiling)

    return bound


def _read(z: float, value: float, quantiles: Sequence[float], ends: Sequence[float]) -> float:
    """Return one end at the normal quantile z >= 0, where it starts at the value."""
    place = bisect_left(quantiles, z)
    if place == len(quantiles):
        return value + (ends[-1] - value) * z / quantiles[-1]
    left, start = (quantiles[place - 1], ends[place - 1]) if place else (0.0, value)
    return start + (ends[place] - start) * (z - left) / (quantiles[place] - left)

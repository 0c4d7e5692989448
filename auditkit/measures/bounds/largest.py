"""Bounds and p-values of largest gaps, which are read from their decisive pairs, of many findings in one call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.closed_forms.simultaneous import Extremes
from auditkit.measures.special import ndtr, ndtri

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit.measures.closed_forms.simultaneous import Kind
    from auditkit.measures.exact.sides import Side
    from auditkit.values.finding import Interval

    Floats = NDArray[np.float64]

LOWEST, HIGHEST = -8.0, 36.0
"""Normal quantiles of the one-sided levels that are told apart: nearly 1, and 4e-284."""
NARROW = 1e-13
"""How narrowly the quantile of a p-value is found."""

LARGEST: dict[str, tuple[Kind, bool]] = {
    "simultaneous": ("difference", False),
    "simultaneous_below": ("difference", True),
    "simultaneous_ratio": ("ratio", False),
}
"""Methods of intervals whose basis is that of `Extremes`: what is bounded, and whether it is minus that."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Largest:
    """The bound of one side of m findings, each a number of its normal quantile; `share` [m] is of comparisons."""

    extremes: Extremes
    share: Floats
    side: Side
    negative: bool = False

    @classmethod
    def of(cls, intervals: Sequence[Interval], side: Side) -> Largest:
        """Return the bounds of intervals of one method in `LARGEST`, with as many parts each."""
        kind, negative = LARGEST[intervals[0].method]
        if negative:  # what claims the gap is the high end
            side = "below" if side == "above" else "above"
        bases = [interval.basis for interval in intervals]
        levels = [(1.0 - interval.confidence) / 2.0 for interval in intervals]
        return cls.of_bases(kind, bases, levels, side=side, negative=negative)

    @classmethod
    def of_bases(
        cls, kind: Kind, bases: Sequence[tuple[float, ...]], levels: Sequence[float], *,
        side: Side, negative: bool = False, most: float = 1.0,
    ) -> Largest:  # fmt: skip
        """Return the bounds at levels shared among as many comparisons as the critical values stand for."""
        place = 0 if (side == "above") == (kind == "difference") else 1
        critical = np.array([basis[place] for basis in bases])
        return cls(
            extremes=Extremes.from_bases(kind, bases, most=most),
            share=np.maximum(np.array(levels) / ndtr(-critical), 1.0),
            side=side,
            negative=negative,
        )

    def bound(self, z: Floats) -> Floats:
        """Return the bounds [m] at normal quantiles z [m] of their levels."""
        # c is far in the tail, where P(max > c) is nearly the sum over comparisons; it stops at the estimate.
        at = np.maximum(-ndtri(ndtr(-z) / self.share), 0.0)[:, None]
        ends = self.extremes.low(at) if self.side == "above" else self.extremes.high(at)
        return -ends if self.negative else ends


def largest_p(intervals: Sequence[Interval], thresholds: Floats, side: Side) -> Floats:
    """Return the p-value of each claim, the lowest level at which its bound clears its threshold, float64 [m]."""
    largest = Largest.of(intervals, side)

    def clears(z: Floats) -> NDArray[np.bool_]:
        bound = largest.bound(z)
        return bound > thresholds if side == "above" else bound < thresholds

    low, high = np.full(len(thresholds), LOWEST), np.full(len(thresholds), HIGHEST)
    never, always = ~clears(low), clears(high)
    # The bound only ever moves away from the claim as z grows, flat stretches included: bisection is safe.
    while (high - low).max(initial=0.0) > NARROW:
        middle = (low + high) / 2.0
        cleared = clears(middle)
        low, high = np.where(cleared, middle, low), np.where(cleared, high, middle)
    return np.where(always, 0.0, np.where(never, 1.0, ndtr(-low)))


def largest_bound(intervals: Sequence[Interval], levels: Floats, side: Side) -> Floats:
    """Return the one-sided bound of each finding at its level, float64 [m]."""
    return Largest.of(intervals, side).bound(-ndtri(levels))

"""P-values and bounds of many findings at once, those of one method together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.intervals.bounds import bound_at, p_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit.measures.exact.sides import Side
    from auditkit.values.finding import Interval


def p_values(
    values: Sequence[float], intervals: Sequence[Interval], thresholds: Sequence[float], sides: Sequence[Side]
) -> NDArray[np.float64]:
    """Return the p-value of each claim that the truth lies above, or below, its threshold, float64 [m]."""
    claims = zip(values, intervals, thresholds, sides, strict=True)
    return np.array([p_value(value, interval, t, side) for value, interval, t, side in claims])


def bounds_at(
    values: Sequence[float], intervals: Sequence[Interval], levels: Sequence[float], sides: Sequence[Side]
) -> NDArray[np.float64]:
    """Return the one-sided bound of each finding at its level: the low end for 'above', float64 [m]."""
    asked = zip(values, intervals, levels, sides, strict=True)
    return np.array([bound_at(value, interval, level, side) for value, interval, level, side in asked])

"""P-values and bounds of many findings at once, those of one method together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit.measures.bounds.at_level import bound_at, direct_of, need_side, p_value
from auditkit.measures.bounds.direct import DIRECT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from auditkit.measures.exact.sides import Side
    from auditkit.values.finding import Interval


def p_values(
    values: Sequence[float], intervals: Sequence[Interval], thresholds: Sequence[float], sides: Sequence[Side]
) -> NDArray[np.float64]:
    """Return the p-value of each claim that the truth lies above, or below, its threshold, float64 [m]."""
    return _solved("p", p_value, values, intervals, thresholds, sides)


def bounds_at(
    values: Sequence[float], intervals: Sequence[Interval], levels: Sequence[float], sides: Sequence[Side]
) -> NDArray[np.float64]:
    """Return the one-sided bound of each finding at its level: the low end for 'above', float64 [m]."""
    return _solved("bound", bound_at, values, intervals, levels, sides)


def _solved(
    what: str,
    one: Callable[[float, Interval, float, Side], float],
    values: Sequence[float],
    intervals: Sequence[Interval],
    ats: Sequence[float],
    sides: Sequence[Side],
) -> NDArray[np.float64]:
    """Return p-values or bounds: together where method, size of basis and side agree, else one by one."""
    found = np.empty(len(values))
    alike: dict[tuple[str, int, Side], list[int]] = {}
    for i, (interval, side) in enumerate(zip(intervals, sides, strict=True)):
        if interval.method in DIRECT:
            alike.setdefault((interval.method, len(interval.basis), side), []).append(i)
        else:
            found[i] = one(values[i], interval, ats[i], side)
    for (_, _, side), places in alike.items():
        need_side(side)
        solve: Any = getattr(direct_of(intervals[places[0]]), what)
        bases = np.array([intervals[i].basis for i in places], dtype=np.float64)
        told = (np.array([float(item[i]) for i in places]) for item in (values, ats))
        value, at = told
        found[places] = solve(value, bases, at, side)
    return found

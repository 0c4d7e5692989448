"""P-values and bounds of many findings at once, those of one method together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.bounds.at_level import bound_at, direct_of, need_side, p_value
from auditkit.measures.bounds.direct import DIRECT
from auditkit.measures.bounds.largest import LARGEST, largest_bound, largest_p
from auditkit.measures.closed_forms.simultaneous import parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from auditkit.measures.bounds.direct import Direct, Floats, Solver
    from auditkit.measures.exact.sides import Side
    from auditkit.values.finding import Interval


def p_values(
    values: Sequence[float], intervals: Sequence[Interval], thresholds: Sequence[float], sides: Sequence[Side]
) -> NDArray[np.float64]:
    """Return the p-value of each claim that the truth lies above, or below, its threshold, float64 [m]."""
    return _solved(_P, values, intervals, thresholds, sides)


def bounds_at(
    values: Sequence[float], intervals: Sequence[Interval], levels: Sequence[float], sides: Sequence[Side]
) -> NDArray[np.float64]:
    """Return the one-sided bound of each finding at its level: the low end for 'above', float64 [m]."""
    return _solved(_BOUND, values, intervals, levels, sides)


@dataclass(frozen=True)
class _Ways:
    """How a p-value, or a bound, is worked out: of one finding, of many by `DIRECT`, of many largest gaps."""

    one: Callable[[float, Interval, float, Side], float]
    direct: Callable[[Direct], Solver]
    largest: Callable[[Sequence[Interval], Floats, Side], Floats]


_P = _Ways(p_value, lambda direct: direct.p, largest_p)
_BOUND = _Ways(bound_at, lambda direct: direct.bound, largest_bound)


def _solved(
    ways: _Ways,
    values: Sequence[float],
    intervals: Sequence[Interval],
    ats: Sequence[float],
    sides: Sequence[Side],
) -> NDArray[np.float64]:
    """Return p-values or bounds: together where method, form of basis and side agree, else one by one."""
    found = np.empty(len(values))
    alike: dict[tuple[str, int, Side], list[int]] = {}
    for i, (interval, side) in enumerate(zip(intervals, sides, strict=True)):
        if interval.method in DIRECT:
            alike.setdefault((interval.method, len(interval.basis), side), []).append(i)
        elif interval.method in LARGEST and interval.basis:
            alike.setdefault((interval.method, len(parts_of(interval.basis)), side), []).append(i)
        else:
            found[i] = ways.one(values[i], interval, ats[i], side)
    for (method, _, side), places in alike.items():
        need_side(side)
        some, at = [intervals[i] for i in places], np.array([float(ats[i]) for i in places])
        if method in LARGEST:
            found[places] = ways.largest(some, at, side)
            continue
        bases = np.array([interval.basis for interval in some], dtype=np.float64)
        value = np.array([float(values[i]) for i in places])
        found[places] = ways.direct(direct_of(some[0]))(value, bases, at, side)
    return found

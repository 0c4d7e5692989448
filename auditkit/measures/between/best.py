"""Each group's gap to the best one, with bounds that hold although the best was picked by what was seen.

The harm to group i is h = max_j (R_j - R_i), R turned so that more is better. That it lies above a number is claimed
from the largest of g - 1 lower bounds, so they are read at a critical value for g - 1 comparisons (Sidak's, which is
safe for gaps that share a group; Slepian, 1962). That it lies below one is claimed from the largest upper bound, which
is at least that of the truly best group, and so needs no more than one comparison's level (as Hsu's multiple
comparisons with the best, Annals of Statistics 9, 1981).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from scipy.special import ndtri

from auditkit.measures.intervals.quantiles import normal_quantile
from auditkit.measures.intervals.simultaneous import AT_ONCE, GRID, Extremes, Pairs
from auditkit.values.finding import Interval

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from auditkit.measures.between.rates import Rates

Best: TypeAlias = Literal["highest", "lowest"]


@dataclass(frozen=True, eq=False, kw_only=True)
class ToBest:
    """The signed gap of each group to the best, float64 [g], its intervals (None where not measurable), the best group.

    The gap is at most 0 where the highest rate is best, at least 0 where the lowest is.
    """

    value: NDArray[np.float64]
    intervals: tuple[Interval | None, ...]
    best: int


def gaps_to_best(rates: Rates, best: Best, *, confidence: float = 0.95) -> ToBest | None:
    """Return each measurable group's gap to the best of them, or None if fewer than two can be measured."""
    known = np.flatnonzero(np.isfinite(rates.value))
    if len(known) < 2:
        return None
    value, error = rates.value[known], rates.error[known]
    ahead = value if best == "highest" else -value
    level = (1.0 - confidence) / 2.0
    critical = -float(ndtri(-np.expm1(np.log1p(-level) / (len(known) - 1))))
    plain = normal_quantile(confidence)
    intervals: list[Interval | None] = [None] * len(rates)
    for i, decisive in enumerate(_decisive(ahead, error, np.append(GRID, (critical, plain)))):
        pairs = _pairs(value, error, i, decisive, best)
        intervals[int(known[i])] = _interval(pairs, best, (critical, plain), confidence)
    picked = int(known[np.argmax(ahead)])
    return ToBest(value=rates.value - rates.value[picked], intervals=tuple(intervals), best=picked)


def _decisive(
    ahead: NDArray[np.float64], error: NDArray[np.float64], criticals: NDArray[np.float64]
) -> Iterator[list[int]]:
    """Yield, for each group, the others that set one of its bounds at some critical value."""
    g = len(ahead)
    at_once = max(AT_ONCE // (len(criticals) * g), 1)
    for start in range(0, g, at_once):
        rows = np.arange(start, min(start + at_once, g))
        gap = ahead - ahead[rows, None]
        gap[np.arange(len(rows)), rows] = -np.inf  # nobody stands against itself
        reach = criticals[:, None, None] * np.hypot(error, error[rows, None])
        chosen = np.concatenate([(gap - reach).argmax(axis=2), (gap + reach).argmax(axis=2)])
        yield from (sorted(set(column)) for column in chosen.T.tolist())


def _pairs(
    value: NDArray[np.float64], error: NDArray[np.float64], i: int, others: list[int], best: Best
) -> Pairs:
    """Return the pairs of group i and others, the group as it should be as the low one where the highest is best."""
    mine = np.full(len(others), value[i]), np.full(len(others), error[i])
    theirs = value[others], error[others]
    return Pairs(*theirs, *mine) if best == "highest" else Pairs(*mine, *theirs)


def _interval(pairs: Pairs, best: Best, critical: tuple[float, float], confidence: float) -> Interval:
    extremes = Extremes("difference", (pairs,))
    least, most = extremes.bounds(*critical)
    basis = extremes.basis(*critical)
    if best == "highest":
        return Interval(-most, -least, confidence, "simultaneous_below", basis)
    return Interval(least, most, confidence, "simultaneous", basis)

"""Impact ratios: each group's rate over the highest one, or over that of a group that was chosen beforehand.

Over the highest rate, r = min_j R_i / R_j: that it lies below a number is claimed from the smallest of g - 1 upper
bounds, so they are read at Šidák's critical value for g - 1 comparisons; that it lies above one, from the smallest
lower bound, which is at most that over the truly highest rate and so needs one comparison's level (Hsu's multiple
comparisons with the best, Annals of Statistics 9, 1981). Over a chosen group all g - 1 ratios hold at once. Bounds of a
ratio are Fieller's, Quarterly J. Pharmacy 17, 1944, of rates whose errors are not 0 without an event.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.bounds.direct import DIRECT
from auditkit.measures.closed_forms.fronts import outer
from auditkit.measures.closed_forms.quantiles import normal_quantile
from auditkit.measures.closed_forms.simultaneous import Extremes, Pairs
from auditkit.measures.special import ndtri
from auditkit.values.finding import Interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit.measures.between.rates import Rates

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Impact:
    """The ratio of each group, float64 [g], its intervals (None where there is none), and the group below the bar."""

    value: Floats
    intervals: tuple[Interval | None, ...]
    over: int


def impact_of_highest(rates: Rates, *, confidence: float = 0.95) -> Impact | None:
    """Return each measurable group's rate over the highest one; None with fewer than two groups, or if all are 0."""
    known = np.flatnonzero(np.isfinite(rates.value))
    if len(known) < 2 or rates.value[known].max() <= 0.0:
        return None
    level = (1.0 - confidence) / 2.0
    critical = -float(ndtri(-np.expm1(np.log1p(-level) / (len(known) - 1))))
    plain = normal_quantile(confidence)
    intervals: list[Interval | None] = [None] * len(rates)
    value, error = rates.value[known], rates.error[known]
    counting = known[outer(value, error) | outer(value, -error)]
    for i in known.tolist():
        others = counting[counting != i]
        pairs = Pairs(
            rates.value[others], rates.error[others],
            np.full(len(others), rates.value[i]), np.full(len(others), rates.error[i]),
        )  # fmt: skip
        extremes = Extremes("ratio", (pairs.decisive("ratio"),))
        low, high = map(float, extremes.bounds(critical, plain))
        basis = extremes.bases([critical], plain)[0]
        intervals[i] = Interval(low, high, confidence, "simultaneous_ratio", basis)
    highest = int(known[np.argmax(rates.value[known])])
    return Impact(value=rates.value / rates.value[highest], intervals=tuple(intervals), over=highest)


def impact_of(rates: Rates, reference: int, *, confidence: float = 0.95) -> Impact | None:
    """Return each measurable group's rate over the reference's, bounded for all of them at once.

    None where the reference cannot be measured, or its rate is 0. A ratio whose reference might be 0 has no interval.
    """
    over = rates.value[reference]
    if not over > 0.0:
        return None
    others = [i for i in np.flatnonzero(np.isfinite(rates.value)).tolist() if i != reference]
    intervals: list[Interval | None] = [None] * len(rates)
    level = np.array([(1.0 - confidence) / 2.0])
    for i in others:
        basis = np.array([[rates.value[i], rates.error[i], over, rates.error[reference], float(len(others))]])
        value = basis[:, 0] / over
        low, high = (
            float(DIRECT["rate_ratio"].bound(value, basis, level, side)[0]) for side in ("above", "below")
        )
        if np.isfinite(high):
            intervals[i] = Interval(low, high, confidence, "rate_ratio", tuple(basis[0].tolist()))
    return Impact(value=rates.value / over, intervals=tuple(intervals), over=reference)

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

from auditkit.measures.closed_forms.fronts import outer
from auditkit.measures.closed_forms.quantiles import normal_quantile
from auditkit.measures.closed_forms.simultaneous import AT_ONCE, GRID
from auditkit.measures.special import ndtri
from auditkit.values.finding import Interval

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    points = list(zip(value.tolist(), error.tolist(), strict=True))
    intervals: list[Interval | None] = [None] * len(rates)
    for place, found in zip(known.tolist(), _harms(ahead, error, (critical, plain)), strict=True):
        pairs = _pairs(points, found, best)
        basis = (critical, plain, float(len(found.others)), *pairs)
        ends = (-found.most, -found.least) if best == "highest" else (found.least, found.most)
        method = "simultaneous_below" if best == "highest" else "simultaneous"
        intervals[place] = Interval(*ends, confidence, method, basis)
    picked = int(known[np.argmax(ahead)])
    return ToBest(value=rates.value - rates.value[picked], intervals=tuple(intervals), best=picked)


@dataclass(frozen=True)
class _Harm:
    """Bounds of how far group `i` is behind the best, and the others that set them at some critical value."""

    i: int
    least: float
    most: float
    others: list[int]


def _harms(
    ahead: NDArray[np.float64], error: NDArray[np.float64], criticals: tuple[float, float]
) -> Iterator[_Harm]:
    """Yield the bounds of every group: the least harm at the first critical value, the most at the second."""
    g, grid = len(ahead), np.append(criticals, GRID)
    sure, perhaps = outer(ahead, error), outer(ahead, -error)
    at_once = max(AT_ONCE // (len(grid) * max(len(sure), len(perhaps))), 1)
    for start in range(0, g, at_once):
        rows = np.arange(start, min(start + at_once, g))
        chosen, ends = [], []
        for others, sign, critical in ((sure, -1.0, criticals[0]), (perhaps, 1.0, criticals[1])):
            gap = ahead[others] - ahead[rows, None]
            gap[others == rows[:, None]] = -np.inf  # nobody stands against itself
            reach = sign * np.hypot(error[others], error[rows, None])
            chosen.append(others[(gap + grid[:, None, None] * reach).argmax(axis=2)])
            ends.append(np.minimum(np.maximum((gap + critical * reach).max(axis=1), 0.0), 1.0).tolist())
        columns = np.concatenate(chosen).T.tolist()
        for i, low, high, column in zip(rows.tolist(), *ends, columns, strict=True):
            yield _Harm(i, low, high, sorted(set(column)))


def _pairs(points: Sequence[tuple[float, float]], found: _Harm, best: Best) -> list[float]:
    """Return rate and error of the high and of the low group of each pair, as `Extremes` keeps them in a basis."""
    mine, theirs = points[found.i], [points[j] for j in found.others]
    pairs = ((*one, *mine) if best == "highest" else (*mine, *one) for one in theirs)
    return [number for pair in pairs for number in pair]

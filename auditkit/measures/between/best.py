"""Each group's gap to the best one, with bounds that hold although the best was picked by what was seen.

The harm to group i is h = max_j (R_j - R_i), R turned so that more is better. That it lies above a number is claimed
from the largest of g - 1 lower bounds, so they are read at a critical value for g - 1 comparisons (Sidak's, which is
safe for gaps that share a group; Slepian, 1962). That it lies below one is claimed from the largest upper bound, which
is at least that of the truly best group, and so needs no more than one comparison's level (as Hsu's multiple
comparisons with the best, Annals of Statistics 9, 1981).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from auditkit.measures.closed_forms.fronts import outer
from auditkit.measures.closed_forms.quantiles import normal_quantile
from auditkit.measures.closed_forms.simultaneous import AT_ONCE, GRID, places_of
from auditkit.measures.special import ndtri
from auditkit.values.finding import Interval

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from auditkit.measures.between.rates import Rates

    Floats: TypeAlias = NDArray[np.float64]
    Places: TypeAlias = NDArray[np.int64]

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
    return gaps_to_best_of(rates, best, confidence=confidence)[0]


def gaps_to_best_of(rates: Rates, best: Best, *, confidence: float = 0.95) -> list[ToBest | None]:
    """Return the gaps of each set of groups, rates [s, g], to the best of the set."""
    value, error = np.atleast_2d(rates.value), np.atleast_2d(rates.error)
    known = np.isfinite(value)
    ahead = np.where(known, value if best == "highest" else -value, -np.inf)
    picked = ahead.argmax(axis=1)
    groups = np.count_nonzero(known, axis=1)
    plain, level = normal_quantile(confidence), (1.0 - confidence) / 2.0
    critical = [_critical(count, level) if count >= 2 else np.nan for count in groups.tolist()]
    items = (known & (groups >= 2)[:, None]).nonzero()
    intervals: list[list[Interval | None]] = [[None] * value.shape[1] for _ in critical]
    method = "simultaneous_below" if best == "highest" else "simultaneous"
    sets = np.array(critical)
    for some, harms in _harms(ahead, np.where(known, error, np.inf), items, criticals=(sets, plain)):
        least, most, of_item, others = harms
        mine, theirs = (some[0][of_item], some[1][of_item]), (some[0][of_item], others)
        sides = (theirs, mine) if best == "highest" else (mine, theirs)
        # Rate and error of the high and of the low group of each pair, as `Extremes` keeps them in a basis.
        pairs = np.stack([of[side] for side in sides for of in (value, error)], axis=1).ravel().tolist()
        ends = (-most, -least) if best == "highest" else (least, most)
        sizes, start = np.bincount(of_item, minlength=len(least)).tolist(), 0
        columns = (column.tolist() for column in (*some, *ends))
        for k, i, low, high, size in zip(*columns, sizes, strict=True):
            basis = (critical[k], plain, float(size), *pairs[start : start + 4 * size])
            intervals[k][i] = Interval(low, high, confidence, method, basis)
            start += 4 * size
    gaps = value - np.take_along_axis(value, picked[:, None], axis=1)
    return [
        ToBest(value=gap, intervals=tuple(own), best=first) if count >= 2 else None
        for gap, own, first, count in zip(gaps, intervals, picked.tolist(), groups.tolist(), strict=True)
    ]


@lru_cache(maxsize=256)
def _critical(g: int, level: float) -> float:
    """Return the critical value of the best of g groups (Sidak's, for g - 1 comparisons)."""
    return -float(ndtri(-np.expm1(np.log1p(-level) / (g - 1))))


_Harms: TypeAlias = "tuple[Floats, Floats, Places, Places]"
"""Of some groups [m]: the least and the most that each is behind the best; then pairs of a place among these groups
and the other group, in its set, that sets a bound at some critical value."""


def _harms(
    ahead: Floats, error: Floats, items: tuple[Places, Places], *, criticals: tuple[Floats, float]
) -> Iterator[tuple[tuple[Places, Places], _Harms]]:
    """Yield some of the `items`, sets and groups in them, and the bounds of these groups.

    `ahead` and `error` are [s, g]. The least harm is read at the first critical value, that of each set [s]; the most
    at the second.
    """
    behind = np.stack([error, np.where(np.isfinite(error), -error, np.inf)])
    sure, perhaps = (places_of(front)[0] for front in outer(np.stack([ahead, ahead]), behind))
    of_sets, plain = criticals
    at_once = max(AT_ONCE // ((len(GRID) + 2) * max(sure.shape[-1], perhaps.shape[-1])), 1)
    for start in range(0, len(items[0]), at_once):
        sets, own = some = items[0][start : start + at_once], items[1][start : start + at_once]
        grid = np.empty((len(GRID) + 2, len(sets), 1))
        grid[0, :, 0], grid[1], grid[2:] = of_sets[sets], plain, GRID[:, None, None]
        decisive, ends = [], []
        for front, sign, critical in ((sure, -1.0, grid[0]), (perhaps, 1.0, grid[1])):
            others = front[sets]
            gap = ahead[sets[:, None], others] - ahead[some][:, None]
            gap[others == own[:, None]] = -np.inf  # nobody stands against itself
            reach = sign * np.hypot(error[sets[:, None], others], error[some][:, None])
            furthest = (gap + grid * reach).argmax(axis=2).T
            decisive.append(np.take_along_axis(others, furthest, axis=1))
            ends.append(np.minimum(np.maximum((gap + critical * reach).max(axis=1), 0.0), 1.0))
        found = np.sort(np.concatenate(decisive, axis=1), axis=1)
        first = np.diff(found, axis=1, prepend=-1) > 0  # each once
        yield some, (ends[0], ends[1], first.nonzero()[0], found[first])

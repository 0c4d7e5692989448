"""The best cuts with chance: a linear program over the corners of the curves' convex hulls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit_repairs.curves.points import values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_repairs.curves.points import Aim, Curve, Keep

    Floats = NDArray[np.float64]

TINY = 1e-300
NOTHING = 1e-9
"""A chance below this is the solver's rounding."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Mixture:
    """A group's cuts by chance: `cut` [v] descending, and the `chance` [v] of each, float64; they add up to 1."""

    cut: Floats
    chance: Floats

    def probability(self, score: Floats) -> Floats:
        """Return the probability [n] of rows with these scores to be selected: the chances of all cuts they meet."""
        summed = np.append(0.0, np.cumsum(self.chance[::-1]))
        found: Floats = np.clip(summed[np.searchsorted(self.cut[::-1], score, side="right")], 0.0, 1.0)
        return found


def corners(curve: Curve) -> Curve:
    """Return the cuts at the corners of the convex hull of the curve's points (fp, tp), both sides, ends included.

    The upper side is the curve of the scores made monotone by pooling adjacent violators: isotonic regression of each
    step's share of class 1 on its weight. The lower side is the same the other way round.
    """
    from scipy.optimize import isotonic_regression

    weight = np.diff(curve.tp + curve.fp)
    share = np.diff(curve.tp) / weight
    places = [
        isotonic_regression(share, weights=weight, increasing=increasing).blocks
        for increasing in (False, True)
    ]
    return curve.take(np.unique(np.concatenate([*places, [len(weight)]])).astype(np.intp))


def best_mixture(curves: tuple[Curve, ...], *, aim: Aim, gap: float, keep: Keep) -> tuple[Mixture, ...]:
    """Return the chances of each group's cuts: rates within `gap` of each other, and the highest expected value.

    Maximise sum over groups g and corners v of value[g, v] x[g, v] with x >= 0 that add up to 1 for every group, and
    s_r <= sum over v of rate_r[g, v] x[g, v] <= s_r + gap for every rate r, over x and s. It is Hardt, Price & Srebro's
    program (2016, section 3.2) with a gap left.
    """
    from scipy.optimize import linprog

    hulls = tuple(corners(curve) for curve in curves)
    worth = np.concatenate(values(hulls, keep))
    ends = np.cumsum([0, *(len(hull.cut) for hull in hulls)])
    owner = np.repeat(np.arange(len(hulls)), np.diff(ends))
    within = _within(hulls, owner, aim=aim)
    n_rates = within.shape[1] - len(worth)
    of_group = np.zeros((len(hulls), within.shape[1]))
    of_group[owner, np.arange(len(worth))] = 1.0
    solved = linprog(
        np.append(-worth / max(float(np.abs(worth).max()), TINY), np.zeros(n_rates)),
        A_ub=within,
        b_ub=np.tile([0.0, gap], len(within) // 2),
        A_eq=of_group,
        b_eq=np.ones(len(hulls)),
        bounds=(0, 1),
        method="highs",
    )
    if solved.x is None:  # selecting nobody is always allowed
        message = f"the linear program of the cuts was not solved: {solved.message}"
        raise ArithmeticError(message)
    return tuple(
        _mixture(hull, solved.x[low:high]) for hull, low, high in zip(hulls, ends[:-1], ends[1:], strict=True)
    )


def _within(hulls: tuple[Curve, ...], owner: NDArray[np.intp], *, aim: Aim) -> Floats:
    """Return, a pair of rows for each rate and group, s - rate and rate - s over all corners and the starts s."""
    rates = [hull.rates(aim) for hull in hulls]
    n, n_rates = len(owner), len(rates[0])
    rows = []
    for r in range(n_rates):
        rate = np.concatenate([part[r] for part in rates])
        for i in range(len(hulls)):
            row = np.zeros(n + n_rates)
            row[:n], row[n + r] = np.where(owner == i, rate, 0.0), -1.0
            rows += [-row, row]
    return np.array(rows)


def _mixture(hull: Curve, chance: Floats) -> Mixture:
    kept = np.flatnonzero(chance > NOTHING)
    return Mixture(cut=hull.cut[kept], chance=chance[kept] / chance[kept].sum())

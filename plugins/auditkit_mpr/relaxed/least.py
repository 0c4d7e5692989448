"""How small the MPR of k items can get: the point of a polytope nearest to the origin (Wolfe 1976).

The relaxed lists 0 <= a <= 1, sum a = k span a polytope of gaps. Its linear oracle is a sort, so Wolfe's
algorithm finds the nearest point in few steps; every step also proves a lower bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.relaxed.top import top

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats

MAX_STEPS = 1_000


@dataclass(frozen=True, eq=False)
class Nearest:
    """The relaxed list of least MPR: `lists` [t, k] mixed by `shares` [t], its gap [r], and a proven bound."""

    lists: NDArray[np.int64]
    shares: Floats
    gap: Floats
    lower_bound: float

    @property
    def columns(self) -> NDArray[np.int64]:
        """Every item of the mixed lists, in order."""
        return np.unique(self.lists)

    def relaxed(self, n: int) -> Floats:
        """Return the mixed list as entries in [0, 1] that sum to k, float64 [n]."""
        entries = np.zeros(n)
        for chosen, share in zip(self.lists, self.shares, strict=True):
            entries[chosen] += share
        return np.minimum(entries, 1.0)


def nearest_gap(rows: Floats, target: Floats, k: int, *, tolerance: float = 1e-9) -> Nearest:
    """Return the relaxed list of k of the rows [n, r] whose mean is nearest to the target [r].

    `lower_bound` is at most the true least distance and within `tolerance` of the distance returned, unless the
    steps ran out; it is valid either way.
    """
    lists = [top(-(rows @ _direction(rows.mean(axis=0) - target)), k)]
    points = np.stack([rows[lists[0]].mean(axis=0) - target])
    shares = np.ones(1)
    bound = 0.0
    for _ in range(MAX_STEPS):
        gap = shares @ points
        length = float(np.linalg.norm(gap))
        if length <= tolerance:
            break
        chosen = top(-(rows @ gap), k)
        point = rows[chosen].mean(axis=0) - target
        bound = max(bound, float(gap @ point) / length)
        if length - bound <= tolerance:
            break
        lists.append(chosen)
        points = np.vstack([points, point])
        shares = np.append(shares, 0.0)
        points, shares, kept = _minor_cycle(points, shares)
        lists = [lists[i] for i in kept]
    return Nearest(np.stack(lists), shares, shares @ points, max(bound, 0.0))


def _minor_cycle(points: Floats, shares: Floats) -> tuple[Floats, Floats, list[int]]:
    """Return the corral after a point was added: the affine nearest point with all shares above zero."""
    kept = list(range(len(points)))
    while True:
        affine = _affine_shares(points)
        if affine.min() > 1e-12:
            return points, affine, kept
        falling = np.flatnonzero(affine <= 1e-12)
        room = shares[falling] - affine[falling]
        steps = np.divide(shares[falling], room, out=np.ones(len(falling)), where=room > 0)
        step = float(steps.min(initial=1.0))
        shares = shares + step * (affine - shares)
        alive = shares > 1e-12
        if alive.all():
            alive[falling[int(np.argmin(steps))]] = False
        points, shares = points[alive], shares[alive] / shares[alive].sum()
        kept = [i for i, stays in zip(kept, alive, strict=True) if stays]
        if len(kept) == 1:
            return points, np.ones(1), kept


def _affine_shares(points: Floats) -> Floats:
    """Return weights [t] that sum to 1 of the affine combination of the points [t, r] nearest to the origin."""
    count = len(points)
    system = np.zeros((count + 1, count + 1))
    system[0, 1:] = system[1:, 0] = 1.0
    system[1:, 1:] = points @ points.T
    right = np.zeros(count + 1)
    right[0] = 1.0
    return np.asarray(np.linalg.lstsq(system, right, rcond=None)[0][1:], dtype=np.float64)


def _direction(vector: Floats) -> Floats:
    length = float(np.linalg.norm(vector))
    return vector / length if length > 0 else vector

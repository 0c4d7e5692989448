"""Proofs for a ball of functions: the least MPR of k items, the most similar lists that have it, and the best list.

Any gap of least length, or within a limit, is a point of the lattice in a ball. A supporting plane of all lists, or the
price of a known similarity, cuts a cap off that ball, and a smaller ball round the cap is what is enumerated.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.exact.cells import Cells, cells_of, ranked
from auditkit_mpr.exact.fiber import best_counts
from auditkit_mpr.exact.lattice import PARTIAL, Lattice, lattice_of, points_in_ball
from auditkit_mpr.relaxed.certificate import TOLERANCE
from auditkit_mpr.relaxed.top import top, top_sum

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.relaxed.cone import Relaxed
    from auditkit_mpr.relaxed.floor import Floor

FEW = 20_000
"""Partial points that are looked at for a bound nobody waits for."""
SECONDS = 10.0
"""Time for the least MPR, which a limit asks for that no list was found to keep."""


@dataclass(frozen=True, eq=False)
class Space:
    """Lists of the floor's k as points of a lattice: gap [r] = offset [r] + point [d] @ basis [d, r] / k."""

    floor: Floor
    cells: Cells
    lattice: Lattice

    @property
    def offset(self) -> Floats:
        """The gap of k items of the first cell."""
        found: Floats = self.cells.rows[0] - self.floor.target
        return found

    def gaps(self, points: NDArray[np.int64]) -> Floats:
        """Return the gaps [p, r] of points [p, d]."""
        found: Floats = self.offset + points @ self.lattice.basis / self.floor.k
        return found

    def within(
        self, rho: float, *, normal: Floats, least: float, most: int = PARTIAL
    ) -> NDArray[np.int64] | None:
        """Return the points [p, d] with |gap| <= rho and normal [r] @ gap >= least; None where they are too many."""
        length = float(np.linalg.norm(normal))
        height = least / length if length > 0 else 0.0
        centre = normal * (height / length) if height > 0 else np.zeros(len(normal))
        radius = float(np.sqrt(max(rho * rho - max(height, 0.0) ** 2, 0.0))) + TOLERANCE
        basis = self.lattice.basis / self.floor.k
        points = points_in_ball(basis, self.offset, centre, radius, most=most)
        if points is None:
            return None
        gaps = self.gaps(points)
        kept: NDArray[np.int64] = points[
            (np.linalg.norm(gaps, axis=1) <= rho) & (gaps @ normal >= least - TOLERANCE)
        ]
        return kept


@dataclass(frozen=True, eq=False)
class Least:
    """The points [p, d] of least MPR that lists have, and that MPR."""

    space: Space
    points: NDArray[np.int64]
    mpr: float

    def most_similar(self, similarities: Floats) -> NDArray[np.int64]:
        """Return the most similar of the lists [k] of least MPR for similarities [n]."""
        k = self.space.floor.k
        view = ranked(self.space.cells, similarities, k)
        found = [
            best_counts(view, self.space.lattice, point, k=k, seconds=float("inf")) for point in self.points
        ]
        return view.chosen(max((one for one in found if one is not None), key=view.similarity))


def space_of(floor: Floor) -> Space | None:
    """Return the space of a floor's lists, or None where its rows are too many or generate no lattice."""
    cells = cells_of(floor.rows)
    if cells is None:
        return None
    lattice = lattice_of(cells.rows)
    return None if lattice is None else Space(floor, cells, lattice)


def least_of_ball(space: Space) -> Least | None:
    """Return the least MPR of lists, proven, or None where too many gaps would have to be looked at."""
    floor, started = space.floor, perf_counter()
    normal = floor.gap
    supported = top(-(floor.rows @ normal), floor.k)
    plane = float(normal @ (floor.rows[supported].mean(axis=0) - floor.target))
    points = space.within(floor.reached + TOLERANCE, normal=normal, least=plane)
    if points is None:
        return None
    lengths = np.linalg.norm(space.gaps(points), axis=1)
    order = np.argsort(lengths, kind="stable")
    anyhow = ranked(space.cells, np.zeros(len(floor.rows)), floor.k)
    kept: list[int] = []
    for place in order:
        if kept and lengths[place] > lengths[kept[0]] + TOLERANCE:
            break
        left = SECONDS - (perf_counter() - started)
        try:
            found = best_counts(anyhow, space.lattice, points[place], k=floor.k, seconds=left)
        except TimeoutError:
            return None
        if found is not None:
            kept.append(int(place))
    return Least(space, points[kept], float(lengths[kept[0]])) if kept else None


def ball_bound(
    space: Space, similarities: Floats, price: Floats, *, rho: float, known: float
) -> float | None:
    """Return a bound of the similarity sum of every list within rho, at least the sum `known` that one list has.

    A list's gap is a point of the lattice: of few points that may be better than the known list the largest bound by
    the price is proven. None where they are not few.
    """
    ceiling = top_sum(similarities - space.floor.rows @ (price / space.floor.k), space.floor.k)
    ceiling += float(price @ space.floor.target)
    points = space.within(rho + TOLERANCE, normal=price, least=known - ceiling, most=FEW)
    if points is None:
        return None
    return max(known, float((ceiling + space.gaps(points) @ price).max(initial=-np.inf)))


def best_in_ball(
    space: Space, similarities: Floats, relaxed: Relaxed, *, rho: float, known: float, seconds: float
) -> tuple[NDArray[np.int64] | None, bool]:
    """Return a list within rho of more similarity than the sum `known`, the best there is, and whether that is proven.

    None with True: no list within rho has more. By the price u of the relaxed optimum, a list of the gap g has at most
    top-k of (s - B u / k) + u'(g + target): points are tried in that order, for so many seconds.
    """
    floor, price, started = space.floor, relaxed.price, perf_counter()
    ceiling = top_sum(similarities - floor.rows @ (price / floor.k), floor.k) + float(price @ floor.target)
    points = space.within(rho + TOLERANCE, normal=price, least=known - ceiling)
    if points is None:
        return None, False
    bounds = ceiling + space.gaps(points) @ price
    view, best, chosen = ranked(space.cells, similarities, floor.k), known, None
    for place in np.argsort(-bounds, kind="stable"):
        if bounds[place] <= best:
            break
        left = seconds - (perf_counter() - started)
        try:
            counts = best_counts(view, space.lattice, points[place], k=floor.k, seconds=left)
        except TimeoutError:
            return chosen, False
        if counts is not None and view.similarity(counts) > best:
            best, chosen = view.similarity(counts), view.chosen(counts)
    return chosen, True

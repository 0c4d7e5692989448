"""The best list among those of one gap: how many items of each cell, when the sums of coordinates are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.exact.program import Rows, best_within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.exact.cells import Ranked
    from auditkit_mpr.exact.lattice import Lattice


def best_counts(
    ranked: Ranked, lattice: Lattice, point: NDArray[np.int64], *, k: int, seconds: float
) -> NDArray[np.int64] | None:
    """Return the counts [C] of the most similar list of k with these coordinate sums [d], or None if there is none.

    Where coordinates and k leave one solution it is computed; else a program in whole numbers finds the best. Raises
    TimeoutError where that does not end in so many seconds.
    """
    coordinates = lattice.coordinates
    if len(lattice) == len(coordinates) - 1:
        rest = np.rint(np.linalg.solve(coordinates[1:].T.astype(np.float64), point)).astype(np.int64)
        counts = np.append(k - rest.sum(), rest)
    else:
        sums = point.astype(np.float64)
        rows = Rows(matrix=coordinates.T.astype(np.float64), low=sums, high=sums)
        solved = best_within(ranked, rows, k=k, seconds=seconds)
        if solved.status == "stopped":
            raise TimeoutError
        if solved.counts is None:
            return None
        counts = solved.counts
    # What was asked for, in whole numbers and not by a solver's tolerance.
    inside = bool((counts >= 0).all() and (counts <= ranked.most()).all() and counts.sum() == k)
    return counts if inside and bool((counts @ coordinates == point).all()) else None

"""Proofs for named groups: the least of the largest gaps of shares, and the best list, by programs over counts.

How many of k items are in a group is a whole number, so a limit on a gap of shares is a limit on that number.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.exact.cells import Cells, Ranked, cells_of, ranked
from auditkit_mpr.exact.program import Rows, Solved, best_within
from auditkit_mpr.relaxed.certificate import TOLERANCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats

SECONDS = 10.0
"""Time for the least MPR where nobody asked for a proof."""


FEW = 64
"""Cells up to which programs over counts end within seconds."""
KINDS = 5_000
"""Cells up to which one program over counts is tried when a proof is asked for."""


@dataclass(frozen=True, eq=False)
class Shares:
    """Lists of k: cells of equal memberships [C, g], and the shares [g] that groups should have."""

    cells: Cells
    shares: Floats
    k: int

    @property
    def few(self) -> bool:
        """Whether proofs may be made that nobody asked for."""
        return len(self.cells) <= FEW

    def within(self, view: Ranked, rho: float, *, seconds: float) -> Solved:
        """Return the most similar list whose every gap of shares is at most rho."""
        slack = self.k * TOLERANCE
        rows = Rows(
            matrix=self.cells.rows.T,
            low=np.ceil(self.k * (self.shares - rho) - slack),
            high=np.floor(self.k * (self.shares + rho) + slack),
        )
        if (rows.low > rows.high).any():
            return Solved(counts=None, bound=-np.inf, status="infeasible")
        return best_within(view, rows, k=self.k, seconds=seconds)

    def least(self, *, above: float, reached: float, seconds: float = SECONDS) -> float | None:
        """Return the least MPR that lists have, None if time runs out; a list has `reached`, none is below `above`.

        MPR is one of finitely many numbers |j / k - share|: the least that some list keeps is found by halving.
        """
        started = perf_counter()
        view = ranked(self.cells, np.zeros(len(self.cells.which)), self.k)
        steps = np.arange(self.k + 1)[:, None] / self.k
        sizes = np.abs(steps - self.shares).ravel()
        sizes = np.unique(sizes[(sizes >= above - TOLERANCE) & (sizes <= reached + TOLERANCE)])
        low, high = 0, len(sizes) - 1
        while low < high:
            middle = (low + high) // 2
            left = seconds - (perf_counter() - started)
            found = self.within(view, float(sizes[middle]), seconds=left)
            if found.status == "stopped" and found.counts is None:
                return None
            low, high = (low, middle) if found.counts is not None else (middle + 1, high)
        return float(sizes[low]) if len(sizes) else None

    def most_similar(self, similarities: Floats, rho: float) -> NDArray[np.int64] | None:
        """Return the most similar list [k] within rho for similarities [n], if the program ends."""
        view = ranked(self.cells, similarities, self.k)
        found = self.within(view, rho, seconds=SECONDS)
        return None if found.counts is None else view.chosen(found.counts)


def shares_of(inside: Floats, shares: Floats, k: int) -> Shares | None:
    """Return the lists of k of items with memberships [n, g], None where they are of too many kinds."""
    cells = cells_of(inside, most=KINDS)
    return None if cells is None else Shares(cells, shares, k)

"""How list and reference are drawn again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.sampling.errors import mean_errors
from auditkit_mpr.sampling.lot import Lot, lot_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.reference.table import Reference

MAX_ERRORS = 8_000_000
"""Numbers kept of draws times statistics; with more statistics there are fewer draws, at least `FEWEST`."""
FEWEST = 200
UNSEEN = 0.5
"""Rows that a value counts for which items have and no row of the reference: it is not known to be absent."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Draws:
    """The rules of the run; `rng` gives the same draws for the same purpose."""

    count: int
    confidence: float
    rng: Callable[[str], np.random.Generator]

    def affordable(self, columns: int) -> int:
        """Return how many draws of so many statistics are kept."""
        return min(self.count, max(FEWEST, MAX_ERRORS // max(columns, 1)))

    def errors(
        self, values: Floats, reference: Reference, purpose: str, *, unseen: Floats | None = None
    ) -> Floats:
        """Return errors [draws, r] of the reference mean of each column of `values` [m, r]; 0 if nobody sampled it.

        `unseen` [u, r] are rows of values that the reference lacks, each counted for half a row.
        """
        draws, shares = self.affordable(values.shape[1]), reference.population.shares
        if reference.exact:
            return np.zeros((draws, values.shape[1]))
        size = max(round(reference.population.effective), 1)
        if unseen is not None and len(unseen):
            values = np.concatenate([values, unseen])
            shares = np.concatenate([shares, np.full(len(unseen), UNSEEN / size)])
        return mean_errors(values, shares, size=size, draws=draws, rng=self.rng(purpose))

    def lot(self, reference: Reference, k: int, purpose: str, *, columns: int) -> Lot:
        """Return lists of k by lot, as many as are kept of so many statistics."""
        return lot_of(reference, k, draws=self.affordable(columns), rng=self.rng(f"{purpose} by lot"))

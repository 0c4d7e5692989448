"""How the reference is bootstrapped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit_mpr.sampling.intervals import mean_errors

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.reference.population import Population

MAX_ERRORS = 8_000_000
"""Numbers kept of draws times statistics; with more statistics there are fewer draws, at least `FEWEST`."""
FEWEST = 200


@dataclass(frozen=True, eq=False, kw_only=True)
class Draws:
    """The rules of the bootstrap; `rng` gives the same draws for the same purpose."""

    count: int
    confidence: float
    rng: Callable[[str], np.random.Generator]

    def errors(self, values: Floats, reference: Population, purpose: str) -> Floats:
        """Return errors [draws, r] of the reference mean of each column of `values` [m, r]."""
        count = min(self.count, max(FEWEST, MAX_ERRORS // max(values.shape[1], 1)))
        return mean_errors(values, reference, draws=count, rng=self.rng(purpose))

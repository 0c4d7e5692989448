"""Functions that a regressor can fit: the value is a lower bound of MPR over the class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.classes.fitted_limits import FittedLimits
from auditkit_mpr.classes.interface import Measured
from auditkit_mpr.classes.regressors import (
    Regressor,
    Witness,
    regression_witness,
    regressor_named,
    sign_witness,
)
from auditkit_mpr.sampling.intervals import length_interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.retrieval.candidates import Candidates
    from auditkit_mpr.sampling.draws import Draws


@dataclass(eq=False)
class Fitted:
    """Trees, networks and other regressors; with `signs` the sign of a tree."""

    name: str
    signs: bool = False
    seed: int = 0

    def witness(self, candidates: Candidates, retrieved: Floats) -> Witness:
        """Return the function found for a relaxed list [c]."""
        population = candidates.reference.population
        if self.signs:
            return sign_witness(self.make, candidates.rows, population, retrieved)
        return regression_witness(self.make(), candidates.rows, population, retrieved)

    def make(self) -> Regressor:
        """Return a regressor that was fitted to nothing yet."""
        return regressor_named("tree" if self.signs else self.name, seed=self.seed)

    def measure(self, candidates: Candidates, chosen: NDArray[np.int64], draws: Draws) -> Measured:
        """Return the gap of the fitted function, with an interval that holds the function fixed."""
        retrieved = np.zeros(len(candidates.items))
        retrieved[chosen] = 1.0
        found, reference = self.witness(candidates, retrieved), candidates.reference
        zero = not (found.items.any() or found.reference.any())
        interval = None
        if not reference.exact and not zero:
            errors = draws.errors(found.reference[:, None], reference.population, self.name)
            interval = length_interval(np.array([found.value]), -errors, confidence=draws.confidence)
        nothing = f"{self.name} predicted zero everywhere: it shows no gap, which proves nothing"
        return Measured(
            value=found.value,
            interval=interval,
            ceiling=2.0 if self.signs else 1.0,
            sampling_gap=None,
            heuristic=True,
            note=nothing if zero else "",
        )

    def limits(self, candidates: Candidates, *, k: int) -> FittedLimits:
        """Return the candidates' lists of k under limits, as far as fits show."""
        shares = candidates.reference.population.shares

        def oracle(entries: Floats) -> tuple[float, Floats, float]:
            found = self.witness(candidates, entries)
            return found.value, found.items, float(shares @ found.reference)

        return FittedLimits(candidates.similarities, k, oracle)

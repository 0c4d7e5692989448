"""Lists under a limit on linear functions or a kernel's ball."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditkit_mpr.relaxed.answer import Answer, Limited
from auditkit_mpr.relaxed.lp import cut_optimum
from auditkit_mpr.relaxed.mopr import mopr
from auditkit_mpr.relaxed.swaps import Pool

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.relaxed.floor import Floor


@dataclass(eq=False)
class BallLimits:
    """One query's similarities [n] over a floor that queries share."""

    similarities: Floats
    floor: Floor
    _bounds: dict[float, float | None] = field(default_factory=dict, repr=False)
    _price: Floats | None = None

    def mpr(self, chosen: NDArray[np.int64]) -> float:
        """Return the MPR of a list."""
        return self._pool().mpr(chosen)

    def cone(self, rho: float) -> Answer:
        """Return the relaxed optimum turned into a list by exchanges; it starts from the price of the limit before."""
        found = mopr(self.similarities, self.floor, rho=rho, price=self._price)
        self._price = found.price
        self._bounds[rho] = found.certificate.similarity_bound
        return found

    def cut(self, rho: float) -> Answer:
        """Return the same by cutting planes."""
        return mopr(self.similarities, self.floor, rho=rho, method="lp", solve=cut_optimum)

    def exact(self, rho: float, *, seconds: float) -> Answer:
        """Return the best list within the limit, or proof that there is none."""
        from auditkit_mpr.relaxed.integer import integer_optimum

        return integer_optimum(self.similarities, self.floor, rho=rho, seconds=seconds)

    def judge(self, chosen: NDArray[np.int64], rho: float, method: str) -> Answer:
        """Return the list with its certificate; the bound is that of the relaxed optimum."""
        if rho not in self._bounds:
            self.cone(rho)
        return Limited(self._pool(), self.floor, rho, method).answer(chosen, bound=self._bounds[rho])

    def _pool(self) -> Pool:
        return Pool(similarities=self.similarities, rows=self.floor.rows, target=self.floor.target)

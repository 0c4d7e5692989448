"""Lists under a limit on linear functions or a kernel's ball."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.exact.ball import ball_bound
from auditkit_mpr.exact.integer import integer_optimum
from auditkit_mpr.relaxed.answer import Answer, Limited
from auditkit_mpr.relaxed.cone import relaxed_optimum
from auditkit_mpr.relaxed.lp import cut_optimum
from auditkit_mpr.relaxed.mopr import mopr
from auditkit_mpr.relaxed.swaps import Pool

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.exact.reach import Reach
    from auditkit_mpr.relaxed.cone import Relaxed
    from auditkit_mpr.relaxed.floor import Floor
    from auditkit_mpr.relaxed.priced import Shown

MOST = 100_000
"""Items among which equal rows are looked for where nobody asked for a proof."""
LOOSE = 1e-3
"""A bound within this share of the top similarity is left as it is."""


@dataclass(eq=False)
class BallLimits:
    """One query's similarities [n] over what all queries' lists can reach."""

    similarities: Floats
    reach: Reach
    _bounds: dict[float, float | None] = field(default_factory=dict, repr=False)
    _price: Floats | None = None
    _least: NDArray[np.int64] | None = None

    def mpr(self, chosen: NDArray[np.int64]) -> float:
        """Return the MPR of a list."""
        return self.pool.mpr(chosen)

    def cone(self, rho: float) -> Answer:
        """Return the relaxed optimum turned into a list by exchanges; it starts from the price of the limit before."""
        return self.relaxed(rho, "cone", relaxed_optimum)

    def cut(self, rho: float) -> Answer:
        """Return the same by cutting planes."""
        return self.relaxed(rho, "lp", cut_optimum)

    def relaxed(self, rho: float, method: str, solve: Callable[..., Relaxed]) -> Answer:
        """Return the list that a relaxed optimum leads to; the most similar of least MPR where none keeps the limit."""
        price = self._price if solve is relaxed_optimum else None
        found = mopr(self.similarities, self.reach.floor, rho=rho, method=method, solve=solve, price=price)
        if solve is relaxed_optimum:
            self._price = found.price
        found = self._tightened(found)
        self._bounds[rho] = found.certificate.similarity_bound
        return found if found.certificate.meets else self._of_least(found)

    def _tightened(self, found: Answer) -> Answer:
        """Return the answer with the bound of the gaps that lists can have, where these can be looked through."""
        proof, price = found.certificate, found.price
        loose = proof.gap is not None and proof.gap > LOOSE * abs(proof.top_similarity)
        if price is None or not (proof.meets and loose) or len(self.similarities) > MOST:
            return found
        space = self.reach.space
        if space is None or proof.similarity_bound is None:
            return found
        bound = ball_bound(space, self.similarities, price, rho=proof.rho, known=proof.similarity)
        if bound is None or bound >= proof.similarity_bound:
            return found
        return replace(found, certificate=replace(proof, similarity_bound=bound))

    def exact(self, rho: float, *, seconds: float) -> Answer:
        """Return the best list within the limit, or proof that there is none."""
        found = integer_optimum(self.similarities, self.reach, rho=rho, seconds=seconds)
        return found if found.certificate.meets else self._of_least(found)

    def functions(self, entries: Floats) -> list[Shown]:
        """Return the one function that shows the gap of entries [n]: its direction."""
        pool = self.pool
        gap = entries @ pool.rows / self.floor.k - pool.target
        length = float(np.linalg.norm(gap))
        along = gap / length if length > 0 else gap
        return [(length, pool.rows @ along, float(pool.target @ along))]

    def judge(self, chosen: NDArray[np.int64], rho: float, method: str) -> Answer:
        """Return the list with its certificate; the bound is that of the relaxed optimum."""
        if rho not in self._bounds:
            self.cone(rho)
        return Limited(self.pool, self.reach.floor, rho, method).answer(chosen, bound=self._bounds[rho])

    def _of_least(self, found: Answer) -> Answer:
        """Return the most similar list of least MPR, proven or reached, in place of one that breaks the limit."""
        proof = found.certificate
        if self._least is None:
            least, floor = self.reach.least, self.reach.floor
            if least is not None:
                self._least = least.most_similar(self.similarities)
            else:
                self._least = mopr(self.similarities, floor, rho=floor.reached).chosen
        limited = Limited(self.pool, self.reach.proven, proof.rho, proof.method)
        bound = proof.similarity_bound if limited.kept(limited.floor.lower_bound) else None
        return limited.answer(
            self._least,
            bound=bound,
            infeasible=proof.infeasible,
            least="reached" if self.reach.least is None else "proven",
        )

    @property
    def floor(self) -> Floor:
        """How small the MPR of lists can get."""
        return self.reach.floor

    def proven_floor(self) -> Floor:
        """Return the same with the least MPR as its bound where that can be proven."""
        return self.reach.proven

    @property
    def pool(self) -> Pool:
        """Items with the rows whose mean is compared."""
        floor = self.reach.floor
        return Pool(similarities=self.similarities, rows=floor.rows, target=floor.target)

"""Lists under a limit on groups and their intersections."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.relaxed.answer import Answer, Limited
from auditkit_mpr.relaxed.certificate import TOLERANCE
from auditkit_mpr.relaxed.floor import Floor
from auditkit_mpr.relaxed.lp import foremost, least_of, program
from auditkit_mpr.relaxed.swaps import Pool, least_exchanged, repaired
from auditkit_mpr.relaxed.top import top, top_sum

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats


@dataclass(eq=False)
class GroupLimits:
    """One query's similarities [n]; every group [n, g] is a cut from the start, so the program is exact."""

    similarities: Floats
    inside: Floats
    shares: Floats
    k: int
    _kept: dict[float, Answer] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._columns = foremost(self.inside, self.similarities, self.k)
        self._pool = Pool(similarities=self.similarities, rows=self.inside, target=self.shares, largest=True)
        bound, entries = least_of(self.inside[self._columns], self.shares, k=self.k)
        start = self._columns[top(entries, self.k)]
        reached = self._columns[least_exchanged(self._small(), np.searchsorted(self._columns, start))]
        self._floor = Floor(
            k=self.k,
            rows=self.inside,
            target=self.shares,
            columns=self._columns,
            lower_bound=bound,
            chosen=reached,
            reached=self._pool.mpr(reached),
        )

    def mpr(self, chosen: NDArray[np.int64]) -> float:
        """Return the largest gap of shares."""
        return self._pool.mpr(chosen)

    def cut(self, rho: float) -> Answer:
        """Return the exact relaxed optimum, all cuts at once, repaired by exchanges."""
        if rho not in self._kept:
            self._kept[rho] = self._relaxed(rho)
        return self._kept[rho]

    def exact(self, rho: float, *, seconds: float) -> Answer:
        """Return the best list within the limit, or proof that there is none."""
        known, limited = self.cut(rho), self._limited(rho, "integer")
        listed, bound, impossible = self._program(rho, seconds)
        if impossible and not known.certificate.meets:
            return limited.answer(self._floor.chosen, bound=None, infeasible=True)
        chosen = known.chosen
        if listed is not None and limited.kept(self.mpr(listed)):
            better = self._pool.similarity(listed) >= self._pool.similarity(chosen)
            chosen = listed if better or not known.certificate.meets else chosen
        if bound is not None and limited.kept(self.mpr(chosen)):
            bound = max(bound, self._pool.similarity(chosen))
        return limited.answer(chosen, bound=bound)

    def judge(self, chosen: NDArray[np.int64], rho: float, method: str) -> Answer:
        """Return the list with its certificate."""
        bound = self.cut(rho).certificate.similarity_bound
        return self._limited(rho, method).answer(chosen, bound=bound)

    def _relaxed(self, rho: float) -> Answer:
        best, limited = top(self.similarities, self.k), self._limited(rho, "lp")
        if limited.kept(self.mpr(best)):
            return limited.answer(best, bound=top_sum(self.similarities, self.k))
        small = self._small()
        found = program(small.similarities, small.rows, small.target, k=self.k, limit=rho)
        if found is None or not limited.kept(self._floor.lower_bound):
            return limited.answer(self._floor.chosen, bound=None)
        slope = float(np.abs(found.price).sum())
        chosen = repaired(small, top(found.entries, self.k), limit=rho, slope=slope)
        if not limited.kept(small.mpr(chosen)):
            least = np.searchsorted(self._columns, self._floor.chosen)
            chosen = repaired(small, least, limit=rho, slope=slope)
        # HiGHS keeps rows to 1e-7; prices turn that into similarity.
        return limited.answer(self._columns[chosen], bound=found.value + 1e-7 * (1.0 + slope))

    def _program(self, rho: float, seconds: float) -> tuple[NDArray[np.int64] | None, float | None, bool]:
        """Return the list of the integer program, a bound on every list's similarity, and whether there is none."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        small, edge = self._small(), rho + TOLERANCE / 2
        solved = milp(
            -small.similarities,
            integrality=np.ones(len(self._columns), dtype=np.int64),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(
                np.vstack([small.rows.T / self.k, np.ones(len(self._columns))]),
                np.append(small.target - edge, self.k),
                np.append(small.target + edge, self.k),
            ),
            options={"time_limit": seconds, "mip_rel_gap": 1e-9},
        )
        listed = None if solved.x is None else self._columns[np.flatnonzero(solved.x > 0.5)]
        bound = None if solved.mip_dual_bound is None else -float(solved.mip_dual_bound)
        return listed, bound, solved.status == 2

    def _limited(self, rho: float, method: str) -> Limited:
        return Limited(self._pool, self._floor, rho, method)

    def _small(self) -> Pool:
        columns = self._columns
        return Pool(
            similarities=self.similarities[columns],
            rows=self.inside[columns],
            target=self.shares,
            largest=True,
        )

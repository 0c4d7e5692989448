"""Lists under a limit on groups and their intersections."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.exact.cells import ranked
from auditkit_mpr.exact.shares import shares_of
from auditkit_mpr.relaxed.answer import Answer, Limited
from auditkit_mpr.relaxed.certificate import TOLERANCE
from auditkit_mpr.relaxed.floor import Floor
from auditkit_mpr.relaxed.lp import foremost, least_of, program
from auditkit_mpr.relaxed.swaps import Pool, least_exchanged, repaired
from auditkit_mpr.relaxed.top import top, top_sum

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.relaxed.priced import Shown

MOST = 10
"""Groups that are named at a time."""


@dataclass(eq=False)
class GroupLimits:
    """One query's similarities [n]; every group [n, g] is a cut from the start, so the program is exact."""

    similarities: Floats
    inside: Floats
    shares: Floats
    k: int
    _kept: dict[float, Answer] = field(default_factory=dict, repr=False)
    _proven: bool = False

    def __post_init__(self) -> None:
        self._space = shares_of(self.inside, self.shares, self.k)
        self._columns = foremost(self.inside, self.similarities, self.k)
        self.pool = Pool(similarities=self.similarities, rows=self.inside, target=self.shares, largest=True)
        bound, entries, _ = least_of(self.inside[self._columns], self.shares, k=self.k)
        start = self._columns[top(entries, self.k)]
        reached = self._columns[least_exchanged(self._small(), np.searchsorted(self._columns, start))]
        self.floor = Floor(
            k=self.k,
            rows=self.inside,
            target=self.shares,
            columns=self._columns,
            gap=np.zeros(self.inside.shape[1]),
            lower_bound=bound,
            chosen=reached,
            reached=self.pool.mpr(reached),
        )

    def mpr(self, chosen: NDArray[np.int64]) -> float:
        """Return the largest gap of shares."""
        return self.pool.mpr(chosen)

    def cut(self, rho: float) -> Answer:
        """Return the exact relaxed optimum, all cuts at once, repaired by exchanges."""
        if rho not in self._kept:
            found = self._relaxed(rho)
            self._kept[rho] = found if found.certificate.meets else self._of_least(found)
        return self._kept[rho]

    def exact(self, rho: float, *, seconds: float) -> Answer:
        """Return the best list within the limit, or proof that there is none."""
        known, limited = self.cut(rho), self._limited(rho, "integer")
        if self._space is None or known.certificate.least:
            return limited.answer(
                known.chosen,
                bound=known.certificate.similarity_bound,
                infeasible=known.certificate.infeasible,
                least=known.certificate.least,
            )
        view = ranked(self._space.cells, self.similarities, self.k)
        solved = self._space.within(view, rho, seconds=seconds)
        if solved.status == "infeasible":
            return self._of_least(limited.answer(known.chosen, bound=None, infeasible=True))
        chosen = known.chosen
        if solved.counts is not None:
            listed = view.chosen(solved.counts)
            if self.pool.similarity(listed) >= self.pool.similarity(chosen) or not known.certificate.meets:
                chosen = listed
        if not limited.kept(self.mpr(chosen)):
            return known
        return limited.answer(chosen, bound=max(solved.bound, self.pool.similarity(chosen)))

    def functions(self, entries: Floats) -> list[Shown]:
        """Return the groups whose gaps of entries [n] are largest."""
        gaps = entries @ self.inside / self.k - self.shares
        order = np.argsort(-np.abs(gaps), kind="stable")[:MOST]
        sides = np.where(gaps < 0, -1.0, 1.0)
        return [
            (abs(float(gaps[g])), sides[g] * self.inside[:, g], float(sides[g] * self.shares[g]))
            for g in order
        ]

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
        if found is None or not limited.kept(self.floor.lower_bound):
            return limited.answer(self.floor.chosen, bound=None)
        slope = float(np.abs(found.price).sum())
        chosen = repaired(small, top(found.entries, self.k), limit=rho, slope=slope)
        if not limited.kept(small.mpr(chosen)):
            least = np.searchsorted(self._columns, self.floor.chosen)
            chosen = repaired(small, least, limit=rho, slope=slope)
        # HiGHS keeps rows to 1e-7; prices turn that into similarity.
        return limited.answer(self._columns[chosen], bound=found.value + 1e-7 * (1.0 + slope))

    def _of_least(self, found: Answer) -> Answer:
        """Return the most similar list of least MPR, proven or reached, in place of one that breaks the limit."""
        proof, chosen = found.certificate, None
        self.proven_floor()
        limited = self._limited(proof.rho, proof.method)
        if self._space is not None and self._space.few:
            edge = max(proof.rho, limited.floor.reached)
            chosen = self._space.most_similar(self.similarities, edge)
        if chosen is None:
            chosen = self._relaxed(limited.floor.reached).chosen
        kept = limited.kept(limited.floor.lower_bound)
        return limited.answer(
            chosen,
            bound=proof.similarity_bound if kept else None,
            infeasible=proof.infeasible,
            least="proven" if self._proven else "reached",
        )

    def proven_floor(self) -> Floor:
        """Return how small the largest gap can get, with the least as its bound where that can be proven."""
        floor = self.floor
        if self._space is not None and self._space.few and not self._proven:
            least = self._space.least(above=floor.lower_bound, reached=floor.reached)
            if least is not None:
                self._proven = True
                self.floor = replace(floor, lower_bound=max(least - TOLERANCE / 2, 0.0), reached=least)
        return self.floor

    def _limited(self, rho: float, method: str) -> Limited:
        return Limited(self.pool, self.floor, rho, method)

    def _small(self) -> Pool:
        columns = self._columns
        return Pool(
            similarities=self.similarities[columns],
            rows=self.inside[columns],
            target=self.shares,
            largest=True,
        )

"""One query's lists of k under one limit on all their prefixes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.nested.program import relaxed_nested
from auditkit_mpr.relaxed.answer import Answer
from auditkit_mpr.relaxed.certificate import TOLERANCE, Certificate
from auditkit_mpr.relaxed.swaps import Pool, repaired
from auditkit_mpr.relaxed.top import top

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.nested.prefixes import Prefixes
    from auditkit_mpr.relaxed.floor import Floor

POOL = 12
"""Items, in lists of k, that exchanges choose from."""
HALVINGS = 8
"""Limits that are tried between the least MPR that is proven and the least that a list was found to have."""


@dataclass(eq=False)
class NestedLimits:
    """Lists of k whose every prefix should keep a limit; MPR of a list is the largest of its prefixes.

    `floors` say for the lists of each prefix's size how small their MPR can get; `proven` makes their bounds exact
    where that can be, and is asked only where no list was found.
    """

    prefixes: Prefixes
    floors: tuple[Floor, ...]
    proven: Callable[[], tuple[Floor, ...]]
    _bounds: dict[float, float | None] = field(default_factory=dict, repr=False)
    _least: NDArray[np.int64] | None = None

    def mpr(self, chosen: NDArray[np.int64]) -> float:
        """Return the largest MPR of all prefixes of a list in order."""
        return self.prefixes.worst(chosen)

    def nested(self, rho: float) -> Answer:
        """Return a list all of whose prefixes keep the limit, or the one of least MPR that was reached."""
        plain = self._most_similar()
        if self._keeps(plain, rho):
            self._bounds[rho] = float(self.prefixes.similarities[plain].sum())
            return self._certified(plain, rho, "nested")
        if self._lowest > rho + TOLERANCE:
            self._bounds[rho] = None
            return self._of_least(rho)
        start = np.unique(np.concatenate([floor.columns for floor in self.floors]))
        relaxed = relaxed_nested(self.prefixes, limit=rho, start=start)
        self._bounds[rho] = relaxed.bound
        chosen = self._rounded(relaxed.entries, rho, relaxed.slope)
        if not self._keeps(chosen, rho):
            least = self._reached()
            chosen = self._exchanged(least, rho, relaxed.slope) if self._keeps(least, rho) else chosen
        return self._certified(chosen, rho, "nested") if self._keeps(chosen, rho) else self._of_least(rho)

    def cut(self, rho: float) -> Answer:
        """Return the same: there is one way to keep a limit on prefixes."""
        return self.nested(rho)

    def judge(self, chosen: NDArray[np.int64], rho: float, method: str) -> Answer:
        """Return a list in its own order with the certificate of how all its prefixes stand to the limit."""
        if rho not in self._bounds:
            self.nested(rho)
        return self._certified(chosen, rho, method)

    def _keeps(self, chosen: NDArray[np.int64], rho: float) -> bool:
        return self.mpr(chosen) <= rho + TOLERANCE

    def _most_similar(self) -> NDArray[np.int64]:
        return top(self.prefixes.similarities, self.prefixes.sizes[-1])

    @property
    def _lowest(self) -> float:
        """No list's prefixes all have less: that of one size alone cannot."""
        return max(floor.lower_bound for floor in self.floors)

    def _rounded(self, entries: Floats, rho: float, slope: float) -> NDArray[np.int64]:
        """Return the list that the relaxed blocks [B, n] lead to: prefix by prefix, then exchanges over all of them."""
        similarities, chosen = self.prefixes.similarities, np.zeros(0, dtype=np.int64)
        for block, prefix in zip(entries, self.prefixes.each, strict=True):
            free = prefix.size - len(chosen)
            near = np.union1d(
                np.flatnonzero(entries.sum(axis=0) > 1e-9), top(similarities, POOL * prefix.size)
            )
            near = np.setdiff1d(near, chosen)
            rows = prefix.pool.rows
            rest = (prefix.size * prefix.pool.target - rows[chosen].sum(axis=0)) / free
            pool = Pool(
                similarities=similarities[near], rows=rows[near], target=rest, largest=prefix.pool.largest
            )
            first = top(block[near] + 1e-9 * similarities[near], free)
            found = repaired(pool, first, limit=rho * prefix.size / free, slope=max(slope, 1e-6))
            chosen = np.concatenate([chosen, near[found]])
        return self._exchanged(chosen, rho, slope)

    def _exchanged(self, chosen: NDArray[np.int64], rho: float, slope: float) -> NDArray[np.int64]:
        """Return the best list that exchanges over the most similar items and those of the floors reach."""
        k, similarities = self.prefixes.sizes[-1], self.prefixes.similarities
        floors = np.concatenate([floor.chosen for floor in self.floors])
        items = np.unique(
            np.concatenate([top(similarities, min(len(similarities), POOL * k)), floors, chosen])
        )
        found = self.prefixes.among(items).exchanged(np.searchsorted(items, chosen), limit=rho, slope=slope)
        return items[found]

    def _reached(self) -> NDArray[np.int64]:
        """Return the list of the least MPR that exchanges find, as similar as they make it: halving the limit."""
        if self._least is not None:
            return self._least
        best = min((self._most_similar(), self._filled()), key=self.mpr)
        low, high = self._lowest, self.mpr(best)
        for _ in range(HALVINGS):
            aim = (low + high) / 2
            found = self._exchanged(best, aim, 1.0)
            if self.mpr(found) < high - TOLERANCE:
                best, high = found, self.mpr(found)
            if self.mpr(found) > aim + TOLERANCE:
                low = aim
            if high - low <= 1e-6:
                break
        self._least = self._exchanged(best, self.mpr(best), 1.0)
        return self._least

    def _filled(self) -> NDArray[np.int64]:
        """Return the list of least MPR of every size put one behind the other, filled up with the most similar."""
        order = np.concatenate([*[floor.chosen for floor in self.floors], self._most_similar()])
        _, first = np.unique(order, return_index=True)
        return order[np.sort(first)][: self.prefixes.sizes[-1]]

    def _of_least(self, rho: float) -> Answer:
        self.floors = self.proven()
        return self._certified(self._reached(), rho, "nested")

    def _certified(self, chosen: NDArray[np.int64], rho: float, method: str) -> Answer:
        similarities, best = self.prefixes.similarities, self._most_similar()
        worst = self.mpr(chosen)
        reached = worst if self._least is None else min(worst, self.mpr(self._least))
        infeasible = self._lowest > rho + TOLERANCE
        proof = Certificate(
            method=method,
            rho=rho,
            mpr=worst,
            similarity=float(similarities[chosen].sum()),
            top_mpr=self.mpr(best),
            top_similarity=float(similarities[best].sum()),
            similarity_bound=None if infeasible else self._bounds[rho],
            mpr_lower_bound=self._lowest,
            reachable=reached,
            infeasible=infeasible,
            least="" if worst <= rho + TOLERANCE or method != "nested" else "reached",
            prefixes=tuple((prefix.size, prefix.mpr(chosen)) for prefix in self.prefixes.each),
        )
        return Answer(chosen=chosen, certificate=proof)

"""Lists under a limit on functions that a regressor can fit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.relaxed.answer import Answer
from auditkit_mpr.relaxed.certificate import TOLERANCE, Certificate
from auditkit_mpr.relaxed.lp import grown, least_of
from auditkit_mpr.relaxed.swaps import Pool, repaired
from auditkit_mpr.relaxed.top import top

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats

MAX_FITS = 25
"""Functions that are fitted for one limit: the paper's runs used 10 to 30."""


@dataclass(eq=False)
class FittedLimits:
    """One query's similarities [n]: algorithm 1, and exchanges on the functions that it found.

    A list is measured by a fit of its own. Where the fit shows more than the limit its function becomes a cut, and the
    exchanges go on. What no fit shows is not known to be absent: certificates say so.
    """

    similarities: Floats
    k: int
    oracle: Callable[[Floats], tuple[float, Floats, float]]
    _values: dict[bytes, float] = field(default_factory=dict, repr=False)
    _bounds: dict[float, tuple[float | None, float]] = field(default_factory=dict, repr=False)

    def mpr(self, chosen: NDArray[np.int64]) -> float:
        """Return the gap that a fit shows for a list."""
        return self._shown(chosen)[0]

    def cut(self, rho: float) -> Answer:
        """Return the first list for which no fit shows more than the limit, or the least shown of all tried."""
        cuts, means, last = grown(self.similarities, k=self.k, limit=rho, oracle=self.oracle, cuts=MAX_FITS)
        least = least_of(cuts, means, k=self.k)[0] if len(means) else 0.0
        if last is None:
            self._bounds[rho] = (None, least)
            entries = least_of(cuts, means, k=self.k)[1]
        else:
            slope = float(np.abs(last.price).sum())
            self._bounds[rho] = (last.value + 1e-7 * (1.0 + slope), least)
            entries = last.entries
        chosen, tried = top(entries, self.k), []
        for _ in range(MAX_FITS):
            value, function, mean = self._shown(chosen)
            tried.append((value, chosen))
            if value <= rho + TOLERANCE:
                break
            cuts, means = np.column_stack([cuts, function]), np.append(means, mean)
            pool = Pool(similarities=self.similarities, rows=cuts, target=means, largest=True)
            chosen = repaired(pool, chosen, limit=rho, slope=1.0)
            if any(np.array_equal(np.sort(chosen), np.sort(before)) for _, before in tried):
                break
        chosen = min(tried, key=lambda pair: max(pair[0], rho))[1]
        return self._certified(chosen, rho, "lp")

    def judge(self, chosen: NDArray[np.int64], rho: float, method: str) -> Answer:
        """Return the list with what a fit shows."""
        if rho not in self._bounds:
            self.cut(rho)
        return self._certified(chosen, rho, method)

    def _certified(self, chosen: NDArray[np.int64], rho: float, method: str) -> Answer:
        best, value = top(self.similarities, self.k), self.mpr(chosen)
        bound, least = self._bounds[rho]
        ordered = chosen[np.lexsort((chosen, -self.similarities[chosen]))]
        proof = Certificate(
            method=method,
            rho=rho,
            mpr=value,
            similarity=float(self.similarities[chosen].sum()),
            top_mpr=self.mpr(best),
            top_similarity=float(self.similarities[best].sum()),
            similarity_bound=bound,
            mpr_lower_bound=least,
            reachable=min(value, *self._values.values()),
            infeasible=least > rho + TOLERANCE,
            heuristic=True,
        )
        return Answer(chosen=ordered, certificate=proof)

    def _shown(self, chosen: NDArray[np.int64]) -> tuple[float, Floats, float]:
        entries = np.zeros(len(self.similarities))
        entries[chosen] = 1.0
        value, function, mean = self.oracle(entries)
        self._values[np.sort(chosen).tobytes()] = value
        return value, function, mean

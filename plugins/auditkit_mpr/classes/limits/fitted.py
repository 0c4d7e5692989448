"""Lists under a limit on functions that a regressor can fit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.relaxed.answer import Answer
from auditkit_mpr.relaxed.certificate import TOLERANCE, Certificate
from auditkit_mpr.relaxed.lp import least_of
from auditkit_mpr.relaxed.priced import Cuts, near
from auditkit_mpr.relaxed.swaps import Pool, repaired
from auditkit_mpr.relaxed.top import top

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats

MAX_FITS = 25
"""Functions that are fitted for one limit: the paper's runs used 10 to 30. They hold for the limits after it too."""
POOL = 12
"""Items, in lists of k, that exchanges choose from."""


@dataclass(eq=False)
class FittedLimits:
    """One query's similarities [n]: algorithm 1, and exchanges on the functions that it found.

    A list is measured by a fit of its own. Where the fit shows more than the limit its function becomes a cut, for
    later limits too, and the exchanges go on. What no fit shows is not known to be absent, unless the oracle is
    `complete` and tries every function: certificates say so. Only `columns` [c], the foremost of the items with equal
    rows, can be in an optimum.
    """

    similarities: Floats
    k: int
    oracle: Callable[[Floats], tuple[float, Floats, float]]
    columns: NDArray[np.int64]
    complete: bool = False
    _known: list[tuple[float, NDArray[np.int64]]] = field(default_factory=list, repr=False)
    _answers: dict[float, Answer] = field(default_factory=dict, repr=False)
    _values: dict[bytes, float] = field(default_factory=dict, repr=False)
    _bounds: dict[float, tuple[float | None, float]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._cuts = Cuts(len(self.columns))

    def mpr(self, chosen: NDArray[np.int64]) -> float:
        """Return the gap that a fit shows for a list."""
        return self._shown(chosen)[0]

    def cut(self, rho: float) -> Answer:
        """Return the first list for which no fit shows more than the limit, or the least shown of all tried."""
        if rho not in self._answers:
            self._answers[rho] = self._made(rho)
        return self._answers[rho]

    def _made(self, rho: float) -> Answer:
        inside, cuts = self.similarities[self.columns], self._cuts
        last = cuts.grow(inside, k=self.k, limit=rho, oracle=self._over_columns, most=MAX_FITS)
        least, entries = least_of(cuts.functions, cuts.means, k=self.k) if len(cuts.means) else (0.0, inside)
        price = np.zeros(0)
        if last is not None:
            entries, price = last[0].entries, last[0].price
        self._bounds[rho] = (None if last is None else last[1], least)
        tried = self._exchanged(top(entries + 1e-9 * _ranks(inside), self.k), price, rho)
        tried += [(value, chosen) for value, chosen in self._known if value <= rho + TOLERANCE]
        return self._certified(self._best(tried, rho), rho, "lp")

    def _exchanged(
        self, start: NDArray[np.int64], price: Floats, rho: float
    ) -> list[tuple[float, NDArray[np.int64]]]:
        """Return what fits show of the lists that exchanges lead to, each function shown a cut for the next."""
        inside, cuts = self.similarities[self.columns], self._cuts
        chosen, tried = start, []
        for _ in range(MAX_FITS):
            value, function, mean = self._shown(self.columns[chosen])
            tried.append((value, self.columns[chosen]))
            if value <= rho + TOLERANCE:
                break
            cuts.add(function[self.columns], mean)
            pool = np.union1d(near(inside, cuts, price, k=self.k, most=POOL * self.k), chosen)
            found = repaired(
                Pool(similarities=inside[pool], rows=cuts.functions[pool], target=cuts.means, largest=True),
                np.searchsorted(pool, chosen),
                limit=rho,
                slope=float(np.abs(price).sum()) or 1.0,
            )
            chosen = pool[found]
            if any(np.array_equal(np.sort(self.columns[chosen]), np.sort(before)) for _, before in tried):
                break
        self._known += tried
        return tried

    def _best(self, tried: list[tuple[float, NDArray[np.int64]]], rho: float) -> NDArray[np.int64]:
        """Return the most similar list within the limit; without one, the most similar of the least shown."""
        kept = [chosen for value, chosen in tried if value <= rho + TOLERANCE]
        if not kept:
            least = min(value for value, _ in self._known)
            kept = [chosen for value, chosen in self._known if value <= least + TOLERANCE]
        return max(kept, key=lambda chosen: float(self.similarities[chosen].sum()))

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
            heuristic=not self.complete,
        )
        return Answer(chosen=ordered, certificate=proof)

    def _over_columns(self, entries: Floats) -> tuple[float, Floats, float]:
        """Ask the oracle about entries of the columns [c]."""
        whole = np.zeros(len(self.similarities))
        whole[self.columns] = entries
        value, function, mean = self.oracle(whole)
        return value, function[self.columns], mean

    def _shown(self, chosen: NDArray[np.int64]) -> tuple[float, Floats, float]:
        entries = np.zeros(len(self.similarities))
        entries[chosen] = 1.0
        value, function, mean = self.oracle(entries)
        self._values[np.sort(chosen).tobytes()] = value
        return value, function, mean


def _ranks(similarities: Floats) -> Floats:
    """Return the place of each similarity [c] between 0 and 1: of equal entries the more similar item goes first."""
    places = np.empty(len(similarities))
    places[np.argsort(similarities, kind="stable")] = np.arange(len(similarities))
    return places / max(len(similarities), 1)

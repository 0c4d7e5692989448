"""Lists under a limit on functions that a regressor can fit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.classes.limits.balanced import reservoir
from auditkit_mpr.classes.limits.searched import Search
from auditkit_mpr.relaxed.answer import Answer
from auditkit_mpr.relaxed.certificate import TOLERANCE, Certificate
from auditkit_mpr.relaxed.priced import Cuts, alike, near
from auditkit_mpr.relaxed.top import top

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.classes.limits.balanced import Balanced
    from auditkit_mpr.relaxed.priced import Shown

SEARCHED = "lp"
"""The method whose lists these are."""
MAX_FITS = 10
"""Times that a class is asked for functions under one limit: the paper took 10 to 30. They hold for the limits
after it too."""
POOL = 8
"""Items, in lists of k, that exchanges choose from."""
FAR = 0.01
"""A list this share of the k most similar items' similarity below the bound is looked for from another side too."""
ANEW = 4
"""Times that exchanges start anew where a fit of another list shows more of the one that was found."""


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
    oracle: Callable[[Floats], list[Shown]]
    columns: NDArray[np.int64]
    tables: Callable[[NDArray[np.int64]], Balanced]
    """Makes a pool of some of the columns."""
    complete: bool = False
    greedy: bool = False
    """Whether the oracle is a greedy fit of little time: exchanges then begin at more than one list."""
    cells: NDArray[np.int64] | None = None
    """The cell of every column [c], of those with equal rows; None where they are too many."""
    _answers: dict[float, Answer] = field(default_factory=dict, repr=False)
    _bounds: dict[float, float | None] = field(default_factory=dict, repr=False)
    _least: float = 0.0
    """No relaxed list shows less: proven by the functions found when it was last asked."""

    def __post_init__(self) -> None:
        inside = self.similarities[self.columns]
        self._cuts = Cuts(len(inside), None if self.cells is None else alike(self.cells, inside))
        self._search = Search(inside, self.k, self._cuts, self._shown_of)

    def mpr(self, chosen: NDArray[np.int64]) -> float:
        """Return the gap that a fit of its own shows for a list, or a function that was found before."""
        places = np.minimum(np.searchsorted(self.columns, chosen), len(self.columns) - 1)
        if np.array_equal(self.columns[places], chosen):
            return self._search.value(places, np.inf)
        entries = np.zeros(len(self.similarities))
        entries[chosen] = 1.0
        return self.oracle(entries)[0][0]

    def cut(self, rho: float) -> Answer:
        """Return the first list for which no fit shows more than the limit, or the least shown of all tried."""
        if rho not in self._answers:
            self._answers[rho] = self._made(rho)
        return self._answers[rho]

    def again(self, answer: Answer) -> Answer:
        """Return the best list for an answer's limit of all that were tried; of other methods their own list."""
        proof, search = answer.certificate, self._search
        if proof.method != SEARCHED:
            return self.judge(answer.chosen, proof.rho, proof.method)
        chosen = search.best(proof.rho)
        if chosen is None and proof.meets:  # a function that was found since shows more of it
            return self._made(proof.rho)
        return self._certified(
            self.columns[search.least() if chosen is None else chosen], proof.rho, SEARCHED
        )

    def _made(self, rho: float) -> Answer:
        inside, cuts, search = self.similarities[self.columns], self._cuts, self._search
        last = cuts.grow(inside, k=self.k, limit=rho, oracle=self._over_columns, most=MAX_FITS)
        self._bounds[rho] = None if last is None else last.bound
        if last is not None:
            entries, price = last.entries, last.price
        else:
            entries, price = self._relaxed_least(), np.zeros(0)
        pool = near(inside, cuts, price, k=self.k, most=POOL * self.k)
        start, slope = top(entries + 1e-9 * _ranks(inside), self.k), float(price.sum()) or 1.0
        chosen = self._within(start, pool, rho, slope)
        if chosen is not None and last is not None and self.greedy:
            chosen = self._from_another(chosen, last.bound, pool, rho, slope)
        if chosen is None:
            self._from_tables(start, pool, rho, slope)
            chosen = self._within(search.least(), pool, rho, slope)
        if chosen is None:
            if last is not None:
                self._relaxed_least()
            chosen = search.least()
            chosen = search.climbed(chosen, pool, rho=search.value(chosen, rho))
        return self._certified(self.columns[chosen], rho, SEARCHED)

    def _within(
        self, chosen: NDArray[np.int64], pool: NDArray[np.int64], rho: float, slope: float
    ) -> NDArray[np.int64] | None:
        """Return a list within the limit, near the columns [k], that no exchange improves; None if none is found."""
        search = self._search
        for _ in range(ANEW):
            search.exchanged(chosen, pool, rho=rho, slope=slope)
            kept = search.best(rho)
            if kept is None:
                return None
            chosen = search.climbed(kept, pool, rho=rho)
            if search.value(chosen, rho) <= rho + TOLERANCE:
                return chosen
        return search.best(rho)

    def _from_another(
        self, chosen: NDArray[np.int64], bound: float, pool: NDArray[np.int64], rho: float, slope: float
    ) -> NDArray[np.int64] | None:
        """Return the best list once exchanges have begun at the most similar items too, where the bound is far."""
        inside = self.similarities[self.columns]
        most = top(inside, self.k)
        if bound - inside[chosen].sum() <= FAR * abs(inside[most].sum()):
            return chosen
        self._within(most, pool, rho, slope)
        return self._search.best(rho)

    def _from_tables(
        self, start: NDArray[np.int64], pool: NDArray[np.int64], rho: float, slope: float
    ) -> None:
        """Try lists that resemble the reference in many tables, until one keeps the limit."""
        inside = self.similarities[self.columns]
        columns = reservoir(self.cells, inside, np.union1d(start, pool))
        for chosen in self.tables(columns).lists(start, rho, slope=slope):
            if self._search.value(chosen, rho) <= rho + TOLERANCE:
                break

    def _relaxed_least(self) -> Floats:
        """Return a relaxed list [c] of nearly the least that the functions allow; the least is remembered."""
        least, entries = self._cuts.least(k=self.k)
        self._least = max(self._least, least)
        return entries

    def functions(self, entries: Floats) -> list[Shown]:
        """Return what the class is found to show of entries [n]."""
        return self.oracle(entries)

    def judge(self, chosen: NDArray[np.int64], rho: float, method: str) -> Answer:
        """Return the list with what a fit shows."""
        if rho not in self._bounds:
            self.cut(rho)
        return self._certified(chosen, rho, method)

    def _certified(self, chosen: NDArray[np.int64], rho: float, method: str) -> Answer:
        best, value = top(self.similarities, self.k), self.mpr(chosen)
        ordered = chosen[np.lexsort((chosen, -self.similarities[chosen]))]
        proof = Certificate(
            method=method,
            rho=rho,
            mpr=value,
            similarity=float(self.similarities[chosen].sum()),
            top_mpr=self.mpr(best),
            top_similarity=float(self.similarities[best].sum()),
            similarity_bound=self._bounds[rho],
            mpr_lower_bound=self._least,
            reachable=min(value, self._search.reached()),
            infeasible=self._least > rho + TOLERANCE,
            heuristic=not self.complete,
            least="reached" if method == SEARCHED and value > rho + TOLERANCE else "",
        )
        return Answer(chosen=ordered, certificate=proof)

    def _over_columns(self, entries: Floats) -> list[Shown]:
        """Ask the oracle about entries of the columns [c]."""
        whole = np.zeros(len(self.similarities))
        whole[self.columns] = entries
        return [(value, function[self.columns], mean) for value, function, mean in self.oracle(whole)]

    def _shown_of(self, chosen: NDArray[np.int64]) -> list[Shown]:
        """Ask the oracle about a list of columns [k]."""
        entries = np.zeros(len(self.columns))
        entries[chosen] = 1.0
        return self._over_columns(entries)


def _ranks(similarities: Floats) -> Floats:
    """Return the place of each similarity [c] between 0 and 1: of equal entries the more similar item goes first."""
    places = np.empty(len(similarities))
    places[np.argsort(similarities, kind="stable")] = np.arange(len(similarities))
    return places / max(len(similarities), 1)

"""Lists under a limit on functions that a regressor can fit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.relaxed.answer import Answer
from auditkit_mpr.relaxed.certificate import TOLERANCE, Certificate
from auditkit_mpr.relaxed.priced import Cuts, alike, near
from auditkit_mpr.relaxed.swaps import Pool, repaired
from auditkit_mpr.relaxed.top import top

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.relaxed.priced import Shown

MAX_FITS = 10
"""Times that a class is asked for functions under one limit: the paper took 10 to 30. They hold for the limits
after it too."""
ADDED = 4
"""Functions that a list which breaks the limit adds."""
MAX_LISTS = 18
"""Lists that are tried under one limit."""
POOL = 8
"""Items, in lists of k, that exchanges choose from."""
STEADY, STEP = 2, 0.03
"""After so many lists that break the limit exchanges aim at a limit smaller by this share, and smaller each time."""
ROUNDS = 5
"""Times that exchanges start anew with the functions they broke."""
CLOSE = 0.8
"""Functions whose gap is below this share of the limit do not take part in exchanges until one breaks them."""


@dataclass(eq=False)
class Aims:
    """What exchanges aim at: the limit itself, a little less while lists break it, and then back towards it."""

    rho: float
    aim: float = field(init=False)
    broke: int = 0
    low: float | None = None

    def __post_init__(self) -> None:
        self.aim = self.high = self.rho

    def go_on(self, *, kept: bool) -> bool:
        """Return whether there is another aim worth trying after a list that kept the limit or broke it."""
        if kept and self.aim == self.rho:
            return False
        self.broke += not kept
        if kept:
            self.low = self.aim
        elif self.broke > STEADY:
            self.high = self.aim
        if self.low is not None:
            self.aim = (self.low + self.high) / 2
            return self.high - self.low > STEP / 4 * self.rho
        self.aim = self.rho * (1.0 - STEP * max(self.broke - STEADY, 0))
        return True


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
    complete: bool = False
    cells: NDArray[np.int64] | None = None
    """The cell of every column [c], of those with equal rows; None where they are too many."""
    _known: list[tuple[float, NDArray[np.int64]]] = field(default_factory=list, repr=False)
    _answers: dict[float, Answer] = field(default_factory=dict, repr=False)
    _values: dict[bytes, float] = field(default_factory=dict, repr=False)
    _bounds: dict[float, float | None] = field(default_factory=dict, repr=False)
    _least: float = 0.0
    """No relaxed list shows less: proven by the functions found when it was last asked."""

    def __post_init__(self) -> None:
        equal = None if self.cells is None else alike(self.cells, self.similarities[self.columns])
        self._cuts = Cuts(len(self.columns), equal)

    def mpr(self, chosen: NDArray[np.int64]) -> float:
        """Return the gap that a fit of its own shows for a list, or a function that was found before."""
        key = np.sort(chosen).tobytes()
        value = self._values[key] if key in self._values else self._shown(chosen)[0][0]
        return max(value, self._by_known(chosen))

    def _by_known(self, chosen: NDArray[np.int64]) -> float:
        """Return the largest gap that the functions found so far show for a list; 0 for one with other items."""
        places = np.minimum(np.searchsorted(self.columns, chosen), len(self.columns) - 1)
        if not np.array_equal(self.columns[places], chosen):
            return 0.0
        entries = np.zeros(len(self.columns))
        entries[places] = 1.0
        return float(self._cuts.gaps(entries, self.k).max(initial=0.0))

    def cut(self, rho: float) -> Answer:
        """Return the first list for which no fit shows more than the limit, or the least shown of all tried."""
        if rho not in self._answers:
            self._answers[rho] = self._made(rho)
        return self._answers[rho]

    def _made(self, rho: float) -> Answer:
        inside, cuts = self.similarities[self.columns], self._cuts
        last = cuts.grow(inside, k=self.k, limit=rho, oracle=self._over_columns, most=MAX_FITS)
        if last is not None:
            entries, price = last.entries, last.price
        else:
            entries, price = self._relaxed_least(), np.zeros(0)
        self._bounds[rho] = None if last is None else last.bound
        self._exchanged(top(entries + 1e-9 * _ranks(inside), self.k), price, rho)
        # A function found since may show more of a list that was tried before.
        self._known = [(max(value, self._by_known(chosen)), chosen) for value, chosen in self._known]
        tried = self._known
        if last is not None and all(value > rho + TOLERANCE for value, _ in tried):
            self._relaxed_least()
        return self._certified(self._best(tried, rho), rho, "lp")

    def _relaxed_least(self) -> Floats:
        """Return a relaxed list [c] of nearly the least that the functions allow; the least is remembered."""
        least, entries = self._cuts.least(k=self.k)
        self._least = max(self._least, least)
        return entries

    def _exchanged(self, start: NDArray[np.int64], price: Floats, rho: float) -> None:
        """Try the lists that exchanges lead to; each function that a fit shows is a cut for the next."""
        chosen, aims, missed = start, Aims(rho), 0
        tried: list[tuple[float, NDArray[np.int64]]] = []
        seen: dict[bytes, bool] = {}
        for _ in range(MAX_LISTS):
            key = np.sort(chosen).tobytes()
            if key not in seen:
                known, shown = self._by_known(self.columns[chosen]), self._shown(self.columns[chosen])
                tried.append((max(known, shown[0][0]), self.columns[chosen]))
                seen[key] = tried[-1][0] <= rho + TOLERANCE
                for value, function, mean in shown[:ADDED]:
                    if value > rho + TOLERANCE:
                        self._cuts.add(function[self.columns], mean)
            # Where exchanges twice miss their aim by the functions known, a smaller one is out of reach too.
            if not aims.go_on(kept=seen[key]) or missed > 1:
                break
            chosen, reached = self._nearby(chosen, price, aims.aim)
            missed = 0 if reached else missed + 1
        self._known += tried

    def _nearby(self, chosen: NDArray[np.int64], price: Floats, aim: float) -> tuple[NDArray[np.int64], bool]:
        """Return a list near the chosen columns [k] that keeps the aim for all functions known, and whether it does."""
        inside, cuts = self.similarities[self.columns], self._cuts
        pool = np.union1d(near(inside, cuts, price, k=self.k, most=POOL * self.k), chosen)
        taken = np.zeros(len(inside))
        taken[chosen] = 1.0
        part = np.flatnonzero(cuts.gaps(taken, self.k) > CLOSE * aim)
        for _ in range(ROUNDS):
            few = Pool(
                similarities=inside[pool],
                rows=cuts.functions[np.ix_(pool, part)],
                target=cuts.means[part],
                largest=True,
            )
            slope = float(np.abs(price).sum()) or 1.0
            found = repaired(few, np.searchsorted(pool, chosen), limit=aim, slope=slope)
            taken[:] = 0.0
            taken[pool[found]] = 1.0
            broken = np.flatnonzero(cuts.gaps(taken, self.k) > aim + TOLERANCE)
            if not len(np.setdiff1d(broken, part)) or few.mpr(found) > aim + TOLERANCE:
                break
            part = np.union1d(part, broken)
        return pool[found], not len(broken)

    def _best(self, tried: list[tuple[float, NDArray[np.int64]]], rho: float) -> NDArray[np.int64]:
        """Return the most similar list within the limit; without one, the most similar of the least shown."""
        kept = [chosen for value, chosen in tried if value <= rho + TOLERANCE]
        if not kept:
            least = min(value for value, _ in self._known)
            kept = [chosen for value, chosen in self._known if value <= least + TOLERANCE]
        return max(kept, key=lambda chosen: float(self.similarities[chosen].sum()))

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
            reachable=min([value, *(known for known, _ in self._known)]),
            infeasible=self._least > rho + TOLERANCE,
            heuristic=not self.complete,
        )
        return Answer(chosen=ordered, certificate=proof)

    def _over_columns(self, entries: Floats) -> list[Shown]:
        """Ask the oracle about entries of the columns [c]."""
        whole = np.zeros(len(self.similarities))
        whole[self.columns] = entries
        return [(value, function[self.columns], mean) for value, function, mean in self.oracle(whole)]

    def _shown(self, chosen: NDArray[np.int64]) -> list[Shown]:
        entries = np.zeros(len(self.similarities))
        entries[chosen] = 1.0
        found = self.oracle(entries)
        self._values[np.sort(chosen).tobytes()] = found[0][0]
        return found


def _ranks(similarities: Floats) -> Floats:
    """Return the place of each similarity [c] between 0 and 1: of equal entries the more similar item goes first."""
    places = np.empty(len(similarities))
    places[np.argsort(similarities, kind="stable")] = np.arange(len(similarities))
    return places / max(len(similarities), 1)

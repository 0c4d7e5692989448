"""The search for lists under a limit on functions that are only found where a list breaks it.

A list is measured by a fit of its own. Functions that the fit shows above the limit are cuts for every list after it,
so most exchanges are judged by functions that are known, and the fit is asked about those that pass.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.relaxed.certificate import TOLERANCE
from auditkit_mpr.relaxed.swaps import MAX_EXCHANGES, Pool, best_exchange, repaired

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.relaxed.priced import Cuts, Shown

ADDED = 2
"""Functions that a list which breaks the limit adds."""
MAX_LISTS = 18
"""Lists that are tried under one limit."""
MAX_CLIMBS = 80
"""Lists that are tried from there on, each more similar than the one before."""
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
class Search:
    """Lists of k of the columns: similarities [c], the functions known, and what a fit shows of a list [k]."""

    similarities: Floats
    k: int
    cuts: Cuts
    fit: Callable[[NDArray[np.int64]], list[Shown]]
    tried: dict[bytes, tuple[float, NDArray[np.int64]]] = field(default_factory=dict)
    """Every list that a fit measured, sorted, with the largest gap that it showed."""

    def value(self, chosen: NDArray[np.int64], rho: float) -> float:
        """Return the largest gap that is known of a list; what a fit shows above the limit is remembered."""
        chosen = np.sort(chosen)
        key, known = chosen.tobytes(), float(self.cuts.shown(chosen).max(initial=0.0))
        # A list that was tried under a larger limit left no function behind: it is fitted again.
        if key not in self.tried or self.tried[key][0] > max(rho, known) + TOLERANCE:
            shown = self.fit(chosen)
            self.tried[key] = shown[0][0], chosen
            for value, function, mean in shown[:ADDED]:
                if value > rho + TOLERANCE:
                    self.cuts.add(function, mean)
        return max(self.tried[key][0], known)

    def exchanged(
        self, start: NDArray[np.int64], pool: NDArray[np.int64], *, rho: float, slope: float
    ) -> None:
        """Try the lists that exchanges from the start lead to, until one is close to the limit from below.

        `pool` are the columns that may enter, `slope` the relaxation's price of the limit.
        """
        chosen, aims, missed = start, Aims(rho), 0
        for _ in range(MAX_LISTS):
            kept = self.value(chosen, rho) <= rho + TOLERANCE
            # Where exchanges twice miss their aim by the functions known, a smaller one is out of reach too.
            if not aims.go_on(kept=kept) or missed > 1:
                break
            chosen, reached = self._nearby(chosen, pool, aim=aims.aim, slope=slope)
            missed = 0 if reached else missed + 1

    def climbed(self, chosen: NDArray[np.int64], pool: NDArray[np.int64], *, rho: float) -> NDArray[np.int64]:
        """Return a list that no exchange with the pool makes more similar within the limit, or nearly.

        `chosen` is within the limit. The best exchange by the functions known is put to a fit; where that shows what
        breaks the list itself, the list is returned as it is.
        """
        pool = np.union1d(pool, chosen)
        part, asked = self._close(chosen, rho), len(self.tried) + MAX_CLIMBS
        for _ in range(MAX_EXCHANGES):
            better = best_exchange(self._pool(pool, part), np.searchsorted(pool, chosen), limit=rho)
            if better is None or len(self.tried) >= asked:
                break
            other = chosen.copy()
            other[better[0]] = pool[better[1]]
            known = len(self.cuts.means)
            broken = np.flatnonzero(self.cuts.shown(other) > rho + TOLERANCE)
            if len(np.setdiff1d(broken, part)):
                part = np.union1d(part, broken)
            elif self.value(other, rho) <= rho + TOLERANCE:
                chosen = other
            else:
                part = np.append(part, np.arange(known, len(self.cuts.means)))
                # A function found for another list may show more of this one than its own fit did.
                if self.value(chosen, rho) > rho + TOLERANCE:
                    break
        return chosen

    def best(self, rho: float) -> NDArray[np.int64] | None:
        """Return the most similar list within the limit of those tried, None if none is."""
        kept = [chosen for value, chosen in self.known() if value <= rho + TOLERANCE]
        return max(kept, key=self._similarity) if kept else None

    def least(self) -> NDArray[np.int64]:
        """Return the most similar of the lists of the least gap that were tried."""
        known, least = self.known(), self.reached()
        return max((chosen for value, chosen in known if value <= least + TOLERANCE), key=self._similarity)

    def reached(self) -> float:
        """Return the least gap of a list that was tried."""
        return min((value for value, _ in self.known()), default=np.inf)

    def known(self) -> list[tuple[float, NDArray[np.int64]]]:
        """Return every list tried with the largest gap known of it: a function found since may show more."""
        return [
            (max(value, float(self.cuts.shown(chosen).max(initial=0.0))), chosen)
            for value, chosen in self.tried.values()
        ]

    def _similarity(self, chosen: NDArray[np.int64]) -> float:
        return float(self.similarities[chosen].sum())

    def _nearby(
        self, chosen: NDArray[np.int64], pool: NDArray[np.int64], *, aim: float, slope: float
    ) -> tuple[NDArray[np.int64], bool]:
        """Return a list near the chosen columns [k] that keeps the aim for all functions known, and whether it does."""
        pool = np.union1d(pool, chosen)
        part = self._close(chosen, aim)
        for _ in range(ROUNDS):
            few = self._pool(pool, part)
            found = repaired(few, np.searchsorted(pool, chosen), limit=aim, slope=slope)
            broken = np.flatnonzero(self.cuts.shown(pool[found]) > aim + TOLERANCE)
            if not len(np.setdiff1d(broken, part)) or few.mpr(found) > aim + TOLERANCE:
                break
            part = np.union1d(part, broken)
        return pool[found], not len(broken)

    def _close(self, chosen: NDArray[np.int64], limit: float) -> NDArray[np.int64]:
        return np.flatnonzero(self.cuts.shown(chosen) > CLOSE * limit)

    def _pool(self, columns: NDArray[np.int64], part: NDArray[np.int64]) -> Pool:
        return Pool(
            similarities=self.similarities[columns],
            rows=self.cuts.functions[np.ix_(columns, part)],
            target=self.cuts.means[part],
            largest=True,
            often=True,
        )

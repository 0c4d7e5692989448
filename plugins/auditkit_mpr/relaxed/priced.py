"""Algorithm 1's program on few columns: all others are priced, and those that could enter are added."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.relaxed.lp import TIGHT, Program, least_above, one_sided
from auditkit_mpr.relaxed.top import top, top_sum

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats

MAX_ROUNDS = 30
LEAST_ROUNDS = 12
LEAST_GAP = 1e-6
PATIENCE, STALLED = 4, 5e-4
"""The oracle is asked no more where the last answers lowered the bound by less than this share of it."""
START = 4
"""Columns, in lists of k, that a program begins with: those of the best prices of the one before."""
SWEEPS = 4
"""Times that an optimum is looked for among the cuts found before; the bound holds for those it was found with."""
BROKEN, KNOWN = 5, 40
"""Cuts that are added at a time, those broken most: of an oracle's answer, and of those found before."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Priced(Program):
    """An optimum over all items, the bound that its prices prove, and the columns [c] that it was found on."""

    bound: float
    columns: NDArray[np.int64]


def priced_program(
    similarities: Floats, cuts: Floats, means: Floats, *, k: int, limit: float, start: NDArray[np.int64]
) -> Priced | None:
    """Return the optimum of `one_sided` over all n items with a proven bound; None if `start` has no list.

    `similarities` [n], `cuts` [n, j], `means` [j]; `start` are the columns [c] to begin with. Any prices p >= 0 of the
    cuts prove the bound top-k sum of (s - cuts p / k) + p'(means + limit).
    """
    n, columns, best = len(similarities), start, np.inf
    for _ in range(MAX_ROUNDS):
        found = one_sided(similarities[columns], cuts[columns], means, k=k, limit=limit)
        if found is None:
            return None
        reduced = similarities - cuts @ found.price / k
        best = min(best, top_sum(reduced, k) + float(found.price @ (means + limit)))
        wanted = top(reduced, min(n, 4 * k))
        entering = np.setdiff1d(wanted, columns)
        if best - found.value <= 1e-7 * max(1.0, abs(best)) or not len(entering):
            break
        columns = np.union1d(columns, wanted)
    else:
        columns = np.arange(n)
        found = one_sided(similarities, cuts, means, k=k, limit=limit)
        if found is None:
            return None
    entries = np.zeros(n)
    entries[columns] = found.entries
    best = max(best, found.value)
    return Priced(entries=entries, value=found.value, price=found.price, bound=best, columns=columns)


@dataclass(frozen=True, eq=False)
class Alike:
    """Items that no function tells apart: the cell of each [n], and its place among those of its cell [n], from 0."""

    which: NDArray[np.int64]
    place: NDArray[np.int64]

    def least(self, cuts: Floats, means: Floats, *, k: int) -> tuple[float, Floats]:
        """Return the least e >= 0 with cuts'a / k - means <= e for a relaxed list, and that list [n]; cuts are [n, j].

        The program is over cells: of each the first items are taken whole.
        """
        _, first = np.unique(self.which, return_index=True)
        have = np.minimum(np.bincount(self.which), k).astype(np.float64)
        least, amounts, _ = least_above(cuts[first], means, k=k, most=have)
        return least, np.clip(amounts[self.which] - self.place, 0.0, 1.0)


def alike(which: NDArray[np.int64], similarities: Floats) -> Alike:
    """Return items [n] by their cells, the most similar of each first."""
    order = np.lexsort((-similarities, which))
    starts = np.searchsorted(which[order], np.arange(int(which.max(initial=-1)) + 1))
    place = np.empty(len(which), dtype=np.int64)
    place[order] = np.arange(len(which)) - starts[which[order]]
    return Alike(which, place)


def priced_least(cuts: Floats, means: Floats, *, k: int) -> tuple[float, Floats]:
    """Return a proven bound of the least e >= 0 with cuts'a / k - means <= e for a relaxed list, and one near it [n].

    `cuts` [n, j], `means` [j]. Any prices p >= 0 of the cuts that sum to at most 1 prove that e is at least the mean of
    the k least of cuts p less p'means; columns that the program lacks are added until that bound meets the value.
    """
    n = len(cuts)
    price = np.full(len(means), 1.0 / max(len(means), 1))
    columns, best, value, inside = top(-(cuts @ price), min(n, 8 * k)), 0.0, np.inf, np.zeros(0)
    for _ in range(LEAST_ROUNDS):
        value, inside, price = least_above(cuts[columns], means, k=k)
        paid = cuts @ price
        wanted = top(-paid, min(n, 4 * k))
        best = max(best, float(paid[wanted[:k]].mean() - price @ means) - TIGHT)
        if value - best <= LEAST_GAP or len(columns) == n:
            break
        columns = np.union1d(columns, wanted)
    else:
        columns = np.arange(n)
        value, inside, _ = least_above(cuts, means, k=k)
        best = max(best, value)
    entries = np.zeros(n)
    entries[columns] = inside
    return best, entries


Shown = tuple[float, "Floats", float]
"""A function that shows a value: the value, the function on the items, and its mean over the reference."""


class Cuts:
    """The functions found so far on the items [n, j], with their means [j]: they hold for every limit.

    A function was added because its mean over a list was too high. Where a program's optimum has it too low, the
    negative of the function, which the class has too, is a cut of its own.
    """

    def __init__(self, n: int, alike: Alike | None = None) -> None:
        self._alike = alike
        self._rows: Floats = np.zeros((16, n))
        self.means: Floats = np.zeros(0)
        self._negative: dict[int, int] = {}
        self._binding: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._columns: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._anchor: NDArray[np.int64] = np.zeros(0, dtype=np.int64)

    @property
    def functions(self) -> Floats:
        """The functions [n, j]; one lies whole in memory."""
        return self._rows[: len(self.means)].T

    def add(self, function: Floats, mean: float) -> None:
        """Add a function on the items [n] with its mean over the reference."""
        if len(self.means) == len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._rows[len(self.means)] = function
        self.means = np.append(self.means, mean)

    def grow(
        self,
        similarities: Floats,
        *,
        k: int,
        limit: float,
        oracle: Callable[[Floats], list[Shown]],
        most: int,
    ) -> Priced | None:
        """Run algorithm 1: the optimum over all cuts with its proven bound, None where they prove that there is none.

        The oracle says of entries [n] which functions show most, the largest first; those above the limit are added.
        It is asked at most `most` times, and no more once the bound hardly falls.
        """
        found, bounds = self._solved(similarities, k=k, limit=limit), [np.inf]
        for _ in range(most):
            if found is None:
                return None
            few = self._binding
            # A program takes longer than an oracle: what is known to be broken and what is new go in together.
            broken = self._broken(found.entries, few, k=k, limit=limit)
            above = [shown for shown in oracle(found.entries) if shown[0] > limit + TIGHT][:BROKEN]
            bounds.append(min(bounds[-1], found.bound))
            stalled = len(bounds) > PATIENCE and bounds[-PATIENCE] - bounds[-1] <= STALLED * abs(bounds[-1])
            if stalled or not (above or len(broken)):
                break
            first = len(self.means)
            for _, function, mean in above:
                self.add(function, mean)
            self._binding = np.union1d(few, np.append(broken, np.arange(first, len(self.means))))
            found = self._solved(similarities, k=k, limit=limit)
        if found is None:
            return None
        self._binding = np.flatnonzero(found.price)
        return replace(found, bound=min(bounds[-1], found.bound))

    def gaps(self, entries: Floats, k: int) -> Floats:
        """Return mean over the entries [n] of k - mean over the reference, of every function [j]."""
        found: Floats = self._rows[: len(self.means)] @ entries / k - self.means
        return found

    def shown(self, chosen: NDArray[np.int64]) -> Floats:
        """Return the sizes of the gaps [j] that the functions show of a list, items [k]."""
        found: Floats = np.abs(self._rows[: len(self.means), chosen].mean(axis=1) - self.means)
        return found

    def _turned(self, place: int) -> int:
        """Return the place of a function's negative."""
        if place not in self._negative:
            self.add(-self._rows[place], -self.means[place])
            self._negative |= {place: len(self.means) - 1, len(self.means) - 1: place}
        return self._negative[place]

    def least(self, *, k: int) -> tuple[float, Floats]:
        """Return a proven bound of the least that the functions allow a relaxed list, and a list near it [n]."""
        for _ in range(SWEEPS):
            least, entries = self._least(np.arange(len(self.means)), k)
            gaps = self.gaps(entries, k)
            low = np.argsort(gaps)[:KNOWN]
            low = low[gaps[low] < -least - LEAST_GAP]
            negatives = [self._turned(int(place)) for place in low]
            if max(negatives, default=-1) < len(gaps):
                break
        return least, entries

    def _least(self, few: NDArray[np.int64], k: int) -> tuple[float, Floats]:
        functions, means = self._rows[few].T, self.means[few]
        if self._alike is None:
            return priced_least(functions, means, k=k)
        return self._alike.least(functions, means, k=k)

    def _broken(self, entries: Floats, few: NDArray[np.int64], *, k: int, limit: float) -> NDArray[np.int64]:
        """Return the cuts that entries break most, but for those that their program had and keeps to its tolerance."""
        gaps = self.gaps(entries, k)
        gaps[few] = np.minimum(gaps[few], 0.0)
        most = np.argsort(-np.abs(gaps))[:KNOWN]
        above = [int(place) for place in most if abs(gaps[place]) > limit + TIGHT]
        found = [place if gaps[place] > 0 else self._turned(place) for place in above]
        return np.setdiff1d(np.array(found, dtype=np.int64), few)

    def optimum(self, similarities: Floats, *, k: int, limit: float) -> Priced | None:
        """Return the optimum over all cuts, or nearly: few bind, so the others wait until an optimum breaks them."""
        for _ in range(SWEEPS):
            found = self._solved(similarities, k=k, limit=limit)
            if found is None:
                return None
            broken = self._broken(found.entries, self._binding, k=k, limit=limit)
            if not len(broken):
                break
            self._binding = np.union1d(self._binding, broken)
        return found

    def _solved(self, similarities: Floats, *, k: int, limit: float) -> Priced | None:
        """Return the optimum over the cuts that bind, None where these prove that there is none."""
        few, start = self._binding, np.union1d(self._columns, self._anchor)
        if not len(self._columns):
            start = np.union1d(start, top(similarities, min(len(similarities), START * k)))
        functions, means = self._rows[few].T, self.means[few]
        found = priced_program(similarities, functions, means, start=start, k=k, limit=limit)
        if found is None:
            least, entries = self._least(few, k)
            self._anchor = np.flatnonzero(entries > 0)
            if least > limit:
                return None
            start = np.union1d(start, self._anchor)
            found = priced_program(similarities, functions, means, start=start, k=k, limit=limit)
        if found is None:
            return None
        reduced = similarities - functions @ found.price / k
        self._columns = np.union1d(top(reduced, min(len(reduced), START * k)), np.flatnonzero(found.entries))
        price = np.zeros(len(self.means))
        price[few] = found.price
        return replace(found, price=price)


def near(similarities: Floats, cuts: Cuts, price: Floats, *, k: int, most: int) -> NDArray[np.int64]:
    """Return the items [c] of the best prices, ascending: those that exchanges choose from."""
    reduced = similarities - cuts.functions[:, : len(price)] @ price / k
    return np.sort(top(reduced, min(len(similarities), most)))

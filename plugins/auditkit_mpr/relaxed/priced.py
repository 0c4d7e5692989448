"""Algorithm 1's program on few columns: all others are priced, and those that could enter are added."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.relaxed.lp import TIGHT, Program, least_of, program
from auditkit_mpr.relaxed.top import top, top_sum

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats

MAX_ROUNDS = 30
BROKEN = 10
"""Cuts that are added at a time, those broken most."""


def priced_program(
    similarities: Floats, cuts: Floats, means: Floats, *, k: int, limit: float
) -> tuple[Program, float] | None:
    """Return the optimum of `program` over all n items and a proven bound of its value; None if there is no list.

    `similarities` [n], `cuts` [n, j], `means` [j]. Any prices p of the cuts prove the bound
    top-k sum of (s - cuts p / k) + p'means + limit |p|_1.
    """
    n = len(similarities)
    columns = top(similarities, min(n, 8 * k))
    whole = False
    best = np.inf
    for _ in range(MAX_ROUNDS):
        found = program(similarities[columns], cuts[columns], means, k=k, limit=limit)
        if found is None:
            if whole or len(columns) == n:
                return None
            least, entries = least_of(cuts, means, k=k)
            if least > limit:
                return None
            columns, whole = np.union1d(columns, np.flatnonzero(entries > 0)), True
            continue
        reduced = similarities - cuts @ found.price / k
        proven = top_sum(reduced, k) + float(found.price @ means) + limit * float(np.abs(found.price).sum())
        best = min(best, proven)
        wanted = top(reduced, min(n, 4 * k))
        entering = np.setdiff1d(wanted, columns)
        if best - found.value <= 1e-7 * max(1.0, abs(best)) or not len(entering):
            break
        columns = np.union1d(columns, wanted)
    else:
        found = program(similarities, cuts, means, k=k, limit=limit)
        if found is None:
            return None
        return found, max(best, found.value)
    entries = np.zeros(n)
    entries[columns] = found.entries
    return Program(entries=entries, value=found.value, price=found.price), max(best, found.value)


class Cuts:
    """The functions found so far on the items [n, j], with their means [j]: they hold for every limit."""

    def __init__(self, n: int) -> None:
        self.functions: Floats = np.zeros((n, 0))
        self.means: Floats = np.zeros(0)
        self._binding: NDArray[np.int64] = np.zeros(0, dtype=np.int64)

    def add(self, function: Floats, mean: float) -> None:
        """Add a function on the items [n] with its mean over the reference."""
        self.functions = np.column_stack([self.functions, function])
        self.means = np.append(self.means, mean)

    def grow(
        self,
        similarities: Floats,
        *,
        k: int,
        limit: float,
        oracle: Callable[[Floats], tuple[float, Floats, float]],
        most: int,
    ) -> tuple[Program, float] | None:
        """Run algorithm 1: the optimum over all cuts with its proven bound, None where they prove that there is none.

        The oracle says of entries [n] the value, the function on the items [n] and its reference mean that shows it;
        at most `most` functions are asked for.
        """
        found = self._optimum(similarities, k=k, limit=limit)
        for _ in range(most):
            if found is None:
                return None
            value, function, mean = oracle(found[0].entries)
            if value <= limit + TIGHT:
                break
            self.add(function, mean)
            self._binding = np.append(self._binding, len(self.means) - 1)
            found = self._optimum(similarities, k=k, limit=limit)
        return found

    def _optimum(self, similarities: Floats, *, k: int, limit: float) -> tuple[Program, float] | None:
        """Return the optimum over all cuts: few bind, so the others wait until an optimum breaks them."""
        while True:
            few = self._binding
            found = priced_program(similarities, self.functions[:, few], self.means[few], k=k, limit=limit)
            if found is None:
                return None
            inside, bound = found
            excess = np.abs(inside.entries @ self.functions / k - self.means) - limit
            excess[few] = 0.0
            broken = np.argsort(-excess)[:BROKEN]
            broken = broken[excess[broken] > TIGHT]
            price = np.zeros(len(self.means))
            price[few] = inside.price
            self._binding = np.union1d(np.flatnonzero(price), broken)
            if not len(broken):
                return Program(entries=inside.entries, value=inside.value, price=price), bound


def near(similarities: Floats, cuts: Cuts, price: Floats, *, k: int, most: int) -> NDArray[np.int64]:
    """Return the items [c] of the best prices, ascending: those that exchanges choose from."""
    reduced = similarities - cuts.functions[:, : len(price)] @ price / k
    return np.sort(top(reduced, min(len(similarities), most)))

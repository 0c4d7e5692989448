"""The relaxed retrieval problem of a linear class (App. D.1), solved exactly.

    maximise s'a   subject to   |B'a / k - t| <= limit,   sum a = k,   0 <= a <= 1

Few of n items can be in an optimum, so a small problem is solved and all n are priced: any price u of the gap
proves the bound  top-k sum of (s - B u / k) + u't + limit |u|,  and items among that top k which the small
problem lacks are added until bound and value agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.relaxed.interior import interior_point
from auditkit_mpr.relaxed.top import top, top_sum

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats

MAX_ROUNDS = 40
GAP = 1e-8
"""Relative distance of bound and value at which a solution counts as optimal."""
SMALLEST_LIMIT = 1e-7
"""A limit of 0 leaves no interior; the value then belongs to this limit, the bound still to 0."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Relaxed:
    """A relaxed list: items `columns` [c] taken with `entries` [c] in [0, 1], and what it proves.

    `price` [r] is the dual of the gap. No list within the limit has a similarity sum above `bound`: this holds
    however accurately the price was found.
    """

    columns: NDArray[np.int64]
    entries: Floats
    price: Floats
    value: float
    bound: float


@dataclass(frozen=True, eq=False)
class ConeProblem:
    """Lists of k of n items whose mean row is within `limit` of the target: similarities [n], rows [n, r], target [r].

    All arrays are float64.
    """

    similarities: Floats
    rows: Floats
    target: Floats
    k: int
    limit: float

    def reduced(self, price: Floats) -> Floats:
        """Return the similarities [n] less what each item adds to the gap at a price [r] of it."""
        found: Floats = self.similarities - self.rows @ (price / self.k)
        return found

    def bound(self, price: Floats) -> float:
        """Return what any price [r] proves: no list within the limit has a larger sum of similarities."""
        found = top_sum(self.reduced(price), self.k) + float(price @ self.target)
        return found + self.limit * float(np.linalg.norm(price))


def relaxed_optimum(
    problem: ConeProblem, *, start: NDArray[np.int64], price: Floats | None = None
) -> Relaxed:
    """Return the optimum of the relaxed problem over all n > k items.

    `start` holds items of a relaxed list within the limit, such as those of `nearest_gap`; `price` is a guess, such as
    the last limit's.
    """
    similarities, k, n = problem.similarities, problem.k, len(problem.similarities)
    guess = similarities if price is None else problem.reduced(price)
    columns = np.unique(np.concatenate([start, top(similarities, min(n, 2 * k)), top(guess, min(n, 8 * k))]))
    bound, best_price = np.inf, np.zeros(len(problem.target))
    for _ in range(MAX_ROUNDS):
        entries, found = _restricted(problem, columns)
        value, proven = float(similarities[columns] @ entries), problem.bound(found)
        if proven < bound:
            bound, best_price = proven, found
        if bound - value <= GAP * max(abs(value), abs(bound)):
            break
        wanted = top(problem.reduced(found), min(n, 4 * k))
        if not len(np.setdiff1d(wanted[:k], columns)):
            break
        columns = np.union1d(columns, wanted)
    return Relaxed(columns=columns, entries=entries, price=best_price, value=value, bound=bound)


def _restricted(problem: ConeProblem, columns: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return entries [c] and price [r] of the problem on few columns, in units that make the cone's radius 1."""
    s, k, limit = problem.similarities[columns], problem.k, max(problem.limit, SMALLEST_LIMIT)
    if len(s) <= k:
        return np.ones(len(s)), np.zeros(len(problem.target))
    unit = max(float(np.abs(s).max()), float(np.finfo(np.float64).tiny))
    entries, price = interior_point(s / unit, problem.rows[columns] / (k * limit), problem.target / limit, k)
    return entries, price * unit / limit

"""What lists drawn by lot show: k rows out of list and reference together, whose gap is sampling alone.

Where the list is itself a draw from the reference's population, its rows and the reference's can trade places: the gap
of a random k of all of them has the distribution of the gap found (a permutation test; exact without weights). Lists of
several queries share the draws of reference rows, which is what costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.reference.table import Reference

NUMBERS = 8_000_000
"""Numbers gathered at a time."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Lot:
    """Lists of k that are drawn by lot, for one reference.

    Each draw takes the list's own rows marked in `own` bool [draws, k], and the reference's `rows` int [draws, k], -1
    where it takes fewer. `again` [draws, k] says how often each own row is in a list drawn from the list itself.
    `m` is the number of reference rows that trade places with the list, infinite where the list is among them or
    where the reference is a target that nobody sampled.
    """

    k: int
    m: float
    own: NDArray[np.bool_]
    rows: NDArray[np.int64]
    again: Floats

    def sums(self, values: NDArray[Any]) -> Floats:
        """Return the sum [draws, r] of the reference's rows in each draw, for values [m, r] of all its rows."""
        found = np.empty((len(self.rows), values.shape[1]))
        step = max(1, NUMBERS // max(self.k * values.shape[1], 1))
        for start in range(0, len(found), step):
            rows = self.rows[start : start + step]
            taken = values[rows].astype(np.float64)
            taken[rows < 0] = 0.0
            found[start : start + step] = taken.sum(axis=1)
        return found

    def gaps(self, sums: Floats, listed: Floats, mean: Floats) -> Floats:
        """Return the gap [draws, r] of each drawn list: `listed` [k, r] and reference `mean` [r], in one measure."""
        pooled = (
            mean if np.isinf(self.m) else (self.k * listed.mean(axis=0) + self.m * mean) / (self.k + self.m)
        )
        drawn = (sums + self.own @ listed) / self.k
        found: Floats = (1.0 + self.k / self.m) * (drawn - pooled)
        return found

    def widths(self, listed: Floats, shares: Floats) -> Floats:
        """Return the standard error [g] of the gap of listed shares to the reference's, if both are one population.

        None is below what one row more or less does, so that one row shows nothing.
        """
        pooled = shares if np.isinf(self.m) else (self.k * listed + self.m * shares) / (self.k + self.m)
        unit = 1.0 / self.k + 1.0 / self.m
        found: Floats = np.maximum(np.sqrt(np.maximum(pooled * (1.0 - pooled), 0.0) * unit), unit)
        return found

    def own_errors(self, listed: Floats) -> Floats:
        """Return the error [draws, r] of the list's mean if its rows [k, r] are a sample of what it could be."""
        found: Floats = (self.again / self.k - 1.0 / self.k) @ listed
        return found


def lot_of(reference: Reference, k: int, *, draws: int, rng: np.random.Generator) -> Lot:
    """Return `draws` lists of k by lot.

    Rows with weights are drawn with replacement, by their weights and as many as Kish's effective number; so are rows
    of a target that nobody sampled.
    """
    shares, apart = reference.population.shares, not (reference.exact or reference.of_items)
    m = max(round(reference.population.effective), 1)
    taken = rng.hypergeometric(k, m, k, size=draws) if apart else np.zeros(draws, dtype=np.int64)
    own = rng.random((draws, k)).argsort(axis=1) < taken[:, None]
    rows = np.full((draws, k), -1)
    if not reference.exact and np.ptp(shares) <= 1e-12 * shares[0]:
        most = min(k, len(shares))
        rows[:, :most] = distinct_rows(rng, draws, len(shares), most)
    else:
        rows[:] = rng.choice(len(shares), size=(draws, k), p=shares)
    rows[np.arange(k) >= k - taken[:, None]] = -1
    again = rng.multinomial(k, np.full(k, 1 / k), size=draws).astype(np.float64)
    return Lot(k=k, m=float(m) if apart else np.inf, own=own, rows=rows, again=again)


def distinct_rows(rng: np.random.Generator, draws: int, m: int, k: int) -> NDArray[np.int64]:
    """Return k different rows of m in each draw, in random order, int64 [draws, k]."""
    if k * k <= m:
        rows = rng.integers(0, m, (draws, k))
        while len(twice := np.flatnonzero((np.diff(np.sort(rows, axis=1), axis=1) == 0).any(axis=1))):
            rows[twice] = rng.integers(0, m, (len(twice), k))
        return rows
    found = np.empty((draws, k), dtype=np.int64)
    step = max(1, NUMBERS // m)
    for start in range(0, draws, step):
        keys = rng.random((min(step, draws - start), m))
        found[start : start + step] = keys.argsort(axis=1)[:, :k]
    return found

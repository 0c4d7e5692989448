"""From a relaxed list to a real one that keeps the limit: best single exchanges, all evaluated at once.

Rounding the k largest entries alone can break the limit by half; here the limit is kept or the answer says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.kernels.exchanges import best_by_merit, best_within, machine_code
from auditkit_mpr.relaxed.certificate import TOLERANCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats

MAX_EXCHANGES = 2_000
LEAST_GAIN = 1e-12
"""A gain of less is rounding."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Pool:
    """Items that may enter a list: similarities [c], and rows [c, r] whose mean over a list should be near target.

    Near is the Euclidean distance (linear functions), or with `largest` the largest difference (named groups).
    """

    similarities: Floats
    rows: Floats
    target: Floats
    largest: bool = False
    often: bool = False
    """Whether exchanges are looked for thousands of times, under the largest difference: machine code then does it."""

    def mpr(self, chosen: NDArray[np.int64]) -> float:
        """Return the distance of the chosen rows' mean from the target."""
        gap = self.rows[chosen].mean(axis=0) - self.target
        return float(np.abs(gap).max(initial=0.0) if self.largest else np.linalg.norm(gap))

    def similarity(self, chosen: NDArray[np.int64]) -> float:
        """Return the chosen items' sum of similarities."""
        return float(self.similarities[chosen].sum())


def repaired(pool: Pool, chosen: NDArray[np.int64], *, limit: float, slope: float) -> NDArray[np.int64]:
    """Return a list [k] near `chosen` that keeps the limit if exchanges lead to one, and cannot be improved by one.

    While the limit is broken, each exchange has the best of similarity - weight * excess, with a weight that
    starts at `slope` (the relaxation's price of the limit) and doubles where it no longer suffices.
    """
    best = chosen
    weight = max(slope, 1e-6)
    for _ in range(40):
        best, lower = _descend(pool, best, limit=limit, weight=weight)
        if pool.mpr(best) <= limit + TOLERANCE:
            return _climb(pool, best, limit=limit)
        if not lower:  # no weight finds what is not there
            break
        weight *= 4
    return best


def least_exchanged(pool: Pool, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a list whose MPR no single exchange lowers, starting from `chosen`."""
    flat = replace(pool, similarities=np.zeros(len(pool.similarities)))
    return _descend(flat, chosen, limit=0.0, weight=1.0)[0]


def _descend(
    pool: Pool, chosen: NDArray[np.int64], *, limit: float, weight: float
) -> tuple[NDArray[np.int64], bool]:
    """Exchange while similarity - weight * excess over the limit grows and the limit is broken.

    Returns the list, and whether some exchange would still lower its MPR.
    """
    chosen, lower = chosen.copy(), True
    for _ in range(MAX_EXCHANGES):
        excess = pool.mpr(chosen) - limit
        if excess <= TOLERANCE:
            break
        out, into, merit = _best_by_merit(pool, chosen, limit=limit, weight=weight, excess=excess)
        if merit <= 1e-12 * max(1.0, weight):
            flat = replace(pool, similarities=np.zeros(len(pool.similarities)))
            lower = _best_within(flat, chosen, limit + excess - 1e-12)[2] > -np.inf
            break
        chosen[out] = into
    return chosen, lower


def _best_by_merit(
    pool: Pool, chosen: NDArray[np.int64], *, limit: float, weight: float, excess: float
) -> tuple[int, int, float]:
    """Return the exchange with the best of similarity - weight * excess over the limit: a place, an item, the merit."""
    if pool.often:
        gains, *rest = _entering(pool, chosen)
        return machine_code(best_by_merit)(gains, *rest, np.array([limit, weight, excess]))
    gains, lengths = exchanges(pool, chosen)
    merit = gains - weight * (np.maximum(lengths - limit, 0.0) - excess)
    out, into = np.unravel_index(int(np.argmax(merit)), merit.shape)
    return int(out), int(into), float(merit[out, into])


def best_exchange(pool: Pool, chosen: NDArray[np.int64], *, limit: float) -> tuple[int, int] | None:
    """Return the place [k] and the item [c] that gain most similarity within the limit; None if none does."""
    out, into, gain = _best_within(pool, chosen, limit + TOLERANCE / 2)
    return (out, into) if gain > LEAST_GAIN else None


def _best_within(pool: Pool, chosen: NDArray[np.int64], edge: float) -> tuple[int, int, float]:
    """Return the exchange of the largest gain that leaves an MPR of at most the edge; it gains -inf where none does."""
    if pool.often:
        gains, *rest = _entering(pool, chosen)
        return machine_code(best_within)(gains, *rest, edge)
    gains, lengths = exchanges(pool, chosen)
    gains[lengths > edge] = -np.inf
    out, into = np.unravel_index(int(np.argmax(gains)), gains.shape)
    return int(out), int(into), float(gains[out, into])


def _climb(pool: Pool, chosen: NDArray[np.int64], *, limit: float) -> NDArray[np.int64]:
    """Exchange while similarity grows within the limit."""
    chosen = chosen.copy()
    for _ in range(MAX_EXCHANGES):
        better = best_exchange(pool, chosen, limit=limit)
        if better is None:
            break
        chosen[better[0]] = better[1]
    return chosen


def _entering(pool: Pool, chosen: NDArray[np.int64]) -> tuple[Floats, Floats, Floats, NDArray[np.int64]]:
    """Return what kernels read: gains [k, c], rows [c, r], the gaps without each item [k, r], an order [r]."""
    rows = pool.rows / len(chosen)
    gap = rows[chosen].sum(axis=0) - pool.target
    order = np.argsort(-np.abs(gap), kind="stable")
    return _gains(pool, chosen), np.ascontiguousarray(rows), gap - rows[chosen], order


def exchanges(pool: Pool, chosen: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return similarity gained and resulting MPR of every exchange, [k, c]; -inf gained for items in the list."""
    k = len(chosen)
    rows = pool.rows / k
    without = rows[chosen].sum(axis=0) - pool.target - rows[chosen]
    if pool.largest:
        lengths = np.zeros((k, len(rows)))
        gap = np.empty_like(lengths)
        for theirs, ours in zip(without.T, rows.T, strict=True):  # all groups at once would be k c r numbers
            np.add(theirs[:, None], ours, out=gap)
            np.maximum(lengths, np.abs(gap, out=gap), out=lengths)
    else:
        squares = np.einsum("ij,ij->i", without, without)[:, None] + np.einsum("ij,ij->i", rows, rows)
        lengths = np.sqrt(np.maximum(squares + 2 * without @ rows.T, 0.0))
    return _gains(pool, chosen), lengths


def _gains(pool: Pool, chosen: NDArray[np.int64]) -> Floats:
    gains: Floats = pool.similarities - pool.similarities[chosen][:, None]
    gains[:, chosen] = -np.inf
    return gains

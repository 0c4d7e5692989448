"""From a relaxed list to a real one that keeps the limit: best single exchanges, all evaluated at once.

Rounding the k largest entries alone can break the limit by half; here the limit is kept or the answer says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.relaxed.certificate import TOLERANCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats

MAX_EXCHANGES = 2_000
LEAST_GAIN = 1e-12
"""A gain of less is rounding."""
BLOCK = 1_024
"""Exchanges that are looked at together."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Pool:
    """Items that may enter a list: similarities [c], and rows [c, r] whose mean over a list should be near target.

    Near is the Euclidean distance (linear functions), or with `largest` the largest difference (named groups).
    """

    similarities: Floats
    rows: Floats
    target: Floats
    largest: bool = False

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
        gains, lengths = exchanges(pool, chosen)
        merit = gains - weight * (np.maximum(lengths - limit, 0.0) - excess)
        out, into = np.unravel_index(int(np.argmax(merit)), merit.shape)
        if merit[out, into] <= 1e-12 * max(1.0, weight):
            lengths[:, chosen] = np.inf
            lower = bool(lengths.min(initial=np.inf) < limit + excess - 1e-12)
            break
        chosen[out] = into
    return chosen, lower


def _climb(pool: Pool, chosen: NDArray[np.int64], *, limit: float) -> NDArray[np.int64]:
    """Exchange while similarity grows within the limit."""
    chosen = chosen.copy()
    for _ in range(MAX_EXCHANGES):
        gains, lengths = exchanges(pool, chosen)
        gains[lengths > limit + TOLERANCE / 2] = -np.inf
        out, into = np.unravel_index(int(np.argmax(gains)), gains.shape)
        if gains[out, into] <= LEAST_GAIN:
            break
        chosen[out] = into
    return chosen


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
    gains = pool.similarities - pool.similarities[chosen][:, None]
    gains[:, chosen] = -np.inf
    return gains, lengths


def best_exchange(pool: Pool, chosen: NDArray[np.int64], *, limit: float) -> tuple[int, int] | None:
    """Return the exchange that gains most similarity within the limit: a place [k] and an item [c]; None if none does.

    For the largest difference. Exchanges are looked at in the order of what they gain, as few as needed.
    """
    k = len(chosen)
    rows = pool.rows / k
    without = rows[chosen].sum(axis=0) - pool.target - rows[chosen]
    gains = pool.similarities - pool.similarities[chosen][:, None]
    gains[:, chosen] = -np.inf
    better = np.flatnonzero(gains > LEAST_GAIN)
    better = better[np.argsort(-gains.ravel()[better], kind="stable")]
    for start in range(0, len(better), BLOCK):
        out, into = np.divmod(better[start : start + BLOCK], len(rows))
        lengths = np.abs(without[out] + rows[into]).max(axis=1, initial=0.0)
        within = np.flatnonzero(lengths <= limit + TOLERANCE / 2)
        if len(within):
            return int(out[within[0]]), int(into[within[0]])
    return None

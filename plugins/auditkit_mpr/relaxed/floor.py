"""The least MPR that k items can reach: a proven lower bound, and the best list found. No query is needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.relaxed.least import nearest_gap
from auditkit_mpr.relaxed.swaps import Pool, least_exchanged
from auditkit_mpr.relaxed.top import top

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats

CANDIDATES = 4_000
"""Items that exchanges choose from, besides those of the relaxed list: evenly spaced ones."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Floor:
    """For lists of k: rows [n, r] and target [r] at the scale of k, and how small their MPR can get.

    `columns` are the items of the relaxed list of least MPR and `gap` [r] is its gap; `lower_bound` is proven;
    `chosen` [k] is the list of least MPR that was found.
    """

    k: int
    rows: Floats
    target: Floats
    columns: NDArray[np.int64]
    gap: Floats
    lower_bound: float
    chosen: NDArray[np.int64]
    reached: float


def floor_of(rows: Floats, target: Floats, k: int) -> Floor:
    """Return the floor of lists of k of the n rows [n, r], k <= n, whose mean should be near the target [r]."""
    n = len(rows)
    nearest = nearest_gap(rows, target, k)
    spaced = np.arange(0, n, max(1, n // CANDIDATES), dtype=np.int64)
    columns = np.union1d(nearest.columns, spaced)
    pool = Pool(similarities=np.zeros(len(columns)), rows=rows[columns], target=target)
    entries = nearest.relaxed(n)[columns]
    starts = [top(entries, k), *np.searchsorted(columns, nearest.lists)]
    start = min(starts, key=pool.mpr)
    found = least_exchanged(pool, start)
    return Floor(
        k=k,
        rows=rows,
        target=target,
        columns=nearest.columns,
        gap=nearest.gap,
        lower_bound=nearest.lower_bound,
        chosen=np.sort(columns[found]),
        reached=pool.mpr(found),
    )

"""Items with equal rows merged into cells: a list's MPR depends only on how many items it takes of each cell.

Of one cell the most similar items come first, so counts alone say which list is the best of its MPR.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.relaxed.lp import foremost

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats

MOST = 2_000
"""Cells up to which proofs are tried."""
EQUAL = 1e-10
"""Rows that differ by less than this share of the largest entry are one row: rounding of a projection parts them."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Distinct rows [C, r], how many items have each, int64 [C], and the cell of every item, int64 [n]."""

    rows: Floats
    have: NDArray[np.int64]
    which: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.rows)

    def counts(self, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return how many of the chosen items [k] are of each cell."""
        return np.bincount(self.which[chosen], minlength=len(self)).astype(np.int64)


def cells_of(rows: Floats, *, most: int = MOST) -> Cells | None:
    """Return the cells of the rows [n, r], or None where there are more than `most` of them."""
    scale = float(np.abs(rows).max(initial=0.0)) or 1.0
    # One number tells rows apart, so that a million rows are sorted once and not column by column.
    weights = np.random.default_rng(0).normal(size=rows.shape[1])
    keys = np.round(rows @ weights / (scale * EQUAL * 10)).astype(np.float64)
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    if len(first) > most:
        return None
    distinct = rows[first]
    if np.abs(rows - distinct[which]).max(initial=0.0) > EQUAL * 100 * scale:
        return None  # two rows share a number by chance: then nothing is proven here
    return Cells(distinct, np.bincount(which).astype(np.int64), which.astype(np.int64))


@dataclass(frozen=True, eq=False)
class Ranked:
    """One query's view of cells: the items of each, most similar first, and their similarities, at most k of each."""

    cells: Cells
    items: tuple[NDArray[np.int64], ...]
    values: tuple[Floats, ...]

    def most(self) -> NDArray[np.int64]:
        """Return how many items each cell can give, int64 [C]."""
        return np.array([len(found) for found in self.items], dtype=np.int64)

    def chosen(self, counts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the most similar list of these counts."""
        taken = [found[:count] for found, count in zip(self.items, counts, strict=True)]
        return np.concatenate(taken) if taken else np.zeros(0, dtype=np.int64)

    def similarity(self, counts: NDArray[np.int64]) -> float:
        """Return that list's sum of similarities."""
        return float(sum(float(v[:count].sum()) for v, count in zip(self.values, counts, strict=True)))


def ranked(cells: Cells, similarities: Floats, k: int) -> Ranked:
    """Return the cells with the k most similar items [n] of each in order; among equals the lower index first."""
    front = foremost(cells.which[:, None], similarities, k)
    order = front[np.lexsort((front, -similarities[front], cells.which[front]))]
    edges = np.searchsorted(cells.which[order], np.arange(len(cells) + 1))
    items = tuple(order[edges[c] : edges[c + 1]] for c in range(len(cells)))
    return Ranked(cells, items, tuple(similarities[found] for found in items))

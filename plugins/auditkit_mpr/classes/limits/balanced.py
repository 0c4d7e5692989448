"""Lists that resemble the reference in many random tables of three cuts at once.

Under a tight limit exchanges that look at the largest gap alone are stuck: most lists have many gaps of that size. The
mean square over tables falls with every one of them. A table is a tree of three levels with the same cut on all of a
level, so it shows an MPR^2 of mk / (m + k) * sum over its leaves of D^2 / N, D the list's share less the reference's
and N the rows of a leaf; the mean over tables is the squared length of one vector.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.classes.regressors import row_weights, stacked
from auditkit_mpr.relaxed.priced import alike
from auditkit_mpr.relaxed.swaps import Pool, least_exchanged, repaired

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.retrieval.candidates import Candidates

TABLES, LEVELS = 120, 3
CUTS = 8
"""Cuts of one column at most, at its quantiles."""
MOST = 2_000
"""Items that a list may be made of."""
RANK = 1e-12
"""Coordinates of a smaller share of the largest variance are rounding."""
OF_EACH = 3
"""Items of one cell among them."""
SHARES = (0.6, 0.45, 0.3, 0.2)
"""Limits on the root mean square, as shares of the limit: the largest gap is about twice as large."""


@dataclass(frozen=True, eq=False)
class Balanced:
    """Columns [c] that lists are made of, ascending, and a pool of them whose MPR is the mean over tables."""

    columns: NDArray[np.int64]
    pool: Pool

    def lists(self, start: NDArray[np.int64], limit: float, *, slope: float) -> Iterator[NDArray[np.int64]]:
        """Yield lists [k] near a list of columns, under smaller and smaller shares of a limit, at last the least."""
        found = np.searchsorted(self.columns, start)
        for share in SHARES:
            found = repaired(self.pool, found, limit=share * limit, slope=slope)
            yield self.columns[found]
        yield self.columns[least_exchanged(self.pool, found)]


def balanced(
    candidates: Candidates, columns: NDArray[np.int64], items: NDArray[np.int64], *, k: int
) -> Balanced:
    """Return the pool of some columns [c], ascending, which are these items [c] of the candidates."""
    population = candidates.reference.population
    whole, weights = stacked(candidates.rows, population), row_weights(candidates.rows, population)
    n, m = len(candidates.rows), population.size
    left = np.array([whole[:, column] <= cut for column, cut in cuts_of(whole)], dtype=bool)
    features, target = [], []
    for table in tables_of(len(left)):
        leaf = np.zeros(len(whole), dtype=np.int64)
        for cut in table:
            leaf = 2 * leaf + left[cut]
        size = np.bincount(leaf, weights=weights, minlength=2 ** len(table))
        scale = np.sqrt(m * k / (m + k) / np.maximum(size, 1.0))
        features.append((leaf[items, None] == np.arange(len(size))) * scale)
        target.append(np.bincount(leaf[n:], weights=population.shares, minlength=len(size)) * scale)
    count = np.sqrt(max(len(features), 1))
    turned, aim = _fewer(np.concatenate(features, axis=1) / count, np.concatenate(target) / count)
    return Balanced(columns, Pool(similarities=candidates.similarities[items], rows=turned, target=aim))


def cuts_of(rows: Floats) -> list[tuple[int, float]]:
    """Return cuts of every column of rows [p, l]: between its values, or between as many quantiles as are allowed."""
    cuts: list[tuple[int, float]] = []
    for column in range(rows.shape[1]):
        values = np.unique(rows[:, column])
        between = (values[1:] + values[:-1]) / 2
        if len(between) > CUTS:
            between = np.unique(np.quantile(rows[:, column], np.arange(1, CUTS + 1) / (CUTS + 1)))
        cuts += [(column, float(cut)) for cut in between]
    return cuts


def tables_of(cuts: int) -> list[tuple[int, ...]]:
    """Return sets of three cuts: all, or as many random ones as there may be."""
    levels = min(LEVELS, cuts)
    if comb(cuts, levels) <= TABLES:
        return list(combinations(range(cuts), levels))
    rng = np.random.default_rng(0)
    drawn = {tuple(sorted(rng.choice(cuts, levels, replace=False).tolist())) for _ in range(TABLES)}
    return sorted(drawn)


def reservoir(
    cells: NDArray[np.int64] | None, similarities: Floats, also: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the columns [c] that lists are made of: some of every cell, of all spaced evenly, and `also`."""
    n = len(similarities)
    first = np.arange(n) if cells is None else np.flatnonzero(alike(cells, similarities).place < OF_EACH)
    return np.union1d(first[:: max(1, -(-len(first) // MOST))], also)


def _fewer(rows: Floats, target: Floats) -> tuple[Floats, Floats]:
    """Return rows [c, r] and a target in as few coordinates as distances between lists need, and one beside them."""
    values, vectors = np.linalg.eigh(rows.T @ rows)
    kept = vectors[:, values > RANK * values[-1]]
    beside = target - kept @ (kept.T @ target)
    turned = np.column_stack([rows @ kept, np.zeros(len(rows))])
    return turned, np.append(target @ kept, np.linalg.norm(beside))

"""How much each training row counts, so that class and group are independent or even."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]


def cell_table(target: Codes, group: Codes, *, n_groups: int, weights: Floats | None = None) -> Floats:
    """Return the weight of rows of each group and class, float64 [g, 2]; a row with a code of -1 is in none."""
    known = (group >= 0) & (target >= 0)
    table = np.zeros((n_groups, 2))
    np.add.at(table, (group[known], target[known]), 1.0 if weights is None else weights[known])
    return table


def need_cells(table: Floats, *, groups: Sequence[str], classes: Sequence[str]) -> None:
    """Raise DataError for a group and class without training rows: nothing can stand in for them."""
    empty = np.argwhere(table <= 0)
    if len(empty):
        i, j = empty[0]
        message = (
            f"no training row of '{groups[i]}' has class {classes[j]}, so that nothing can stand in for it: merge the "
            "group with another, or leave it out"
        )
        raise DataError(message)


def independent_weights(target: Codes, group: Codes, *, table: Floats) -> Floats:
    """Return w(g, y) = P(g) P(y) / P(g, y) of each row [n], 1 for one in no cell (Kamiran & Calders 2012)."""
    weights = np.ones(len(target))
    known = (group >= 0) & (target >= 0)
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    weights[known] = (expected / table)[group[known], target[known]]
    return weights


def independent_times(target: Codes, group: Codes, *, table: Floats, rng: np.random.Generator) -> Codes:
    """Return how often each row stands, int64 [n], so that each cell has P(g) P(y) n rows, to within one.

    Of a cell with too many, some are left out; of one with too few, each stands equally often, and some once more
    (uniform sampling, Kamiran & Calders 2012). A row in no cell stands once.
    """
    times = np.ones(len(target), dtype=np.int64)
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    for i, j in np.ndindex(*table.shape):
        rows = np.flatnonzero((group == i) & (target == j))
        whole, more = divmod(round(float(expected[i, j])), len(rows))
        times[rows] = whole
        times[rng.choice(rows, size=more, replace=False)] += 1
    return times


def balanced_rows(
    target: Codes, group: Codes, *, n_groups: int, rng: np.random.Generator
) -> NDArray[np.intp]:
    """Return, ascending, as many rows of every group and class as the smallest of these cells has."""
    cells = [np.flatnonzero((group == i) & (target == j)) for i, j in np.ndindex(n_groups, 2)]
    fewest = min(map(len, cells))
    drawn: NDArray[np.intp] = np.sort(
        np.concatenate([rng.choice(rows, size=fewest, replace=False) for rows in cells])
    )
    return drawn

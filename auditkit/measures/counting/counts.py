"""Confusion counts of every group: all that a count metric, its interval and its bootstrap need."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from auditkit.errors import DataError
from auditkit.measures.counting.weights import kish, summed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit.measures.counting.clusters import Clustered
    from auditkit.measures.counting.weights import Weights


@dataclass(frozen=True, eq=False, kw_only=True)
class Confusions:
    """Counts of g groups over k classes, each array [g, k, k] as true class × predicted class.

    `counts` int64 counts rows, `table` float64 sums their weights, `squares` float64 their squared weights.
    Without weights the three hold the same numbers. `clusters` says how rows belong together, if they do.
    """

    counts: NDArray[np.int64]
    table: NDArray[np.float64]
    squares: NDArray[np.float64]
    clusters: Clustered | None = None

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """Rows counted in each group, int64 [g]."""
        rows: NDArray[np.int64] = self.counts.sum(axis=(1, 2))
        return rows

    @property
    def effective(self) -> NDArray[np.float64]:
        """Kish's effective number of rows of each group, float64 [g]; the rows where there are no weights."""
        return kish(self.table.sum(axis=(1, 2)), self.squares.sum(axis=(1, 2)))

    @cached_property
    def unweighted(self) -> bool:
        """Whether every row weighs 1."""
        return np.array_equal(self.table, self.counts) and np.array_equal(self.squares, self.counts)

    def __getitem__(self, groups: slice | NDArray[np.int64]) -> Confusions:
        """Return the counts of some of the groups, in the order of their indices if these are given."""
        return Confusions(
            counts=self.counts[groups],
            table=self.table[groups],
            squares=self.squares[groups],
            clusters=None if self.clusters is None else self.clusters[groups],
        )

    def rest(self) -> Confusions:
        """Return, for each group, the counted rows of all the other groups."""
        counts = self.counts.sum(axis=0) - self.counts
        # Subtracting float sums leaves crumbs where no row is left; such a crumb would be a denominator.
        table = np.where(counts > 0, np.maximum(self.table.sum(axis=0) - self.table, 0.0), 0.0)
        squares = np.where(counts > 0, np.maximum(self.squares.sum(axis=0) - self.squares, 0.0), 0.0)
        clusters = None if self.clusters is None else self.clusters.rest()
        return Confusions(counts=counts, table=table, squares=squares, clusters=clusters)

    def classes(self) -> Confusions:
        """Return the counts of each class against the rest, [k g, 2, 2]: all groups of class 0, then of class 1, ..."""
        return self._classes

    @cached_property
    def _classes(self) -> Confusions:
        parts = (self.counts,) if self.unweighted else (self.counts, self.table, self.squares)
        counts, *weighed = (classes_against_rest(part).reshape(-1, 2, 2) for part in parts)
        table, squares = weighed or (counts, counts)
        clusters = None if self.clusters is None else self.clusters.each_class()
        return Confusions(counts=counts.astype(np.int64), table=table, squares=squares, clusters=clusters)


def classes_against_rest(tables: NDArray[np.number]) -> NDArray[np.float64]:
    """Return tables [k, ..., 2, 2] in which each class of tables [..., k, k] is class 1.

    Sums only, no differences: what float subtraction leaves of empty cells would be a denominator.
    """
    tables = np.asarray(tables, dtype=np.float64)
    others = 1.0 - np.eye(tables.shape[-1])
    tp = np.diagonal(tables, axis1=-2, axis2=-1)
    fn, fp = (tables * others).sum(axis=-1), (tables * others).sum(axis=-2)
    tn = ((others @ tables) * others).sum(axis=-1)
    cells = np.stack([tn, fp, fn, tp], axis=-1)
    return np.moveaxis(cells.reshape(*cells.shape[:-1], 2, 2), -3, 0)


def one_vs_rest(tables: NDArray[np.number], positive: int) -> NDArray[np.float64]:
    """Return tables [..., 2, 2] in which class `positive` of tables [..., k, k] is class 1."""
    tables = np.asarray(tables, dtype=np.float64)
    tp = tables[..., positive, positive]
    fn = np.delete(tables[..., positive, :], positive, axis=-1).sum(axis=-1)
    fp = np.delete(tables[..., :, positive], positive, axis=-1).sum(axis=-1)
    others = np.delete(np.delete(tables, positive, axis=-1), positive, axis=-2)
    tn = others.sum(axis=(-1, -2))
    return np.stack([np.stack([tn, fp], axis=-1), np.stack([fn, tp], axis=-1)], axis=-2)


def count(
    codes: NDArray[np.int64],
    truth: NDArray[np.int64],
    predicted: NDArray[np.int64],
    *,
    n_groups: int,
    n_classes: int,
    weights: Weights = None,
) -> Confusions:
    """Return the counts of each group; rows with -1 in `codes`, `truth` or `predicted` int [n] are left out.

    `weights` is float [n], finite and not negative, or DataError is raised; or what cells of rows stand for.
    Where no truth is known, pass the predictions for it and read selection_rate only. Memory is O(n + g k²).
    """
    check_codes("group", codes, n_groups)
    check_codes("true class", truth, n_classes)
    check_codes("predicted class", predicted, n_classes)
    kept = (codes >= 0) & (truth >= 0) & (predicted >= 0)
    cell = ((codes.astype(np.int64) * n_classes + truth) * n_classes + predicted)[kept]
    shape, size = (n_groups, n_classes, n_classes), n_groups * n_classes**2
    counts, table, squares = summed(cell, weights, kept=kept, size=size)
    return Confusions(
        counts=counts.reshape(shape), table=table.reshape(shape), squares=squares.reshape(shape)
    )


def check_codes(what: str, values: NDArray[np.int64], size: int) -> None:
    """Raise DataError for a code outside -1..size-1, which would land in another group's cell."""
    if len(values) and not (values.min() >= -1 and values.max() < size):
        message = f"{what} codes must lie in -1..{size - 1}, found {values.min()}..{values.max()}"
        raise DataError(message)

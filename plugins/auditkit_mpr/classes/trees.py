"""The best tree of at most three levels there is, by trying them all.

A tree's leaves part the rows, and over functions that are constant on each leaf the supremum is closed: with D the
list's share less the reference's and N the rows of a leaf, MPR^2 = mk / (m + k) * sum D^2 / N; over signs MPR is
sum |D|.
Both are sums over leaves, so the best tree is the best split with the best trees below it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit_mpr.classes.regressors import row_weights, stacked
from auditkit_mpr.exact.cells import cells_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.reference.population import Population
    from auditkit_mpr.relaxed.priced import Shown

SPLITS = 64
"""Cuts of all columns together up to which every tree is tried."""
LEVELS = 3


@dataclass(frozen=True, eq=False, kw_only=True)
class Tree:
    """A split of one column at a value, rows at most that value to the left; or a leaf with its value."""

    value: float = 0.0
    column: int = -1
    cut: float = 0.0
    below: tuple[Tree, Tree] | None = None

    def __call__(self, rows: NDArray[np.float64]) -> Floats:
        """Return the values [p] of rows [p, l]."""
        if self.below is None:
            return np.full(len(rows), self.value)
        left = rows[:, self.column] <= self.cut
        found = np.empty(len(rows))
        for side, rest in zip((left, ~left), self.below, strict=True):
            found[side] = rest(rows[side])
        return found


@dataclass(frozen=True, eq=False, kw_only=True)
class Forest:
    """All trees over cells: rows [C, l], D [C] and N [C], the cuts of columns and the cells to their left [s, C]."""

    rows: Floats
    gaps: Floats
    sizes: Floats
    cuts: tuple[tuple[int, float], ...]
    left: NDArray[np.bool_]
    signs: bool

    def best(self, levels: int) -> Tree:
        """Return the best tree of at most so many levels."""
        return self._best(self._everywhere, levels)[1]

    def by_root(self, levels: int) -> list[Tree]:
        """Return the best tree of at most so many levels for every first split, the best of all first."""
        if levels == 0 or not self.cuts:
            return [self.best(levels)]
        tried = [self._joined(self._everywhere, place, levels - 1) for place in range(len(self.cuts))]
        return [tree for _, tree in sorted(tried, key=lambda one: -one[0])]

    @property
    def _everywhere(self) -> NDArray[np.bool_]:
        return np.ones(len(self.rows), dtype=bool)

    def _best(self, inside: NDArray[np.bool_], levels: int) -> tuple[float, Tree]:
        """Return the best tree on the cells inside [C], and its sum over leaves."""
        alone = self._leaf(inside)
        if levels == 0 or not len(self.cuts):
            return alone
        if levels == 1:
            place = int(np.argmax(self._split_scores(inside[None, :])[0]))
            return max(alone, self._joined(inside, place, 0), key=lambda one: one[0])
        if levels == 2:
            left = self.left & inside
            sides = np.concatenate([left, inside & ~self.left])
            below = np.maximum(self._split_scores(sides).max(axis=1), self._scores(sides)).reshape(2, -1)
            return max(
                alone, self._joined(inside, int(np.argmax(below.sum(axis=0))), 1), key=lambda one: one[0]
            )
        tried = (self._joined(inside, place, levels - 1) for place in range(len(self.cuts)))
        return max(alone, *tried, key=lambda one: one[0])

    def _joined(self, inside: NDArray[np.bool_], place: int, levels: int) -> tuple[float, Tree]:
        sides = [self._best(inside & side, levels) for side in (self.left[place], ~self.left[place])]
        column, cut = self.cuts[place]
        return sides[0][0] + sides[1][0], Tree(column=column, cut=cut, below=(sides[0][1], sides[1][1]))

    def _leaf(self, inside: NDArray[np.bool_]) -> tuple[float, Tree]:
        gap, size = float(self.gaps[inside].sum()), float(self.sizes[inside].sum())
        value = (1.0 if gap >= 0 else -1.0) if self.signs else gap / size if size > 0 else 0.0
        return float(self._scores(inside[None, :])[0]), Tree(value=value)

    def _scores(self, sets: NDArray[np.bool_]) -> Floats:
        """Return what each set of cells [p, C] adds as one leaf, [p]."""
        marks = sets.astype(np.float64)
        return self._added(marks @ self.gaps, marks @ self.sizes)

    def _split_scores(self, sets: NDArray[np.bool_]) -> Floats:
        """Return what each set of cells [p, C] adds when every cut parts it, [p, s]."""
        marks = sets.astype(np.float64)
        left = self.left.T.astype(np.float64)
        gap, size = marks @ (left * self.gaps[:, None]), marks @ (left * self.sizes[:, None])
        gaps, sizes = (marks @ self.gaps)[:, None], (marks @ self.sizes)[:, None]
        return self._added(gap, size) + self._added(gaps - gap, sizes - size)

    def _added(self, gap: Floats, size: Floats) -> Floats:
        if self.signs:
            return np.abs(gap)
        # A set of no rows has no gap: what is left of its size is rounding.
        found: Floats = np.divide(gap * gap, size, out=np.zeros_like(gap), where=size > 1e-9)
        return found


def forest_of(rows: Floats, gaps: Floats, sizes: Floats, *, signs: bool) -> Forest | None:
    """Return all trees over cells of rows [C, l], None where the columns have too many cuts to try them all."""
    cuts: list[tuple[int, float]] = []
    for column in range(rows.shape[1]):
        values = np.unique(rows[:, column])
        cuts += [(column, float(middle)) for middle in (values[1:] + values[:-1]) / 2]
        if len(cuts) > SPLITS:
            return None
    left = np.array([rows[:, column] <= cut for column, cut in cuts], dtype=bool).reshape(
        len(cuts), len(rows)
    )
    return Forest(rows=rows, gaps=gaps, sizes=sizes, cuts=tuple(cuts), left=left, signs=signs)


@dataclass(frozen=True, eq=False)
class Merged:
    """Rows of items and reference merged into cells, if they can be.

    `which` [n] is the cell of every item, `shares` [C] the reference's; `forest` is None where not all trees are tried.
    """

    items: NDArray[Any]
    reference: Population
    which: NDArray[np.int64]
    shares: Floats
    forest: Forest | None

    def gaps(self, retrieved: Floats) -> Floats:
        """Return a relaxed list's share of every cell less the reference's, [C]."""
        listed = np.bincount(self.which, weights=retrieved / retrieved.sum(), minlength=len(self.shares))
        found: Floats = listed - self.shares
        return found

    def shown(self, retrieved: Floats, *, levels: int, size: float) -> list[Shown]:
        """Return the best tree for every first split; a cell is evaluated once for all rows that it has."""
        if self.forest is None:
            return []
        forest, k = replace(self.forest, gaps=self.gaps(retrieved)), float(retrieved.sum())
        found: list[Shown] = []
        for tree in forest.by_root(levels):
            values = tree(forest.rows)
            length = 1.0 if forest.signs else float(np.sqrt(forest.sizes @ np.square(values)))
            if not forest.signs and length > np.finfo(np.float64).tiny:
                values = values * (np.sqrt(size * k / (size + k)) / length)
            gap = float(values @ forest.gaps)
            values = -values if gap < 0 else values
            found.append((abs(gap), values[self.which], float(self.shares @ values)))
        return found


def merged_of(items: NDArray[Any], reference: Population, *, signs: bool) -> Merged:
    """Return rows of items and reference as cells; without any where too many are distinct."""
    cells, n = cells_of(stacked(items, reference)), len(items)
    if cells is None:
        nothing = np.zeros(0)
        return Merged(items, reference, nothing.astype(np.int64), nothing, None)
    size = len(cells)
    weights = np.bincount(cells.which, weights=row_weights(items, reference), minlength=size)
    shares = np.bincount(cells.which[n:], weights=reference.shares, minlength=size)
    forest = forest_of(cells.rows, np.zeros(size), weights.astype(np.float64), signs=signs)
    return Merged(items, reference, cells.which[:n], shares.astype(np.float64), forest)


def levels_named(name: str, *, signs: bool) -> int | None:
    """Return the levels of a class of trees that are few enough to be tried: tree, tree:1 to tree:3, signs."""
    if signs:
        return LEVELS
    family, _, size = name.partition(":")
    levels = int(size) if size.isdigit() else LEVELS
    return levels if family == "tree" and 1 <= levels <= LEVELS else None

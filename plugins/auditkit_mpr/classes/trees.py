"""The best tree of at most three levels there is, by trying them all.

A tree's leaves part the rows, and over functions that are constant on each leaf the supremum is closed: with D the
list's share less the reference's and N the rows of a leaf, MPR^2 = mk / (m + k) * sum D^2 / N; over signs MPR is
sum |D|.
Both are sums over leaves, so the best tree is the best split with the best trees below it. The D of every leaf follow
from those of the rows left of three cuts, which are one product of matrices for each cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats

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
class Grown:
    """The best tree for every first cut p: the cuts below it, and the values of its leaves.

    `second` [2, p] is the cut on either side of the first, `third` [2, p, 2, q] the one below; a side that is not
    split has the cut above it once more. `values` [2, p, 2, q, 2, r] are the leaves', `scores` [p] the sums over them.
    """

    second: NDArray[np.int64]
    third: NDArray[np.int64]
    values: Floats
    scores: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class Forest:
    """All trees over cells: their sizes N [C], the cuts of columns and the cells to their left [s, C]."""

    sizes: Floats
    cuts: tuple[tuple[int, float], ...]
    left: NDArray[np.bool_]
    signs: bool

    def best(self, gaps: Floats, levels: int) -> Tree:
        """Return the best tree of at most so many levels for the cells' D [C]."""
        if not self.cuts:
            return Tree(value=float(self._means(gaps.sum(), self.sizes.sum())))
        grown = self._grown(gaps, levels)
        first = int(np.argmax(grown.scores))

        def leaf(*path: int) -> Tree:
            return Tree(value=float(grown.values[path]))

        def split(cut: int, left: Tree, right: Tree) -> Tree:
            column, at = self.cuts[cut]
            return Tree(column=column, cut=at, below=(left, right))

        def below(side: int) -> Tree:
            second = int(grown.second[side, first])
            ends = []
            for other in (0, 1):
                path = (side, first, other, second)
                third = int(grown.third[path])
                ends.append(split(third, leaf(*path, 0, third), leaf(*path, 1, third)))
            return split(second, *ends)

        return split(first, below(0), below(1))

    def by_root(self, gaps: Floats, levels: int) -> Floats:
        """Return the cells' values [t, C] by the best tree for every first cut, the best of all first."""
        if not self.cuts:
            return np.full((1, len(gaps)), self._means(gaps.sum(), self.sizes.sum()))
        grown, cell = self._grown(gaps, levels), np.arange(len(gaps))
        first = np.argsort(-grown.scores, kind="stable")[:, None]
        right = (~self.left).astype(np.int64)
        side = right[first, cell]
        second = grown.second[side, first]
        other = right[second, cell]
        third = grown.third[side, first, other, second]
        found: Floats = grown.values[side, first, other, second, right[third, cell], third]
        return found

    def _grown(self, gaps: Floats, levels: int) -> Grown:
        leaves = self._leaves(gaps)
        added = self._added(leaves, self._leaf_sizes).sum(axis=4)
        every = np.arange(len(self.cuts))
        third = added.argmax(axis=4) if levels > 2 else np.broadcast_to(every, added.shape[:4])
        below = np.take_along_axis(added, third[..., None], axis=4)[..., 0].sum(axis=2)
        second = below.argmax(axis=2) if levels > 1 else np.broadcast_to(every, below.shape[:2])
        scores = np.take_along_axis(below, second[..., None], axis=2)[..., 0].sum(axis=0)
        values = self._means(leaves, self._leaf_sizes)
        return Grown(second=second, third=third, values=values, scores=scores)

    @cached_property
    def _leaf_sizes(self) -> Floats:
        return self._leaves(self.sizes)

    def _leaves(self, numbers: Floats) -> Floats:
        """Return sums of the cells' numbers [C] on each side of three cuts, [2, s, 2, s, 2, s]."""
        marks = self.left.astype(np.float64)
        of_cells = marks * numbers
        three = np.stack([(of_cells * mark) @ marks.T for mark in marks])
        two, one = np.einsum("pqq->pq", three), np.einsum("ppp->p", three)
        sides = np.stack([one, numbers.sum() - one])
        # Left of the last cut first, on each side of those before it; the rest is to the right of it.
        two_left = np.stack([two, one - two])
        pairs = np.stack([two_left, sides[:, :, None] - two_left], axis=2)
        three_left = np.stack([three, two - three])
        three_left = np.stack([three_left, two_left[:, :, None, :] - three_left], axis=2)
        return np.stack([three_left, pairs[..., None] - three_left], axis=4)

    def _added(self, gap: Floats, size: Floats) -> Floats:
        """Return what leaves of these D and N add to the sum."""
        return np.abs(gap) if self.signs else gap * self._means(gap, size)

    def _means(self, gap: Floats, size: Floats) -> Floats:
        """Return the values of leaves of these D and N."""
        if self.signs:
            return np.where(gap >= 0, 1.0, -1.0)
        # A set of no rows has no gap: what is left of its size is rounding.
        found: Floats = np.divide(gap, size, out=np.zeros_like(gap), where=size > 1e-9)
        return found


def forest_of(rows: Floats, sizes: Floats, *, signs: bool) -> Forest | None:
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
    return Forest(sizes=sizes, cuts=tuple(cuts), left=left, signs=signs)


def levels_named(name: str, *, signs: bool) -> int | None:
    """Return the levels of a class of trees that are few enough to be tried: tree, tree:1 to tree:3, signs."""
    if signs:
        return LEVELS
    family, _, size = name.partition(":")
    levels = int(size) if size.isdigit() else LEVELS
    return levels if family == "tree" and 1 <= levels <= LEVELS else None

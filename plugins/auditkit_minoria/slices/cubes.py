"""Every conjunction of plain conditions, counted by contingency cubes, and the best part of one column beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit_minoria.features.levels import LevelColumn, Levels
from auditkit_minoria.kernels.compiled import Kernel
from auditkit_minoria.kernels.cubes import (
    best_intervals,
    best_sets,
    narrowed,
    tally,
    tally_cells,
    tally_weighted,
)
from auditkit_minoria.slices.cells import Cells, Counted, Limits, Parts, joined, z2_of
from auditkit_minoria.slices.prices import columns_price, interval_price, ray_price, set_price

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Ints: TypeAlias = NDArray[np.int64]

WIDEST = {1: 1000, 2: 100, 3: 30, 4: 20}
"""Columns among which conjunctions of so many conditions are looked for: of more, those of most evidence so far."""


@dataclass(frozen=True, eq=False)
class _Prefix:
    """Conjunctions of plain conditions with enough rows: levels int64 [m, k] of k columns.

    `above` int32 [m] is which conjunction of the parent, a column shorter, each is a part of.
    """

    columns: tuple[int, ...]
    levels: Ints
    parent: _Prefix | None = None
    above: NDArray[np.int32] | None = None


class _Trail:
    """Which cell each row is in, for one prefix and those that it came from: n numbers for each, not for all of them.

    Children follow each other, so nearly every one finds its parent's cells there.
    """

    def __init__(self, levels: Levels) -> None:
        self.levels = levels
        self.known: list[tuple[_Prefix, NDArray[np.int32]]] = []

    def cells(self, prefix: _Prefix) -> NDArray[np.int32]:
        """Return the rows' cells int32 [n], -1 for a row in none of the prefix's conjunctions."""
        depth = len(prefix.columns)
        if depth < len(self.known) and self.known[depth][0] is prefix:
            return self.known[depth][1]
        if prefix.parent is None or prefix.above is None:
            found = np.zeros(self.levels.n, dtype=np.int32)
        else:
            outer, column = self.cells(prefix.parent), self.levels.columns[prefix.columns[-1]]
            to = np.full((len(prefix.parent.levels), column.count), -1, dtype=np.int32)
            to[prefix.above, prefix.levels[:, -1]] = np.arange(len(prefix.levels), dtype=np.int32)
            found = np.empty_like(outer)
            narrowed(outer, column.codes, to.reshape(-1), column.count, found)
        self.known[depth:] = [(prefix, found)]
        return found


def counted(
    levels: Levels,
    loss: Floats,
    limits: Limits,
    *,
    weight: Floats | None = None,
    rows: Ints | None = None,
    spread: tuple[float, float] = (0.0, 0.0),
) -> Counted:
    """Return every conjunction of at most `limits.conditions` plain conditions that has at least `limits.least` rows.

    loss is float64 [n], and so is `weight` if rows have weights; limits count rows, of which cells in their place stand
    for `rows` int64 [n] and have a weight. `spread` is the variance of the losses and their mean: where it is positive,
    the best set, half-line and interval of each column beside each shorter conjunction are looked for, too, by the
    excess over the mean; those without evidence are left out. A part of a conjunction has no more rows than the whole,
    so only cells with enough rows are cut further.
    """
    columns = levels.columns
    terms = loss if weight is None else loss * weight
    merits = np.full(len(columns), -np.inf)
    count = _Count(_Trail(levels), terms, (weight, rows), limits, *spread, merits, Counted())
    front = [_Prefix((), np.zeros((1, 0), dtype=np.int64))]
    for k in range(1, min(limits.conditions, len(columns)) + 1):
        used = count.used(k)
        count.found.columns[k] = used
        tables: list[Cells] = []
        after: list[_Prefix] = []
        for prefix in front:
            if set(prefix.columns) <= set(used):
                for place in used:
                    if place not in prefix.columns:
                        count.cut(prefix, place, tables, after if k < limits.conditions else None)
        count.found.cells[k] = joined(tables, k)
        count.credit_cells(k)
        front = after
    return count.found


@dataclass(eq=False)
class _Count:
    """One count on its way: what is counted, the most evidence `merits` [c] of each column so far, what is found.

    `loss` [n] is each row's loss times its weight, if it has one. `units` are the weights [n] and, of cells, the rows
    [n] that each is, both or the second None.
    """

    trail: _Trail
    loss: Floats
    units: tuple[Floats | None, Ints | None]
    limits: Limits
    variance: float
    mean: float
    merits: Floats
    found: Counted

    @property
    def levels(self) -> Levels:
        """The columns that are counted."""
        return self.trail.levels

    @property
    def whole(self) -> float:
        """What all rows weigh."""
        weight, _ = self.units
        return float(self.levels.n if weight is None else weight.sum())

    def used(self, k: int) -> tuple[int, ...]:
        """Return the columns to look at, ascending: all, or those of most merit."""
        if len(self.merits) <= WIDEST[k]:
            return tuple(range(len(self.merits)))
        return tuple(sorted(np.argsort(-self.merits, kind="stable")[: WIDEST[k]].tolist()))

    def cut(self, prefix: _Prefix, place: int, tables: list[Cells], after: list[_Prefix] | None) -> None:
        """Cut the prefix by one column: plain conjunctions go to `tables` and, to be cut further, to `after`."""
        later = not prefix.columns or place > prefix.columns[-1]
        if not later and self.variance <= 0:
            return
        column, least = self.levels.columns[place], self.limits.least
        shape = (len(prefix.levels), column.count)
        rows, total, mass = np.zeros(shape, dtype=np.int64), np.zeros(shape), None
        inside = self.trail.cells(prefix)
        weight, each = self.units
        if weight is None:
            tally(inside, column.codes, self.loss, rows, total)
        else:
            mass = np.zeros(shape)
            tally_weighted(inside, column.codes, self.loss, weight, rows, mass, total)
            if each is not None:
                rows[:] = 0
                tally_cells(inside, column.codes, each, rows)
        if later:
            cell, level = np.nonzero(rows >= least)
            cells = _listed(prefix, place, (cell, level), (rows, total, mass), least)
            tables.append(cells)
            if after is not None and len(cells.rows):
                after.append(_Prefix((*prefix.columns, place), cells.levels, prefix, cell.astype(np.int32)))
        if self.variance > 0:
            weighs = rows.astype(np.float64) if mass is None else mass
            self._add_parts(prefix, place, rows, (weighs, total - self.mean * weighs))

    def _add_parts(self, prefix: _Prefix, place: int, rows: Ints, sums: tuple[Floats, Floats]) -> None:
        """Add the parts of one column that have evidence beside a conjunction of the prefix."""
        columns = self.levels.columns
        k = len(prefix.columns)
        before = columns_price(len(columns), k + 1) + sum(
            set_price(columns[i].count, 1) for i in prefix.columns
        )
        best = _best_of(columns[place], rows, sums, self.limits, (self.whole, self.variance))
        for kind, first, stop, z2, price in best:
            worth = np.flatnonzero((z2 > price + before) & (stop > 0))
            if not len(worth):
                continue
            head = np.broadcast_to(np.array(prefix.columns, dtype=np.int64), (len(worth), k))
            part = Parts(
                head, prefix.levels[worth], np.full(len(worth), place), np.full(len(worth), kind), first[worth],
                stop[worth], z2[worth], price[worth] + before,
            )  # fmt: skip
            self.found.parts.append(part)
            for column in (*prefix.columns, place):
                self.merits[column] = max(self.merits[column], float((part.z2 - part.price).max()))

    def credit_cells(self, k: int) -> None:
        """Let the columns of plain conjunctions have the merit of their evidence."""
        cells = self.found.cells[k]
        if self.variance > 0 and len(cells.rows):
            value = z2_of(cells, self.whole, self.mean, self.variance)
            for column in cells.columns.T:
                np.maximum.at(self.merits, column, value)


def _listed(
    prefix: _Prefix,
    place: int,
    chosen: tuple[Ints, Ints],
    counts: tuple[Ints, Floats, Floats | None],
    least: int,
) -> Cells:
    """Return the chosen cells of a prefix and levels of one more column, with what was counted there."""
    rows, total, mass = counts
    small = int(((rows > 0) & (rows < least)).sum())
    head = np.broadcast_to(np.array(prefix.columns, dtype=np.int64), (len(chosen[0]), len(prefix.columns)))
    columns = np.column_stack([head, np.full(len(chosen[0]), place, dtype=np.int64)])
    levels = np.column_stack([prefix.levels[chosen[0]], chosen[1]])
    return Cells(columns, levels, rows[chosen], total[chosen], small, None if mass is None else mass[chosen])


def _best_of(
    column: LevelColumn,
    rows: Ints,
    sums: tuple[Floats, Floats],
    limits: Limits,
    whole: tuple[float, float],
) -> Iterator[tuple[int, Ints, Ints, Floats, Floats]]:
    """Yield kind, first, stop, z^2 and price [p] of the best parts of a column beside each of p conjunctions.

    `sums` are what the rows weigh and their excess, `whole` what all rows weigh and the variance of their losses.
    """
    lines, (n, variance), (mass, excess) = len(rows), whole, sums
    if column.kind == "category":
        prices = np.array([0.0, *(set_price(column.count, size) for size in range(1, column.count + 1))])
        worth, size = np.empty(lines), np.empty(lines, dtype=np.int64)
        best_sets(mass, excess, rows, limits.rows, n, prices * variance, worth, size)
        several = np.where(size > 1, size, 0)  # a set of one level is a plain condition
        yield 0, several, several, worth / variance + prices[size], prices[size]
        return
    bins = column.bins
    if bins < 2:
        return
    inner = np.ascontiguousarray(rows[:, :bins])
    strengths, ends = np.empty((lines, 2)), np.empty((lines, 2, 2), dtype=np.int64)
    best_intervals(
        np.ascontiguousarray(mass[:, :bins]),
        np.ascontiguousarray(excess[:, :bins]),
        inner,
        limits.rows,
        n,
        strengths,
        ends,
    )
    for kind, one_price in ((0, ray_price(bins)), (1, interval_price(bins))):
        price = np.full(lines, one_price)
        yield kind + 1, ends[:, kind, 0], ends[:, kind, 1], strengths[:, kind] / variance, price


def counting_kernel() -> Kernel:
    """Return the machine code of the counting, and a small call that makes all of it."""

    def first_call() -> Counted:
        codes = np.arange(60, dtype=np.int32)
        levels = Levels(
            (
                LevelColumn(name="a", kind="category", codes=codes % 3, labels=(0, 1, 2)),
                LevelColumn(
                    name="b",
                    kind="number",
                    codes=codes % 4,
                    values=(codes % 4).astype(np.float64),
                    edges=np.arange(1.0, 4.0),
                ),
            ),
            60,
        )
        loss = (codes % 12 < 2).astype(np.float64)
        limits = Limits(conditions=2, least=2, most=30)
        counted(levels, loss, limits, weight=1.0 + loss, spread=(0.1, 1 / 6))
        return counted(levels, loss, limits, spread=(0.1, 1 / 6))

    return Kernel(best_intervals, first_call)

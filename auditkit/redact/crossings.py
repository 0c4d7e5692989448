"""Which groups of two attributes at once stay, beside those of each attribute alone.

The groups of a crossing are kept for some labels of either attribute; all others count as one label, which is hidden.
Every cell of that table, with the hidden label worked out by subtraction, is large in every count. Crossings that share
attributes are kept only where they form no circle: then the printed tables are decomposable, and the range of each
hidden count is the closed one that is at least as wide as the least (Dobra and Fienberg, 2000; docs/redaction.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations, product
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit.redact.counts import ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from auditkit.redact.counts import Known

Pair: TypeAlias = "tuple[str, str]"


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """Two attributes with the labels of each that may stay, and the name of the group of each pair of labels."""

    attributes: Pair
    labels: tuple[tuple[str, ...], tuple[str, ...]]
    names: Mapping[Pair, str]
    """By the groups' names of either attribute, such as ("sex=F", "race=X")."""
    tables: tuple[Known, ...]
    least: int
    kept: frozenset[Pair] = field(default=frozenset())

    @property
    def rows(self) -> int:
        """Rows of the groups that stay, in the table with the most."""
        sizes = (
            sum(table.groups.get(self.names[pair], {}).get(ROWS, 0) for pair in self.kept)
            for table in self.tables
        )
        return max(sizes, default=0)

    @property
    def whole(self) -> bool:
        """Whether every group stays."""
        return len(self.kept) == len(self.names)

    def cells(self) -> NDArray[np.int64]:
        """Return every count of every table in every pair of labels, int64 [c, a + 1, b + 1].

        The last place of either attribute is what is left of it by subtraction. A group that lacks a count has 1 there:
        what the others give away of it cannot be told, so it may not stay.
        """
        known = [table for table in self.tables if any(name in table.groups for name in self.names.values())]
        counts = [self._cells(table, key) for table in known for key in table.whole]
        rows, columns = self.labels
        return np.array(counts, dtype=np.int64).reshape(-1, len(rows) + 1, len(columns) + 1)

    def _cells(self, table: Known, key: str) -> NDArray[np.int64]:
        rows, columns = self.labels
        cells = np.zeros((len(rows) + 1, len(columns) + 1), dtype=np.int64)
        for (i, a), (j, b) in product(enumerate(rows), enumerate(columns)):
            counts = table.groups.get(self.names.get((a, b), ""), {}) if (a, b) in self.names else {}
            cells[i, j] = counts.get(key, 1 if counts.get(ROWS) else 0)
        for i, a in enumerate(rows):
            cells[i, -1] = table.groups.get(a, {}).get(key, 0) - cells[i].sum()
        for j, b in enumerate(columns):
            cells[-1, j] = table.groups.get(b, {}).get(key, 0) - cells[:-1, j].sum()
        cells[-1, -1] = table.whole[key] - cells.sum()
        return cells


def kept_of(crossing: Crossing) -> frozenset[Pair]:
    """Return the pairs of labels whose groups stay: labels join what is left out until no cell is small.

    The next label to join is the one that costs few rows and leaves few small cells.
    """
    rows, columns = (list(labels) for labels in crossing.labels)
    cells = crossing.cells()
    while rows and columns and _small(cells, crossing.least).any():
        costs = [
            (_cost(cells.swapaxes(1, 2) if axis else cells, place, crossing, label), axis, place)
            for axis, labels in enumerate((rows, columns))
            for place, label in enumerate(labels)
        ]
        _, axis, place = min(costs)
        cells = _joined(cells.swapaxes(1, 2) if axis else cells, place)
        cells = cells.swapaxes(1, 2) if axis else cells
        del (rows, columns)[axis][place]
    return frozenset(pair for pair in product(rows, columns) if pair in crossing.names)


def _small(cells: NDArray[np.int64], least: int) -> NDArray[np.bool_]:
    return (cells > 0) & (cells < least)


def _joined(cells: NDArray[np.int64], place: int) -> NDArray[np.int64]:
    """Return the cells [c, a, b + 1] after a label of the first attribute has joined the one that is left out."""
    left = np.delete(cells, place, axis=1)
    left[:, -1] += cells[:, place]
    return left


def _cost(cells: NDArray[np.int64], place: int, crossing: Crossing, label: str) -> float:
    """Return the rows that go with a label, times the small cells that there are without it, and one."""
    rows = max(table.groups.get(label, {}).get(ROWS, 0) for table in crossing.tables)
    here, rest = cells[:, place], cells[:, -1]
    small = (int(_small(part, crossing.least).sum()) for part in (cells, here, rest, here + rest))
    every, own, before, after = small
    return rows * (1.0 + every - own - before + after)


def without_circles(crossings: Sequence[Crossing], *, deeper: bool) -> list[Crossing]:
    """Return the crossings to keep: all, where every group of each stays and none is deeper, else no circle of them."""
    if not deeper and all(crossing.whole for crossing in crossings):
        return list(crossings)
    root: dict[str, str] = {}

    def end(name: str) -> str:
        while root.get(name, name) != name:
            name = root[name]
        return name

    chosen = []
    for crossing in sorted(crossings, key=lambda one: (-one.rows, one.attributes)):
        first, second = map(end, crossing.attributes)
        if first != second and crossing.kept:
            root[first] = second
            chosen.append(crossing)
    return chosen


def pairs(attributes: Sequence[str]) -> list[Pair]:
    """Return every two attributes."""
    return list(combinations(attributes, 2))

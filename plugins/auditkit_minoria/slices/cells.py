"""What is counted of conjunctions of plain conditions: their rows, their loss, and the best part of one more column."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Ints: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Cells:
    """Conjunctions of k plain conditions: columns and levels int64 [m, k], their rows int64 [m] and loss float64 [m].

    Columns ascend within a conjunction. `small` counts the conjunctions that have a row but too few to be listed.
    Where rows have weights, `total` sums losses times weights, and `weights` [m] sums these.
    """

    columns: Ints
    levels: Ints
    rows: Ints
    total: Floats
    small: int
    weights: Floats | None = None

    @property
    def mass(self) -> Floats:
        """What the rows of each conjunction weigh, float64 [m]: their number where they have no weights."""
        return self.rows.astype(np.float64) if self.weights is None else self.weights


@dataclass(frozen=True, eq=False)
class Parts:
    """Conjunctions of plain conditions (columns, levels int64 [m, k]) and the best part of one more column.

    `kind` [m] is 0 for a set, 1 for a half-line, 2 for an interval. A set is the `first` [m] levels of most mean loss
    beside the others; a range goes from bin `first` to before bin `stop`. `z2` [m] and `price` [m] make the evidence.
    """

    columns: Ints
    levels: Ints
    column: Ints
    kind: Ints
    first: Ints
    stop: Ints
    z2: Floats
    price: Floats


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What is counted: conjunctions of at most `conditions`, with `least` to `most` rows."""

    conditions: int
    least: int
    most: int

    @property
    def rows(self) -> Ints:
        """Both ends, as kernels take them."""
        return np.array([self.least, self.most])


@dataclass(eq=False)
class Counted:
    """All that was counted: cells by number of conditions, parts, and the columns looked at for each number."""

    cells: dict[int, Cells] = field(default_factory=dict)
    parts: list[Parts] = field(default_factory=list)
    columns: dict[int, tuple[int, ...]] = field(default_factory=dict)


def z2_of(cells: Cells, whole: float, mean: float, variance: float) -> Floats:
    """Return the square of the score statistic of each conjunction [m], 0 where it fares no worse than all.

    All rows weigh `whole`: without weights they are as many.
    """
    mass = cells.mass
    excess = np.maximum(cells.total - mean * mass, 0.0)
    spread = mass * (1 - mass / whole) * variance
    found: Floats = np.divide(excess * excess, spread, out=np.zeros(len(mass)), where=spread > 0)
    return found


def joined(tables: Sequence[Cells], k: int) -> Cells:
    """Return the conjunctions of all tables, in their order; none is no conjunction of k conditions."""
    if not tables:
        return Cells(
            np.empty((0, k), np.int64), np.empty((0, k), np.int64), np.empty(0, np.int64), np.empty(0), 0
        )
    return Cells(
        np.concatenate([one.columns for one in tables]),
        np.concatenate([one.levels for one in tables]),
        np.concatenate([one.rows for one in tables]),
        np.concatenate([one.total for one in tables]),
        sum(one.small for one in tables),
        None if tables[0].weights is None else np.concatenate([one.mass for one in tables]),
    )

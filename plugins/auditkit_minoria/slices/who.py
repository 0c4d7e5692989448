"""Who is in a group: the values that are more frequent among its rows than among all, by membership alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.slices.conditions import between, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from auditkit_minoria.features.levels import LevelColumn, Levels
    from auditkit_minoria.slices.conditions import Condition

SHOWN, LEAST = 6, 0.05
"""Values at most, and how much larger than among all rows a value's share in the group is at least."""


@dataclass(frozen=True)
class Who:
    """A value of one column, and its share among the group's rows and among all, the former larger.

    Shares are by the rows' weights, if they have any.
    """

    value: str
    share: float
    share_of_all: float


def who(
    levels: Levels, rows: NDArray[np.bool_], weight: NDArray[np.float64] | None = None
) -> tuple[Who, ...]:
    """Return at most SHOWN values, one for a column, from the largest excess of their share over all rows' to small.

    rows is bool [n], `weight` [n] what each row weighs. Of a category the level of largest excess counts, of a number
    the half-line of bins.
    """
    own = None if weight is None else weight[rows]
    if not rows.any() or (own is not None and not own.any()):
        return ()
    found = sorted((_most(column, rows, weight) for column in levels.columns), key=lambda one: -one[0])
    said = []
    for _, column, condition in found:
        holds = condition.holds(column)
        share, of_all = float(np.average(holds[rows], weights=own)), float(np.average(holds, weights=weight))
        if share - of_all >= LEAST:
            said.append(Who(condition.in_words(), share, of_all))
    return tuple(said[:SHOWN])


def _most(
    column: LevelColumn, rows: NDArray[np.bool_], weight: NDArray[np.float64] | None
) -> tuple[float, LevelColumn, Condition]:
    """Return the largest excess of a share on one column, and the condition that has it."""
    own = None if weight is None else weight[rows]
    everyone = np.bincount(column.codes, weight, minlength=column.count)
    inside = np.bincount(column.codes[rows], own, minlength=column.count)
    excess = inside / inside.sum() - everyone / everyone.sum()
    tries = [(float(excess[level]), level, level + 1) for level in range(column.count)]
    if column.kind != "category":
        tries = [*_half_lines(excess[: column.bins]), *tries[column.bins :]]
    value, first, stop = max(tries, key=lambda one: one[0])
    if column.kind == "category" or first >= column.bins:
        return value, column, plain(column, first)
    return value, column, between(column, first, stop)


def _half_lines(excess: NDArray[np.float64]) -> Iterator[tuple[float, int, int]]:
    running = np.cumsum(excess)
    for cut in range(1, len(excess)):
        yield float(running[cut - 1]), 0, cut
        yield float(running[-1] - running[cut - 1]), cut, len(excess)

"""A conjunction made the best of its kind: each condition in turn, given the others, until none can be bettered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import log
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit_minoria.features.levels import edge
from auditkit_minoria.kernels.cubes import best_intervals, best_sets
from auditkit_minoria.slices.conditions import Between, Condition, any_of, between, members
from auditkit_minoria.slices.prices import condition_price, price, ray_price, set_price

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from auditkit_minoria.features.levels import LevelColumn, Levels
    from auditkit_minoria.groups.evidence import Evidence
    from auditkit_minoria.slices.cells import Limits

    Mask: TypeAlias = NDArray[np.bool_]
    ByLevel: TypeAlias = tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]
    """Rows, mass and excess of each level of a column."""

ROUNDS = 4
"""Rounds over the conditions at most; two or three do."""
CHANCE = 0.05
"""Of conditions that part nothing, about the share that is kept, whatever the number of columns."""
SLACK = 1e-9
"""Evidence that a change must add: sums of the same rows may differ in their last digits."""


def refined(
    conditions: Sequence[Condition], levels: Levels, evidence: Evidence, limits: Limits
) -> tuple[tuple[Condition, ...], float]:
    """Return the conjunction when no single condition, given the others, can be bettered or left out; its evidence.

    A category's set may change, and a number's range, whose ends may lie between any two values that occur. Then every
    condition, and every end of a range, must part the rows that meet the others by more than the best of as many would
    by chance; what does not is dropped, and what is left is bettered once more.
    """
    ground = _Ground(levels, evidence, limits)
    best = ground.bettered(tuple(conditions))
    needed = ground.needed(best)
    if needed != best:
        best = ground.needed(ground.bettered(needed))
    return best, ground.worth(best)


@dataclass(frozen=True, eq=False)
class _Ground:
    """What conjunctions are compared on."""

    levels: Levels
    evidence: Evidence
    limits: Limits

    @cached_property
    def by_name(self) -> dict[str, LevelColumn]:
        return {column.name: column for column in self.levels.columns}

    def members(self, conditions: Sequence[Condition]) -> Mask:
        return members(conditions, self.levels.columns, self.levels.n)

    def worth(self, conditions: Sequence[Condition]) -> float:
        """Return the evidence of a conjunction, -inf for one with too few or too many rows."""
        inside = self.members(conditions)
        if not conditions or not self.limits.least <= self.evidence.rows_of(inside) <= self.limits.most:
            return -np.inf
        return self.evidence.z2(inside) - price(conditions, self.levels.columns)

    def bettered(self, best: tuple[Condition, ...]) -> tuple[Condition, ...]:
        """Return the conjunction when no condition, given the others, can be bettered or left out."""
        worth = self.worth(best)
        for _ in range(ROUNDS):
            before = worth
            for name in [one.name for one in best]:
                others = tuple(one for one in best if one.name != name)
                tries = [(*others, one) for one in self._choices(self.by_name[name], others)]
                for one in [*tries, others]:
                    value = self.worth(one)
                    if value > worth + SLACK:
                        best, worth = one, value
            if worth <= before:
                break
        return best

    def needed(self, conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
        """Return the conjunction without those conditions, and ends of ranges, that part rows as by chance."""
        while True:
            margins = [
                (self._margin(conditions, wider, cost), wider) for wider, cost in self._wider(conditions)
            ]
            least, wider = min(margins, key=lambda one: one[0], default=(0.0, conditions))
            if least >= 0:
                return conditions
            conditions = wider

    def _wider(self, conditions: tuple[Condition, ...]) -> Iterator[tuple[tuple[Condition, ...], float]]:
        """Yield each conjunction that asks for one thing less, and the price of that thing."""
        for place, one in enumerate(conditions):
            column = self.by_name[one.name]
            others = (*conditions[:place], *conditions[place + 1 :])
            if others:
                yield others, condition_price(one, column)
            if isinstance(one, Between) and np.isfinite(one.low) and np.isfinite(one.high):
                for wider in (replace(one, low=-np.inf), replace(one, high=np.inf)):
                    yield (*others, wider), ray_price(column.bins)

    def _margin(self, conditions: Sequence[Condition], wider: Sequence[Condition], cost: float) -> float:
        """Return how far the narrower rows stand out of the wider ones, z^2 less the price."""
        around = self.members(wider)
        among = self.evidence.among(around)
        if among is None:
            return -cost
        chance = 2 * log(len(self.levels.columns) / CHANCE)
        return among.z2(self.members(conditions)[around]) - cost - chance

    def _choices(self, column: LevelColumn, others: Sequence[Condition]) -> list[Condition]:
        """Return the best conditions on one column given the others."""
        inside = self.members(others)
        by_level = self.evidence.by_level(column.codes, inside, column.count)
        if column.kind == "category":
            return _sets(column, by_level, self.evidence, self.limits)
        coarse = _ranges(column, by_level, self.evidence, self.limits)
        if not coarse or self.evidence.rows is not None:
            return [*coarse]  # of cells no value is known between the ends of their bins
        line = _Line(column, inside, self.evidence, self.limits)
        return [*coarse, *(line.sharpened(one) for one in coarse)]


def _sets(column: LevelColumn, by_level: ByLevel, evidence: Evidence, limits: Limits) -> list[Condition]:
    rows, mass, sums = by_level[0][None, :], by_level[1][None, :], by_level[2][None, :]
    worth, size = np.empty(1), np.empty(1, dtype=np.int64)
    prices = np.array([0.0, *(set_price(column.count, k) for k in range(1, column.count + 1))])
    best_sets(mass, sums, rows, limits.rows, evidence.whole, prices * evidence.variance, worth, size)
    if size[0] == 0:
        return []
    return [any_of(column, prefix(mass[0], sums[0], int(size[0])))]


def prefix(mass: NDArray[np.float64], sums: NDArray[np.float64], size: int) -> list[int]:
    """Return the `size` levels of largest mean excess, those without rows last, as the kernel orders them."""
    ratio = np.divide(-sums, mass, out=np.full(len(mass), np.inf), where=mass > 0)
    chosen: list[int] = np.argsort(ratio, kind="stable")[:size].tolist()
    return chosen


def _ranges(column: LevelColumn, by_level: ByLevel, evidence: Evidence, limits: Limits) -> list[Between]:
    """Return the best half-line and the best interval of bins."""
    if column.bins < 2:
        return []
    inner = by_level[0][None, : column.bins]
    mass, above = by_level[1][None, : column.bins], by_level[2][None, : column.bins]
    found, ends = np.empty((1, 2)), np.empty((1, 2, 2), dtype=np.int64)
    best_intervals(mass, above, inner, limits.rows, evidence.whole, found, ends)
    return [between(column, *ends[0, kind].tolist()) for kind in (0, 1) if ends[0, kind, 1] > 0]


class _Line:
    """The values [m] of one number among some rows, in ascending order, and running sums of mass and excess."""

    def __init__(self, column: LevelColumn, inside: Mask, evidence: Evidence, limits: Limits) -> None:
        values = column.numbers[inside]
        order = np.argsort(values, kind="stable")  # NaN come last
        self.known = int((~np.isnan(values)).sum())
        self.values = values[order[: self.known]]
        self.running = np.concatenate([[0.0], np.cumsum(evidence.terms[inside][order])])
        self.mass = np.arange(len(values) + 1, dtype=np.float64)
        if evidence.weight is not None:
            self.mass[1:] = np.cumsum(evidence.weight[inside][order])
        self.evidence, self.limits, self.whole = evidence, limits, column.whole
        self.steps = np.flatnonzero(self.values[1:] > self.values[:-1]) + 1

    def sharpened(self, one: Between) -> Between:
        """Return the range with each end moved to where it is strongest, the other one held."""
        first = int(np.searchsorted(self.values, one.low)) if np.isfinite(one.low) else 0
        stop = int(np.searchsorted(self.values, one.high)) if np.isfinite(one.high) else self.known
        low, high = one.low, one.high
        for _ in range(2):
            if np.isfinite(high):
                stop = self._best(np.full(len(self.steps), first), self.steps, stop)
                high = self._edge(stop, high)
            if np.isfinite(low):
                first = self._best(self.steps, np.full(len(self.steps), stop), first)
                low = self._edge(first, low)
        return Between(one.name, low, high, one.kind, one.whole)

    def _best(self, first: NDArray[np.int64], stop: NDArray[np.int64], now: int) -> int:
        """Return the place of the strongest cut of those tried, or `now` where none is allowed."""
        rows = stop - first
        excess = self.running[np.maximum(stop, 0)] - self.running[first]
        mass = self.mass[np.maximum(stop, 0)] - self.mass[first]
        allowed = (rows >= self.limits.least) & (rows <= self.limits.most) & (excess > 0)
        if not allowed.any():
            return now
        spread = np.where(allowed, mass * (1 - mass / self.evidence.whole), 1.0)
        worth = np.where(allowed & (spread > 0), excess * excess / spread, -np.inf)
        return int(self.steps[int(worth.argmax())])

    def _edge(self, place: int, now: float) -> float:
        if not 0 < place < self.known:
            return now
        return edge(float(self.values[place - 1]), float(self.values[place]), whole=self.whole)

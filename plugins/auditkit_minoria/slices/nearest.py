"""The conjunction of few plain conditions that comes nearest to a set of rows, and how near that is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit_minoria.features.levels import edge
from auditkit_minoria.slices.conditions import Between, Condition, any_of, between, members

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit_minoria.features.levels import LevelColumn, Levels

    Mask: TypeAlias = NDArray[np.bool_]
    Counts: TypeAlias = NDArray[np.int64]

MOST, MOST_NAMED, LEARNING_ROWS = 3, 8, 50_000
"""Conditions at most, levels named in one at most, and rows to learn from."""
GAIN = 0.01
"""F1 that a condition must add."""
ROUNDS = 4
"""Rounds over the conditions at most."""
EXACT, SIMPLE = 0.98, 0.7
"""F1 from which on a rule is the group, and below which there is no simple rule."""


@dataclass(frozen=True)
class Nearest:
    """A conjunction and its F1 with the rows that it stands for; no conditions where nothing comes near."""

    conditions: tuple[Condition, ...] = ()
    f1: float = 0.0

    @property
    def said(self) -> str:
        """The conditions in words, joined by "and"."""
        return " and ".join(one.in_words() for one in self.conditions)


def f1_of(inside: Mask, rows: Mask) -> float:
    """Return the F1 of one set of rows [n] as a guess of another: 2 both / (one + other)."""
    total = int(inside.sum()) + int(rows.sum())
    return 2 * int((inside & rows).sum()) / total if total else 0.0


def nearest(levels: Levels, rows: Mask, learn: Mask) -> Nearest:
    """Return the conjunction of at most MOST conditions that is nearest to the rows bool [n], learnt from `learn` [n].

    Its F1 is that on all n rows. Two ways lead to it: from nothing, adding the best set or range at a time; and from
    all that the rows have in common (each column's levels and range), dropping what is not needed. A rule that is a
    conjunction of sets and ranges is found by the second.
    """
    places = np.flatnonzero(learn)
    if len(places) > LEARNING_ROWS:
        places = places[np.linspace(0, len(places) - 1, LEARNING_ROWS).astype(np.int64)]
    chosen = np.zeros(len(rows), dtype=np.bool_)
    chosen[places] = True
    part, wanted = levels.rows(chosen), rows[chosen]
    if not 0 < wanted.sum() < len(wanted) or not levels.columns:
        return Nearest()
    ground = _Ground(part, wanted)
    tries = [ground.grown(), ground.stripped()]
    best = max(tries, key=lambda one: ground.f1(one) - GAIN * len(one))
    return Nearest(best, f1_of(members(best, levels.columns, levels.n), rows)) if best else Nearest()


class _Ground:
    """The rows to learn from, and which of them are wanted."""

    def __init__(self, levels: Levels, wanted: Mask) -> None:
        self.levels, self.wanted, self.total = levels, wanted, int(wanted.sum())
        self.by_name = {column.name: column for column in levels.columns}
        self.held: dict[Condition, Mask] = {}

    def holds(self, one: Condition) -> Mask:
        if one not in self.held:
            self.held[one] = one.holds(self.by_name[one.name])
        return self.held[one]

    def inside(self, conditions: Sequence[Condition]) -> Mask:
        found = np.ones(self.levels.n, dtype=np.bool_)
        for one in conditions:
            found &= self.holds(one)
        return found

    def f1(self, conditions: Sequence[Condition]) -> float:
        return f1_of(self.inside(conditions), self.wanted) if conditions else 0.0

    def grown(self) -> tuple[Condition, ...]:
        """Return the conjunction that grows by the condition that raises F1 most, each bettered after every step."""
        chosen: tuple[Condition, ...] = ()
        while len(chosen) < MOST:
            used = {one.name for one in chosen}
            tries = [
                (*chosen, one)
                for column in self.levels.columns
                if column.name not in used
                for one in self.choices(column, chosen)
            ]
            best = max(tries, key=self.f1, default=chosen)
            best = self.bettered(best)
            if self.f1(best) < self.f1(chosen) + GAIN:
                break
            chosen = best
        return chosen

    def stripped(self) -> tuple[Condition, ...]:
        """Return what the wanted rows have in common, without what is not needed."""
        common = [_common(column, self.wanted) for column in self.levels.columns]
        chosen = tuple(one for one in common if one is not None and not self.holds(one).all())
        while chosen:
            tries = [tuple(one for one in chosen if one is not out) for out in chosen]
            best = max(tries, key=self.f1)
            if len(chosen) <= MOST and self.f1(best) < self.f1(chosen) - GAIN:
                break
            if not best:
                break
            chosen = best
        return self.bettered(chosen) if chosen else ()

    def bettered(self, conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
        """Return the conjunction when no condition can be bettered given the others."""
        best, value = conditions, self.f1(conditions)
        for _ in range(ROUNDS):
            before = value
            for name in [one.name for one in best]:
                others = tuple(one for one in best if one.name != name)
                for one in self.choices(self.by_name[name], others):
                    if (better := self.f1((*others, one))) > value:
                        best, value = (*others, one), better
            if value <= before:
                break
        return best

    def choices(self, column: LevelColumn, others: Sequence[Condition]) -> list[Condition]:
        """Return the best set, or ranges, of one column given the others, that a reader can take in."""
        inside = self.inside(others)
        codes, wanted = column.codes[inside], self.wanted[inside]
        rows = np.bincount(codes, minlength=column.count)
        hits = np.bincount(codes[wanted], minlength=column.count)
        if column.kind == "category":
            return _sets(column, rows, hits, self.total)
        return _ranges(column, rows, hits, self.total, values=column.numbers[inside], wanted=wanted)


def _sets(column: LevelColumn, rows: Counts, hits: Counts, total: int) -> list[Condition]:
    """Return the set of highest F1, and the highest of few levels or of all but few.

    F1 = 2 hits / (rows + total) is a ratio of sums, so the best set is one of the levels of largest hits / rows.
    """
    share = np.divide(hits, rows, out=np.full(len(rows), -1.0), where=rows > 0)
    order = np.argsort(-share, kind="stable")[: int((rows > 0).sum())]
    f1 = 2 * np.cumsum(hits[order]) / (np.cumsum(rows[order]) + total)
    size = np.arange(1, len(order) + 1)
    readable = (np.minimum(size, column.count - size) <= MOST_NAMED) & (size < column.count)
    if not readable.any():
        return []
    taken = int(np.where(readable, f1, -1.0).argmax()) + 1
    return [any_of(column, order[:taken].tolist())]


def _ranges(
    column: LevelColumn, rows: Counts, hits: Counts, total: int, *, values: NDArray[np.float64], wanted: Mask
) -> list[Condition]:
    """Return the interval of bins of highest F1, and the same with its ends between any two values."""
    if column.bins < 2:
        return []
    r, h = (np.concatenate([[0], np.cumsum(part[: column.bins])]) for part in (rows, hits))
    f1 = 2 * (h[None, :] - h[:, None]) / np.maximum(r[None, :] - r[:, None] + total, 1)
    first, stop = (int(place) for place in np.unravel_index(int(np.triu(f1, 1).argmax()), f1.shape))
    if (first, stop) == (0, column.bins):
        return []
    coarse = between(column, first, stop)
    order = np.argsort(values, kind="stable")
    return [coarse, _sharpened(coarse, values[order], wanted[order], total)]


def _sharpened(one: Between, values: NDArray[np.float64], wanted: Mask, total: int) -> Between:
    """Return the range with each end where F1 is highest, the other one held; values [m] ascend, NaN last."""
    known = int((~np.isnan(values)).sum())
    steps = np.flatnonzero(values[1:known] > values[: known - 1]) + 1
    if not len(steps):
        return one
    hits = np.concatenate([[0], np.cumsum(wanted)])
    first = int(np.searchsorted(values[:known], one.low)) if np.isfinite(one.low) else 0
    stop = int(np.searchsorted(values[:known], one.high)) if np.isfinite(one.high) else known

    def moved(low: NDArray[np.int64] | int, high: NDArray[np.int64] | int) -> int:
        size = np.asarray(high) - np.asarray(low)
        f1 = np.where(size > 0, 2 * (hits[high] - hits[low]) / np.maximum(size + total, 1), -1.0)
        return int(steps[int(f1.argmax())])

    for _ in range(2):
        stop = moved(first, steps) if np.isfinite(one.high) else stop
        first = moved(steps, stop) if np.isfinite(one.low) else first

    def end(place: int, now: float) -> float:
        inner = 0 < place < known and np.isfinite(now)
        return edge(float(values[place - 1]), float(values[place]), whole=one.whole) if inner else now

    return replace(one, low=end(first, one.low), high=end(stop, one.high))


def _common(column: LevelColumn, wanted: Mask) -> Condition | None:
    """Return the levels, or the range, that the wanted rows have; None where a reader could not take it in."""
    codes = column.codes[wanted]
    if column.kind == "category":
        found = any_of(column, np.unique(codes).tolist())
        return found if min(len(found.levels), len(found.others)) <= MOST_NAMED else None
    if (codes >= column.bins).any():
        return None
    first, stop = int(codes.min()), int(codes.max()) + 1
    return between(column, first, stop) if (first, stop) != (0, column.bins) else None

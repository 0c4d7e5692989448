"""The best cut of each of many groups in two rates: a search that ends with a proof, or says how far off it may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit_repairs.curves.range_max import RangeMax

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

ROUNDING = 1e-12
AT_ONCE = 1024
"""Boxes that are split in one round."""
MOST_BOXES = 1_000_000
"""Boxes after which the search stops without a proof; real curves need thousands."""


@dataclass(frozen=True, eq=False)
class Boxes:
    """Ranges that the smallest rate of all groups may lie in: `low` and `high` [b, 2], one column for each rate.

    `place` [b, g] are the best cuts of each group on its own among those in reach of the box, and `bound` [b] the sum
    of their values: no cuts whose smallest rates lie in the box are worth more. It is -inf where a group has no cut.
    """

    low: Floats
    high: Floats
    place: Places
    bound: Floats

    def take(self, rows: Places) -> Boxes:
        """Return some of the boxes."""
        return Boxes(self.low[rows], self.high[rows], self.place[rows], self.bound[rows])


@dataclass(frozen=True, eq=False, kw_only=True)
class Groups:
    """The curves that are searched: two rates [g][m + 1, 2], ascending, the values of cuts, and the gap allowed."""

    rates: Sequence[Floats]
    worth: Sequence[RangeMax]
    gap: float

    def boxes(self, low: Floats, high: Floats) -> Boxes:
        """Return the boxes with what is best in reach of each: every rate in [low, high + gap]."""
        place = np.empty((len(low), len(self.rates)), dtype=np.intp)
        bound = np.zeros(len(low))
        for i, (rate, worth) in enumerate(zip(self.rates, self.worth, strict=True)):
            place[:, i] = worth.place(*within(rate, low, high + self.gap))
            bound += np.where(place[:, i] < 0, -np.inf, worth.value[place[:, i]])
        return Boxes(low, high, place, bound)

    def spans(self, place: Places) -> tuple[Floats, Floats]:
        """Return the smallest and the largest of each rate over the groups at some cuts [b, g], [b, 2] each."""
        at = np.stack([rate[place[:, i]] for i, rate in enumerate(self.rates)])
        return at.min(axis=0), at.max(axis=0)


@dataclass(frozen=True, kw_only=True)
class Found:
    """The place of each group's cut, and how much more than them the best cuts may be worth: 0 where it is proven."""

    places: tuple[int, ...]
    short: float = 0.0


def best_in_two_rates(
    rates: Sequence[Floats], worth: Sequence[Floats], gap: float, *, most: int = MOST_BOXES
) -> Found:
    """Return the cuts whose two rates [m + 1, 2] lie within `gap` of each other, and whose values [m + 1] sum highest.

    Branch and bound. Where the smallest rates of all groups lie in a box, every group's rates lie in [low, high + gap],
    and each group's best cut in there is worth at least what it adds to the best cuts. If those lie within the gap, the
    box is done; otherwise the rate that they differ in most is split between their smallest and their largest less the
    gap, so that neither half has them again. Boxes of the highest bound go first, cuts within the gap are looked for in
    every box, and a box whose bound is no higher than the best so far is left.
    """
    groups = Groups(rates=rates, worth=[RangeMax.of(value) for value in worth], gap=gap)
    rounding = ROUNDING * sum(float(np.abs(value).max()) for value in worth)
    best = groups.boxes(np.zeros((1, 2)), np.full((1, 2), -gap))  # nobody is selected: both rates are 0
    boxes, tried = groups.boxes(np.zeros((1, 2)), np.ones((1, 2))), 1
    while len(boxes.bound) and tried < most:
        order = np.argsort(-boxes.bound, kind="stable")
        first, rest = boxes.take(order[:AT_ONCE]), boxes.take(order[AT_ONCE:])
        smallest, largest = groups.spans(first.place)
        middle = np.clip((smallest + largest - gap) / 2, first.low, first.high)
        excess = largest - smallest - gap
        open_ = np.flatnonzero((excess > 4 * ROUNDING).any(axis=1))
        best = _best(best, first.take(np.setdiff1d(np.arange(len(first.bound)), open_)))
        best = _best(best, groups.boxes(middle, middle))
        halves = groups.boxes(*_halves(first.take(open_), excess[open_], middle[open_]))
        boxes = _joined(rest, halves)
        boxes = boxes.take(np.flatnonzero(boxes.bound > best.bound[0] + rounding))
        tried += len(halves.bound)
    short = float(boxes.bound.max() - best.bound[0]) if len(boxes.bound) else 0.0
    return Found(places=tuple(best.place[0].tolist()), short=short)


def _best(best: Boxes, candidates: Boxes) -> Boxes:
    """Return the one of the highest bound, the best so far where none is higher."""
    if len(candidates.bound) == 0 or candidates.bound.max() <= best.bound[0]:
        return best
    return candidates.take(np.array([candidates.bound.argmax()]))


def _halves(boxes: Boxes, excess: Floats, middle: Floats) -> tuple[Floats, Floats]:
    """Return `low` and `high` [2 b, 2] of the halves of every box, split in the rate furthest beyond the gap."""
    at = np.arange(len(excess)), excess.argmax(axis=1)
    below, above = boxes.high.copy(), boxes.low.copy()
    below[at] = above[at] = middle[at]
    return np.concatenate((boxes.low, above)), np.concatenate((below, boxes.high))


def _joined(first: Boxes, second: Boxes) -> Boxes:
    names = ("low", "high", "place", "bound")
    return Boxes(*(np.concatenate((getattr(first, name), getattr(second, name))) for name in names))


def within(rate: Floats, low: Floats, high: Floats) -> tuple[Places, Places]:
    """Return where a group's cuts begin and end, intp [b] each, whose every rate [m + 1, r] lies in [low, high] [b, r].

    Rates ascend with the cuts, so that those in range are neighbours.
    """
    columns = range(rate.shape[1])
    first = [np.searchsorted(rate[:, r], low[:, r] - ROUNDING, side="left") for r in columns]
    last = [np.searchsorted(rate[:, r], high[:, r] + ROUNDING, side="right") for r in columns]
    return np.maximum.reduce(first), np.minimum.reduce(last)

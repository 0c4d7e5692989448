"""Greedy maximisation of a set function under a budget: naive, lazy and stochastic, ties to the lowest index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np

from auditkit import UsageError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

BOUNDED, EVALUATED = 256, 16
"""Candidates that lazy greedy bounds anew, or evaluates, together."""


class Objective(Protocol):
    """A set function of items 0..n-1 that grows by one item at a time."""

    submodular: bool

    def __len__(self) -> int:
        """Return n."""

    def gains(self, items: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return what each of the items would add to the present set, float64 [m]."""

    def bounds(self, items: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return upper bounds of the gains that cost little, float64 [m]; inf where there are none."""

    def search(self, left: NDArray[np.bool_], bounds: NDArray[np.float64]) -> tuple[int, int] | None:
        """Return the best item that is left and the gains it took to find it, or None if bounds and gains find it."""

    def add(self, item: int) -> float:
        """Take the item in and return what it added."""


@dataclass(frozen=True, eq=False)
class Selection:
    """Items in the order they were taken, intp [k], what each added, float64 [k], and gains evaluated."""

    items: NDArray[np.intp]
    gains: NDArray[np.float64]
    evaluations: int

    @property
    def value(self) -> float:
        """The objective's value of the items."""
        return float(self.gains.sum())


Pick: TypeAlias = Callable[[Objective, "NDArray[np.bool_]"], "tuple[int, int]"]


def naive_greedy(objective: Objective, budget: int, *, candidates: ArrayLike | None = None) -> Selection:
    """Return min(budget, candidates) items, each the best of all that are left."""

    def pick(objective: Objective, left: NDArray[np.bool_]) -> tuple[int, int]:
        items = np.flatnonzero(left)
        return int(items[np.argmax(objective.gains(items))]), len(items)

    return _grow(objective, budget, candidates, pick)


def lazy_greedy(objective: Objective, budget: int, *, candidates: ArrayLike | None = None) -> Selection:
    """Return the items that naive greedy returns, evaluating only those whose old gain could still win.

    Minoux, 1978. Where the objective is not submodular an old gain bounds nothing, and all are evaluated.
    """
    if not objective.submodular:
        return naive_greedy(objective, budget, candidates=candidates)
    return _grow(objective, budget, candidates, _Stale(len(objective)))


def stochastic_greedy(
    objective: Objective,
    budget: int,
    *,
    candidates: ArrayLike | None = None,
    rng: np.random.Generator,
    epsilon: float = 0.1,
) -> Selection:
    """Return items, each the best of a fresh sample of (n / budget) log(1 / epsilon) that are left.

    In expectation within 1 - 1/e - epsilon of the best (Mirzasoleiman et al., Lazier than lazy greedy, 2015).
    """
    total = len(objective) if candidates is None else len(np.unique(np.asarray(candidates)))
    size = int(np.ceil(total / max(budget, 1) * np.log(1 / epsilon)))

    def pick(objective: Objective, left: NDArray[np.bool_]) -> tuple[int, int]:
        items = np.flatnonzero(left)
        sample = np.sort(rng.choice(items, size=min(max(size, 1), len(items)), replace=False))
        return int(sample[np.argmax(objective.gains(sample))]), len(sample)

    return _grow(objective, budget, candidates, pick)


class _Stale:
    """Picks the best item by upper bounds: gains of earlier steps, then cheap bounds, then gains, highest first."""

    def __init__(self, n: int) -> None:
        self._bound = np.full(n, np.inf)

    def __call__(self, objective: Objective, left: NDArray[np.bool_]) -> tuple[int, int]:
        bound = self._bound
        found = objective.search(left, bound)
        if found is not None:
            return found
        bound[~left] = -np.inf
        open_, bounded = left.copy(), np.zeros(len(left), dtype=np.bool_)
        best, gain, evaluated = -1, -np.inf, 0
        while True:
            hopes = np.where(open_, bound, -np.inf)
            items = self._highest(hopes, EVALUATED, gain=gain, best=best)
            if len(items) == 0:
                return best, evaluated
            if not bounded[items].all():
                wider = self._highest(hopes, BOUNDED, gain=gain, best=best)
                loose = wider[~bounded[wider]]
                bound[loose] = np.minimum(bound[loose], objective.bounds(loose))
                bounded[loose] = True
                continue
            fresh = objective.gains(items)
            bound[items] = fresh
            open_[items] = False
            evaluated += len(items)
            top = int(np.argmax(fresh))
            if (fresh[top], -items[top]) > (gain, -best):
                best, gain = int(items[top]), float(fresh[top])

    @staticmethod
    def _highest(bound: NDArray[np.float64], batch: int, *, gain: float, best: int) -> NDArray[np.intp]:
        """Return, ascending, the items of the highest bounds that may still win; all unknown ones together."""
        items = np.flatnonzero(bound >= gain) if best >= 0 else np.flatnonzero(bound > -np.inf)
        items = items[(bound[items] > gain) | (items < best)]
        values = bound[items]
        unknown = np.isposinf(values)
        if unknown.any():
            return items[unknown]
        if len(items) <= batch:
            return items
        cut = np.partition(values, len(values) - batch)[len(values) - batch]
        highest: NDArray[np.intp] = items[values >= cut]
        return highest


def _grow(objective: Objective, budget: int, candidates: ArrayLike | None, pick: Pick) -> Selection:
    """Return the selection that a rule makes, one item per step."""
    if budget < 1:
        message = f"a selection needs a budget of at least 1, got {budget}"
        raise UsageError(message)
    left = np.zeros(len(objective), dtype=np.bool_)
    left[slice(None) if candidates is None else np.asarray(candidates, dtype=np.intp)] = True
    items, gains, evaluations = [], [], 0
    for _ in range(min(budget, int(left.sum()))):
        item, evaluated = pick(objective, left)
        gains.append(objective.add(item))
        items.append(item)
        left[item] = False
        evaluations += evaluated
    return Selection(np.array(items, dtype=np.intp), np.array(gains), evaluations)

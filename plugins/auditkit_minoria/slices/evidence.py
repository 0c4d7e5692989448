"""How much a set of rows stands out, less what finding the best of so many rules of its shape is worth by chance."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import comb, lgamma, log
from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.kernels.cubes import strength
from auditkit_minoria.slices.conditions import AnyOf, Between, Condition, Missing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit_minoria.features.levels import LevelColumn


@dataclass(frozen=True, eq=False)
class Evidence:
    """The excess float64 [n] of each row's loss over the mean, or what is left of it; `variance` that of the losses.

    The evidence for a set of rows is z^2 - 2 log(M): z^2 = excess^2 / (variance rows (1 - rows / n)) is the square of
    the score statistic against the other rows, and M counts the rules of the same shape (these columns' kinds of
    condition, any columns). As P(|z| > x) is about exp(-x^2 / 2), evidence of 0 is what the best of M rules without
    any effect reaches (Bonferroni).
    """

    excess: NDArray[np.float64]
    variance: float

    @classmethod
    def of(cls, loss: NDArray[np.float64]) -> Evidence:
        """Return the evidence of losses [n]; without spread nothing stands out."""
        return cls(loss - loss.mean(), max(float(loss.var()), np.finfo(np.float64).tiny))

    @property
    def n(self) -> int:
        """Rows in all."""
        return len(self.excess)

    @cached_property
    def flat(self) -> bool:
        """Whether no row's loss differs from another's."""
        return bool((self.excess == self.excess[:1]).all())

    def z2(self, members: NDArray[np.bool_]) -> float:
        """Return the square of the score statistic of the members [n], 0 where they fare no worse."""
        rows = float(members.sum())
        return float(strength(rows, float(self.excess[members].sum()), float(self.n))) / self.variance

    def without(self, members: NDArray[np.bool_]) -> Evidence:
        """Return what is left once the members' mean excess is explained."""
        left = self.excess.copy()
        if members.any():
            left[members] -= left[members].mean()
        return Evidence(left, self.variance)


def log_choices(n: int, k: int) -> float:
    """Return log of n choose k."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def set_price(levels: int, size: int) -> float:
    """Return 2 log of the sets of so many of the levels."""
    return 2 * log_choices(levels, size)


def ray_price(bins: int) -> float:
    """Return 2 log of the half-lines of bins: from each inner edge upwards or downwards."""
    return 2 * log(max(2 * (bins - 1), 1))


def interval_price(bins: int) -> float:
    """Return 2 log of the intervals of bins."""
    return 2 * log(max(comb(bins, 2), 1))


def columns_price(d: int, k: int) -> float:
    """Return 2 log of the choices of k of d columns."""
    return 2 * log_choices(d, k)


def price(conditions: Sequence[Condition], columns: Sequence[LevelColumn]) -> float:
    """Return 2 log(M) of a conjunction of conditions on these columns, M counting the rules of its shape."""
    by_name = {column.name: column for column in columns}
    return columns_price(len(columns), len(conditions)) + sum(
        condition_price(one, by_name[one.name]) for one in conditions
    )


def condition_price(condition: Condition, column: LevelColumn) -> float:
    """Return 2 log of the conditions of this kind and size on the column."""
    match condition:
        case AnyOf(levels=levels):
            return set_price(column.count, min(len(levels), column.count))
        case Between(low=low, high=high):
            one_sided = np.isinf(low) or np.isinf(high)
            return ray_price(column.bins) if one_sided else interval_price(column.bins)
        case Missing():
            return set_price(column.count, 1)
    message = f"no price is known for {type(condition).__name__}"
    raise TypeError(message)

"""What finding the best of so many rules of a shape is worth by chance: the price of its evidence."""

from __future__ import annotations

from math import comb, lgamma, log
from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.slices.conditions import AnyOf, Between, Condition, Missing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit_minoria.features.levels import LevelColumn


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

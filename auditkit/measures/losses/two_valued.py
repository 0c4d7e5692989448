"""A loss of two values is a rate: of the rows that have the larger one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def two_values(values: NDArray[np.float64]) -> tuple[float, float] | None:
    """Return the smaller and the larger value of float64 [n], if it has these two and no other, else None.

    A gap of means is then (larger - smaller) times the gap of the rates of the larger value, which has
    `exact_difference` in place of Welch's test: normal it is not, where one value is rare.
    """
    if not len(values):
        return None
    low, high = float(values.min()), float(values.max())
    return (low, high) if low < high and bool(((values == low) | (values == high)).all()) else None

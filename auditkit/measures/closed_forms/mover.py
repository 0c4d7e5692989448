"""The interval of a difference from the interval of each side (MOVER, the method of variance estimates recovery)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Bounds: TypeAlias = tuple[NDArray[np.float64], NDArray[np.float64]]


def hybrid(
    value1: ArrayLike,
    low1: ArrayLike,
    high1: ArrayLike,
    value2: ArrayLike,
    low2: ArrayLike,
    high2: ArrayLike,
) -> Bounds:
    """Return the interval of value1 - value2 from the interval of each, if the two are independent.

    Zou and Donner, Statistics in Medicine 27, 2008, equation 5 (MOVER).
    """
    v1, l1, h1 = np.asarray(value1), np.asarray(low1), np.asarray(high1)
    v2, l2, h2 = np.asarray(value2), np.asarray(low2), np.asarray(high2)
    gap = v1 - v2
    return gap - np.hypot(v1 - l1, h2 - v2), gap + np.hypot(h1 - v1, v2 - l2)

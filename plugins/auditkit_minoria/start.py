"""The start that every search with a loss includes: the direction that tells the worst rows from the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

RIDGE = 1e-6
"""Share of the mean variance added to each, for one-hot blocks, whose columns sum to a constant."""


def whitened_difference(points: NDArray[np.float64], worst: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the linear discriminant [d] of the worst rows: whitened difference of the means, a unit vector.

    points is float64 [n, d], worst bool [n]. Zero if one side is empty or the means agree.
    """
    n, d = points.shape
    if not 0 < worst.sum() < n:
        return np.zeros(d)
    inside, outside = points[worst], points[~worst]
    apart = inside.mean(axis=0) - outside.mean(axis=0)
    within = (_scatter(inside) + _scatter(outside)) / n
    size = float(np.trace(within) + apart @ apart)
    if size == 0:
        return np.zeros(d)
    within = within + np.eye(d) * (RIDGE * size / d)
    return unit(np.linalg.solve(within, apart))


def _scatter(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum over rows of the outer products of what is off the mean, [d, d]."""
    off = points - points.mean(axis=0)
    scatter: NDArray[np.float64] = off.T @ off
    return scatter


def unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the vectors [..., d] at length 1; those that are zero stay zero."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: NDArray[np.float64] = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
    return scaled

"""Quantiles of the normal distribution and of Student's t, over whole arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.special import ndtri, stdtrit

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def normal_quantile(confidence: float) -> float:
    """Return z such that a standard normal lies in [-z, z] with this confidence."""
    return -float(ndtri((1.0 - confidence) / 2.0))


def student_quantile(confidence: ArrayLike, degrees: ArrayLike) -> NDArray[np.float64]:
    """Return t such that Student's t of `degrees` [...], perhaps infinite, lies in [-t, t] with this confidence."""
    known, level = np.asarray(degrees, dtype=np.float64), (1.0 - np.asarray(confidence)) / 2.0
    finite, normal = np.isfinite(known), -ndtri(level)
    if not finite.any():
        return np.broadcast_to(normal, np.broadcast_shapes(normal.shape, known.shape))
    return np.where(finite, -stdtrit(np.where(finite, known, 1.0), level), normal)

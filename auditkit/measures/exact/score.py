"""Wilson's score bound of a proportion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def score_bound(x: ArrayLike, n: ArrayLike, z: ArrayLike) -> NDArray[np.float64]:
    """Return the rate z standard errors, taken at that rate, below x / n; above it for negative z."""
    x, n, z = (np.asarray(part, dtype=np.float64) for part in (x, n, z))
    spread = np.divide(x * (n - x), n, out=np.zeros(np.broadcast(x, n).shape), where=n > 0)
    # x may exceed an effective n by a rounding error.
    spread = np.sqrt(np.maximum(spread, 0.0) + z * z / 4.0)
    middle = x + z * z / 2.0 - z * spread
    total = n + z * z
    bound = np.divide(middle, total, out=np.zeros_like(spread), where=total > 0)
    # All successes give 1 only up to rounding, and a bound of 1 - 1e-16 would exclude the truth.
    bound = np.where((x >= n) & (z <= 0), 1.0, bound)
    return np.clip(bound, 0.0, 1.0)

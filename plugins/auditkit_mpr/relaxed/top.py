"""The k largest of n numbers: the similarity ranking itself, and the linear oracle of every relaxation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def top(values: NDArray[Any], k: int) -> NDArray[np.int64]:
    """Return the indices [k] of the largest values [n], largest first; among equals the lower index goes first."""
    n = len(values)
    if k >= n:
        return np.argsort(-values, kind="stable")[:k]
    edge = np.partition(values, n - k)[n - k]
    above = np.flatnonzero(values > edge)
    at = np.flatnonzero(values == edge)[: k - len(above)]
    chosen = np.sort(np.concatenate([above, at]))
    return chosen[np.argsort(-values[chosen], kind="stable")]


def top_sum(values: NDArray[Any], k: int) -> float:
    """Return the sum of the k largest values."""
    return float(np.partition(values, len(values) - k)[len(values) - k :].sum())

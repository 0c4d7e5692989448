"""How much two classes share of a line: histograms on common bins and their intersection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def histogram(values: Floats, edges: Floats) -> Floats:
    """Return the share of the values in each bin, float64 [bins], sum 1; values outside count at the ends."""
    inside = np.clip(values, edges[0], edges[-1])
    counts = np.histogram(inside, bins=edges)[0]
    return np.asarray(counts / len(values), dtype=np.float64)


def overlap(first: Floats, second: Floats) -> Floats:
    """Return the sum over bins of the smaller share, [...], of histograms [..., bins]: 1 if equal, 0 if apart.

    Supplement, section E, `histogram_intersection`.
    """
    return np.asarray(np.minimum(first, second).sum(axis=-1), dtype=np.float64)


def common_edges(values: Floats, bins: int) -> Floats:
    """Return bins + 1 equally spaced edges from the least to the largest value."""
    low, high = float(values.min()), float(values.max())
    if low == high:  # a bin needs a width
        low, high = low - 0.5, high + 0.5
    return np.linspace(low, high, bins + 1)

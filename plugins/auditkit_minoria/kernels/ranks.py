"""Machine code for order statistics of values that stand for several rows each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit_minoria.kernels.compiled import compiled

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Counts = NDArray[np.int64]

SHORT = 12
"""Stretches up to this length are sorted by insertion."""


@compiled
def select(values: Floats, weights: Counts, count: int, rank: int) -> float:
    """Return the value at a rank (from 0) of the first `count` values, each counted `weight` times.

    Quickselect; values and weights are reordered together.
    """
    left, right, before = 0, count - 1, 0
    while right - left > SHORT:
        first, middle, last = values[left], values[(left + right) // 2], values[right]
        pivot = max(min(first, middle), min(max(first, middle), last))
        low, high, weight = partition(values, weights, left, right, pivot)
        # Now [left, high] <= pivot <= [low, right]; at most one element, a copy of the pivot, stands between.
        between = weights[low - 1] if low - high == 2 else 0
        if rank < before + weight - between:
            right = high
        elif rank < before + weight:
            return float(pivot)
        else:
            before += weight
            left = low
    insertion_sort(values, weights, left, right)
    for i in range(left, right):
        before += weights[i]
        if rank < before:
            return float(values[i])
    return float(values[right])


@compiled
def partition(values: Floats, weights: Counts, left: int, right: int, pivot: float) -> tuple[int, int, int]:
    """Reorder [left, right] around the pivot by Hoare's two scans; return (low, high, weight left of low)."""
    low, high, weight = left, right, 0
    while low <= high:
        while values[low] < pivot:
            weight += weights[low]
            low += 1
        while values[high] > pivot:
            high -= 1
        if low <= high:
            values[low], values[high] = values[high], values[low]
            weights[low], weights[high] = weights[high], weights[low]
            weight += weights[low]
            low += 1
            high -= 1
    return low, high, weight


@compiled
def insertion_sort(values: Floats, weights: Counts, left: int, right: int) -> None:
    """Sort [left, right] by value, weights alongside."""
    for i in range(left + 1, right + 1):
        value, weight = values[i], weights[i]
        j = i - 1
        while j >= left and values[j] > value:
            values[j + 1], weights[j + 1] = values[j], weights[j]
            j -= 1
        values[j + 1], weights[j + 1] = value, weight

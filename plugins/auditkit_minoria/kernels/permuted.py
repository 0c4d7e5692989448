"""Machine code for a permutation test: the studentised difference of random parts of the rows to the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.kernels.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Counts = NDArray[np.int64]

LARGEST = 1e300
"""Stands for infinity: a difference between two parts without spread."""


@compiled
def draw_statistics(values: Floats, sizes: Counts, seed: int, found: Floats) -> None:
    """Fill found [draws, g] with the statistics of random parts of the values [n], of each size against the rest.

    A draw is a random order of the values, in place; the part of each size (ascending, each from 2 to n - 2) is its
    front. The parts of one draw are nested, the draws independent.
    """
    n = len(values)
    total, squares = 0.0, 0.0
    for i in range(n):
        total += values[i]
        squares += values[i] * values[i]
    state = np.uint64(seed)
    for draw in range(len(found)):
        part, part_squares, g = 0.0, 0.0, 0
        for i in range(sizes[-1]):
            state, j = below_limit(state, n - i)
            j += i
            values[i], values[j] = values[j], values[i]
            part += values[i]
            part_squares += values[i] * values[i]
            while g < len(sizes) and sizes[g] == i + 1:
                found[draw, g] = studentised(
                    part, part_squares, i + 1, total - part, squares - part_squares, n - i - 1
                )
                g += 1


@compiled
def studentised(sum1: float, squares1: float, n1: int, sum2: float, squares2: float, n2: int) -> float:
    """Return Welch's statistic of two samples from their sums and sums of squares."""
    mean1, mean2 = sum1 / n1, sum2 / n2
    variance1 = max(squares1 - sum1 * mean1, 0.0) / (n1 - 1)
    variance2 = max(squares2 - sum2 * mean2, 0.0) / (n2 - 1)
    error = np.sqrt(variance1 / n1 + variance2 / n2)
    difference = mean1 - mean2
    if error > abs(difference) / LARGEST:
        return float(difference / error)
    return float(np.sign(difference) * LARGEST)


@compiled
def below_limit(state: np.uint64, limit: int) -> tuple[np.uint64, int]:
    """Return the generator's next state and a random number in [0, limit), limit below 2^32.

    SplitMix64 (Steele, Lea and Flood, OOPSLA 2014); the upper 32 bits times the limit, so that numbers differ in
    their chances by less than limit / 2^32.
    """
    state = state + np.uint64(0x9E3779B97F4A7C15)
    mixed = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed = mixed ^ (mixed >> np.uint64(31))
    return state, int(((mixed >> np.uint64(32)) * np.uint64(limit)) >> np.uint64(32))

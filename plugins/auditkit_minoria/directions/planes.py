"""The exact sweep of every pair of features."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.directions.candidates import Candidates
from auditkit_minoria.directions.sweep import sweep, top_of_sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

PAIR_ROWS = 10_000
"""Rows that each plane is swept on, a random sample of more; what is reported is scored on all of them."""
PER_PAIR = 3


def sweep_pairs(
    points: NDArray[np.float64],
    columns: Sequence[int],
    rng: np.random.Generator,
    *,
    separation: float,
    track: Callable[[Iterable[tuple[int, int]], str], Iterable[tuple[int, int]]],
) -> Candidates:
    """Return the PER_PAIR best separated directions of each plane of two of the columns of points [n, d]."""
    sample = points
    if len(points) > PAIR_ROWS:
        sample = points[np.sort(rng.permutation(len(points))[:PAIR_ROWS])]
    directions, skews = [], []
    for first, second in track(list(combinations(columns, 2)), "sweeping pairs"):
        found = sweep(np.ascontiguousarray(sample[:, [first, second]]))
        angles, scores = top_of_sweep(found, top=PER_PAIR, separation=separation)
        for angle, skew in zip(angles.tolist(), scores.tolist(), strict=True):
            direction = np.zeros(points.shape[1])
            direction[[first, second]] = np.cos(angle), np.sin(angle)
            directions.append(direction)
            skews.append(skew)
    return Candidates(np.array(directions).reshape(len(skews), points.shape[1]), np.array(skews))

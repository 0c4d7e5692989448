"""Candidate diversification (paper, 6.1.2): the axes, and again and again the direction farthest from all so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.directions.candidates import Candidates, Ranking
from auditkit_minoria.directions.unit import unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

STARTS = 32
SHARPNESS = (8.0, 32.0, 128.0, 512.0, 2048.0)
"""Of the smooth maximum: each stage starts where the last one, with a rounder maximum, arrived."""
STEPS = 25


def spread(
    points: NDArray[np.float64],
    rng: np.random.Generator,
    *,
    directions: int = 64,
) -> Candidates:
    """Return `directions` unit vectors, or of the axes if there are more of these."""
    ranking = Ranking.of(points, rng)
    spread_out = farthest_directions(points.shape[1], directions, rng)
    return Candidates(spread_out, ranking.skews(spread_out))


def farthest_directions(d: int, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return unit vectors [max(count, d), d]: the axes, then each as far as can be from all before it."""
    chosen = np.eye(d)
    while len(chosen) < count and d > 1:
        chosen = np.concatenate([chosen, farthest(chosen, rng)[None, :]])
    return chosen


def farthest(chosen: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a unit vector [d] of (nearly) least max |p'f| over the chosen p [k, d].

    The paper's program (8), min y with p'f <= y and |f| = 1, with f and -f as one direction. Its constraint
    |f| = 1 is not convex, and with |f| <= 1 the answer would be 0; so the maximum is smoothed and descended
    from many random starts, on the sphere, ever less smoothed.
    """
    at = unit(rng.normal(size=(STARTS, chosen.shape[1])))
    for sharpness in SHARPNESS:
        for _ in range(STEPS):
            cosines = at @ chosen.T
            squares = np.square(cosines)
            weight = np.exp(sharpness * (squares - squares.max(axis=1, keepdims=True)))
            weight /= weight.sum(axis=1, keepdims=True)
            slope = (weight * cosines) @ chosen
            slope -= np.einsum("ij,ij->i", slope, at)[:, None] * at
            at = unit(at - slope * min(0.5, 4 / sharpness))
    nearest: NDArray[np.float64] = np.abs(at @ chosen.T).max(axis=1)
    best: NDArray[np.float64] = at[int(nearest.argmin())]
    return best

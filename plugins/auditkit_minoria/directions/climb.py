"""Climbing (our own): Theorem 3 as a step, from many starts at once, to directions of locally largest |skew|."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.directions.candidates import Candidates, Ranking
from auditkit_minoria.directions.errors import RIDGE, whitened_difference, worst_rows
from auditkit_minoria.directions.unit import unit
from auditkit_minoria.kernels.medians import middle_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float64]

CLIMBING_ROWS = 20_000
STAGES = ((0.4, 2.0, 10), (0.13, 0.5, 10), (0.06, 0.3, 20))
"""Half-width of the window around the median, in standard deviations, length of a step, and number of steps:
wide windows see the shape of the data and not its single rows, narrow ones follow the exact median at the end."""


def climb(
    points: Vectors,
    loss: NDArray[np.float64] | None,
    rng: np.random.Generator,
    *,
    starts: int = 32,
    error_share: float = 0.1,
) -> Candidates:
    """Return where climbs from random directions, the axes and the whitened difference arrive.

    Given a loss, the whitened difference between the worst rows and the rest is the first candidate as it is.
    """
    d = points.shape[1]
    first = None
    begin = [unit(rng.normal(size=(starts, d))), np.eye(d)[rng.permutation(d)[:starts]]]
    if loss is not None:
        first = whitened_difference(points, worst_rows(len(points), loss, share=error_share, rng=rng))
        begin.append(first[None, :])
    ranking = Ranking.of(points, rng)
    sample = points
    if len(points) > CLIMBING_ROWS:
        sample = points[np.sort(rng.permutation(len(points))[:CLIMBING_ROWS])]
    arrived = climbed(sample, np.concatenate(begin))
    return Candidates(arrived, ranking.skews(arrived), first)


def climbed(points: Vectors, directions: Vectors) -> Vectors:
    """Return unit directions [m, d] of higher |skew| than those given [m, d], as far as the steps could lift them.

    In whitened space (mean 0, covariance the identity) |skew| = 3 |m'f| with m the median point, and on the
    region where m stays the median, m / |m| is best (Theorem 3). A step goes a length times the part of m across
    f, m being the mean of the rows in a window around the median, which does not change at every turn of f. Each
    climb gives the best direction that it passed.
    """
    white, root = whitened(points)
    rows = np.ascontiguousarray(white.T, dtype=np.float32)
    steered = unit(directions @ root.T)
    steered = steered[np.any(steered != 0, axis=1)]
    best, height = steered.copy(), np.zeros(len(steered))
    for window, length, steps in STAGES:
        for _ in range(steps):
            medians, middles = _middle_points(rows, steered, window=window)
            risen = np.abs(medians) > height
            best[risen], height[risen] = steered[risen], np.abs(medians[risen])
            across = middles - np.einsum("ij,ij->i", middles, steered)[:, None] * steered
            steered = unit(steered + length * np.sign(medians)[:, None] * across)
    arrived = np.asarray(np.linalg.lstsq(root, best.T, rcond=None)[0].T, dtype=np.float64)
    return unit(arrived)


def _middle_points(
    rows: NDArray[np.float32], directions: Vectors, *, window: float
) -> tuple[Vectors, Vectors]:
    """Return the median of rows [d, n] on each direction [m], and the mean [m, d] of those within the window."""
    projected = directions.astype(np.float32) @ rows
    low, high = np.empty(len(projected), np.float32), np.empty(len(projected), np.float32)
    middle_values(projected, low, high)
    medians = (low + high) / 2
    near = (np.abs(projected - medians[:, None]) <= window).astype(np.float32)
    counts = np.maximum(near.sum(axis=1, dtype=np.float64), 1.0)
    return medians.astype(np.float64), (near @ rows.T).astype(np.float64) / counts[:, None]


def whitened(points: Vectors) -> tuple[Vectors, Vectors]:
    """Return white [n, r] with mean 0 and covariance near the identity, and root [r, d]: centred = white @ root.

    The r directions in which the points vary are kept; one-hot blocks have one less than they have columns.
    A direction f has the same skew as root f has in white space.
    """
    centred = points - points.mean(axis=0)
    covariance = centred.T @ centred / len(points)
    variances, axes = np.linalg.eigh(covariance)
    kept = variances > RIDGE * variances.max(initial=0.0)
    scale = np.sqrt(variances[kept])
    root = (axes[:, kept] * scale).T
    return centred @ (axes[:, kept] / scale), root

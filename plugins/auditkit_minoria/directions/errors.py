"""Directions towards the rows of high loss: focused exploration (paper, Algorithm 3) and a linear discriminant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.directions.candidates import Candidates, Ranking
from auditkit_minoria.directions.unit import unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

RIDGE = 1e-6
"""Share of the mean variance added to each, for one-hot blocks, whose columns sum to a constant."""


def focus(
    points: NDArray[np.float64],
    loss: NDArray[np.float64] | None,
    rng: np.random.Generator,
    *,
    candidates: int = 2000,
    error_share: float = 0.1,
) -> Candidates:
    """Return `candidates` differences of rows of the points [n, d], and the whitened difference.

    `error_share` is the paper's K. Without a loss [n], candidates join random rows, and none is the first.
    """
    worst = worst_rows(len(points), loss, share=error_share, rng=rng)
    directions = differences(points, worst, count=candidates, rng=rng)
    first = None if loss is None else whitened_difference(points, worst)
    return Candidates(directions, Ranking.of(points, rng).skews(directions), first)


def worst_rows(
    n: int, loss: NDArray[np.float64] | None, *, share: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Return which rows are the share of highest loss, ties in random order; random rows without a loss."""
    order = rng.permutation(n)
    if loss is not None:
        order = order[np.argsort(-loss[order], kind="stable")]
    worst = np.zeros(n, dtype=np.bool_)
    worst[order[: max(1, int(np.ceil(share * n)))]] = True
    return worst


def differences(
    points: NDArray[np.float64], worst: NDArray[np.bool_], *, count: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return unit vectors s - t [<= count, d], s from a sample of the worst rows, t of the others."""
    side = max(1, int(np.sqrt(count)))
    inside, outside = (rng.permutation(np.flatnonzero(rows))[:side] for rows in (worst, ~worst))
    vectors = (points[inside][:, None, :] - points[outside][None, :, :]).reshape(-1, points.shape[1])
    return unit(vectors[np.any(vectors != 0, axis=1)])


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

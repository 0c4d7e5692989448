"""Focused exploration (paper, Algorithm 3): directions from ordinary rows towards rows of high loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.candidates import Candidates, Ranking
from auditkit_minoria.start import unit, whitened_difference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


def focus(
    points: NDArray[np.float64],
    loss: NDArray[np.float64] | None,
    rng: np.random.Generator,
    *,
    candidates: int = 2000,
    error_share: float = 0.1,
) -> Iterator[Candidates]:
    """Yield one batch: `candidates` differences of rows of the points [n, d], and the whitened difference.

    `error_share` is the paper's K. Without a loss [n], candidates join random rows, and none is the first.
    """
    worst = worst_rows(len(points), loss, share=error_share, rng=rng)
    directions = differences(points, worst, count=candidates, rng=rng)
    first = None if loss is None else whitened_difference(points, worst)
    yield Candidates(directions, Ranking.of(points, rng).skews(directions), first)


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

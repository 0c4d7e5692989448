"""Directions that a search proposes, and the fast score by which it ranks them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.directions.skew import ROUNDING, skews
from auditkit_minoria.kernels.compiled import Kernel
from auditkit_minoria.kernels.medians import middle_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

RANKING_ROWS = 20_000
"""Rows that rank directions: a sample of more gives |skew| to some 0.03, enough to choose a shortlist from."""
CELLS_AT_ONCE = 1 << 20
"""Projections held at a time, 4 MB: they stay in the processor's cache."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """Unit directions [m, d] and the skew by which they are ranked, [m], perhaps from a sample of the rows.

    A `first` one is tried before all others, whatever its skew.
    """

    directions: NDArray[np.float64]
    skews: NDArray[np.float64]
    first: NDArray[np.float64] | None = None


@dataclass(frozen=True, eq=False)
class Ranking:
    """Points, centred, as float32 [d, n], and their covariance float64 [d, d]: all that a skew needs."""

    columns: NDArray[np.float32]
    covariance: NDArray[np.float64]

    @classmethod
    def of(cls, points: NDArray[np.float64], rng: np.random.Generator) -> Ranking:
        """Return the ranking of points [n, d], or of a random RANKING_ROWS of them."""
        if len(points) > RANKING_ROWS:
            points = points[np.sort(rng.permutation(len(points))[:RANKING_ROWS])]
        centred = points - points.mean(axis=0)
        return cls(np.ascontiguousarray(centred.T, dtype=np.float32), centred.T @ centred / len(points))

    def skews(self, directions: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the skew [m] on each direction [m, d], to some six digits.

        On points with mean 0, a direction divided by its standard deviation has skew -3 median.
        """
        _d, n = self.columns.shape
        variance = np.einsum("ij,jk,ik->i", directions, self.covariance, directions)
        level = np.square(directions) @ np.diagonal(self.covariance)
        spread = variance > ROUNDING * level
        scaled = directions / np.sqrt(np.where(spread, variance, np.inf))[:, None]
        singles = scaled.astype(np.float32)
        low, high = np.empty(len(directions), np.float32), np.empty(len(directions), np.float32)
        step = max(1, CELLS_AT_ONCE // n)
        projected = np.empty((min(step, len(directions)), n), np.float32)
        for start in range(0, len(directions), step):
            stop = min(start + step, len(directions))
            rows = np.dot(singles[start:stop], self.columns, out=projected[: stop - start])
            middle_values(rows, low[start:stop], high[start:stop])
        found: NDArray[np.float64] = -1.5 * (low.astype(np.float64) + high.astype(np.float64))
        return np.clip(np.where(spread, found, 0.0), -3.0, 3.0)


def scored_on_all(
    points: NDArray[np.float64], directions: NDArray[np.float64], rough: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the skew on all points where the rough one came from a sample of them, else the rough one."""
    return skews(points, directions) if len(points) > RANKING_ROWS else rough


def joined(*batches: Candidates) -> Candidates:
    """Return one batch of all candidates; the last batch's first one is the first."""
    return Candidates(
        np.concatenate([batch.directions for batch in batches]),
        np.concatenate([batch.skews for batch in batches]),
        batches[-1].first,
    )


def ranking_kernel() -> Kernel:
    """Return the machine code of the ranking, and a small call that makes it."""

    def first_call() -> NDArray[np.float64]:
        rng = np.random.default_rng(0)
        return Ranking.of(rng.normal(size=(30, 2)), rng).skews(np.eye(2))

    return Kernel(middle_values, first_call)

"""A reference population in the form that every measure of representation needs: rows, shares, moments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats

BLOCK = 65_536
"""Rows turned to float64 at a time, so that a million rows of bytes stay bytes."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Population:
    """Who should be represented: rows [m, l], the share of each [m] that sums to 1, and how many rows it counts for.

    `size` is the m of the formulas: the number of rows of a table, however weighted, so that only the ratio of
    the weights matters; for shares that somebody typed, the number of rows they stand for.
    """

    rows: NDArray[Any]
    shares: Floats
    size: float
    mean: Floats
    second: Floats

    @property
    def effective(self) -> float:
        """Kish's effective number of rows, 1 / sum of squared shares, at most `size`."""
        return min(self.size, float(1 / np.square(self.shares).sum()))


def population(
    rows: NDArray[Any], weights: NDArray[Any] | None = None, *, size: float | None = None
) -> Population:
    """Return the population of these rows [m, l], each counted by its weight [m], or once.

    `mean` [l] and `second` [l, l] are the weighted means of x and of x x'.
    """
    m = len(rows)
    shares = (
        np.full(m, 1 / m)
        if weights is None
        else np.asarray(weights, dtype=np.float64) / float(np.sum(weights))
    )
    return Population(
        rows=rows,
        shares=shares,
        size=float(m if size is None else size),
        mean=_weighted_sum(rows, shares),
        second=gram(rows, shares),
    )


def gram(rows: NDArray[Any], weights: Floats | None = None) -> Floats:
    """Return X'X [l, l], or X' diag(weights) X, summed in float64 whatever the type of the rows [n, l]."""
    width = rows.shape[1]
    total = np.zeros((width, width))
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK].astype(np.float64)
        total += block.T @ (block if weights is None else block * weights[start : start + BLOCK, None])
    return total


def _weighted_sum(rows: NDArray[Any], weights: Floats) -> Floats:
    total = np.zeros(rows.shape[1])
    for start in range(0, len(rows), BLOCK):
        total += weights[start : start + BLOCK] @ rows[start : start + BLOCK].astype(np.float64)
    return total

"""MPR over the unit ball of a reproducing-kernel Hilbert space: the maximum mean discrepancy (Prop. 6).

The squared value is mean k(R, R) - 2 mean k(R, C) + mean k(C, C). The paper's eq. 53 divides the last sum by
n^2; it must be m^2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from auditkit import UsageError
from auditkit_mpr.classes.linear import LinearClass

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.reference.population import Population

Kernel = Literal["rbf", "linear_kernel", "polynomial"]
BLOCK = 2_048
MAX_DISTINCT = 2_000
"""A kernel is written out exactly as features of the distinct rows, which may be this many."""


def kernel_named(name: Kernel, *, width: float = 1.0, degree: int = 2) -> Callable[[Floats, Floats], Floats]:
    """Return k(x, y) for rows [p, l] and [q, l] as a matrix [p, q].

    rbf is exp(-|x - y|^2 / (2 width^2)), linear_kernel x.y, polynomial (1 + x.y)^degree.
    """

    def rbf(left: Floats, right: Floats) -> Floats:
        squares = np.square(left).sum(axis=1)[:, None] + np.square(right).sum(axis=1) - 2 * left @ right.T
        found: Floats = np.exp(-np.maximum(squares, 0.0) / (2 * width * width))
        return found

    def linear(left: Floats, right: Floats) -> Floats:
        found: Floats = left @ right.T
        return found

    def polynomial(left: Floats, right: Floats) -> Floats:
        found: Floats = (1.0 + left @ right.T) ** degree
        return found

    return {"rbf": rbf, "linear_kernel": linear, "polynomial": polynomial}[name]


def mmd(
    kernel: Callable[[Floats, Floats], Floats], chosen: NDArray[Any], reference: Population
) -> tuple[float, Floats]:
    """Return the discrepancy of the chosen rows [k, l] from the reference, and its witness on the reference [m].

    The witness is (mean k(R, y) - mean k(C, y)) / value, of unit norm; zeros where the value is 0.
    """
    retrieved = np.asarray(chosen, dtype=np.float64)
    rows = np.asarray(reference.rows, dtype=np.float64)
    towards = kernel(retrieved, rows).mean(axis=0)
    within = np.concatenate(
        [kernel(rows[start : start + BLOCK], rows) @ reference.shares for start in range(0, len(rows), BLOCK)]
    )
    square = kernel(retrieved, retrieved).mean() - 2 * towards @ reference.shares + within @ reference.shares
    value = float(np.sqrt(max(float(square), 0.0)))
    witness: Floats = (towards - within) / value if value > 0 else np.zeros(len(rows))
    return value, witness


def median_width(rows: NDArray[Any], *, sample: int = 500) -> float:
    """Return the median distance between evenly spaced rows [m, l], the usual width of an RBF kernel, or 1."""
    picked = np.asarray(rows[:: max(1, len(rows) // sample)], dtype=np.float64)
    squares = np.square(picked).sum(axis=1)
    apart = squares[:, None] + squares - 2 * picked @ picked.T
    distances = np.sqrt(np.maximum(apart[np.triu_indices(len(picked), 1)], 0.0))
    positive = distances[distances > 1e-12]
    return float(np.median(positive)) if len(positive) else 1.0


def kernel_ball(kernel: Kernel, items: NDArray[Any], population: Population) -> LinearClass:
    """Return the ball on items [n, l] as linear functions of features; `directions` are the reference's rows in these.

    With K = V diag(w) V' over the distinct rows, the rows of V sqrt(w) have exactly the kernel's inner products. Raises
    UsageError where they are too many.
    """
    both = np.concatenate(
        [np.asarray(items, dtype=np.float64), np.asarray(population.rows, dtype=np.float64)]
    )
    distinct, which = np.unique(both, axis=0, return_inverse=True)
    if len(distinct) > MAX_DISTINCT:
        message = (
            f"class of a kernel: {len(distinct):,} distinct rows of attributes are too many (at most "
            f"{MAX_DISTINCT:,}); use fewer attributes or coarser groups"
        )
        raise UsageError(message)
    function = kernel_named(kernel, width=median_width(np.asarray(population.rows, dtype=np.float64)))
    values, vectors = np.linalg.eigh(function(distinct, distinct))
    kept = values > max(float(values[-1]), 0.0) * 1e-12
    features = (vectors[:, kept] * np.sqrt(values[kept]))[which.reshape(-1)]
    n = len(items)
    return LinearClass(
        directions=features[n:],
        items=features[:n],
        target=population.shares @ features[n:],
        size=np.inf,
        intercept=False,
        unscaled=True,
    )

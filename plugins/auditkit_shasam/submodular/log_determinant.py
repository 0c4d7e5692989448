"""Log-determinant f(A) = log det(S_A + ridge I) and its information measures, each a few Cholesky factors.

The ridge keeps f finite where rows repeat or outnumber their dimensions (det S_A = 0); it is part of the
function, not a correction to it. Everything is float64. SHaSaM, Table 1 and equations 25-29, of which 24, 25 (line 2)
and 26 are misprinted; the definition is computed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

RIDGE = 0.1


def value(kernel: NDArray[np.float64], items: ArrayLike, *, ridge: float = RIDGE) -> float:
    """Return f(A) in nats for the items of a kernel [n, n]; items are a set, so a repeated one counts once."""
    index = np.unique(np.asarray(items, dtype=np.intp))
    if index.size == 0:
        return 0.0
    block = kernel[np.ix_(index, index)] + ridge * np.eye(len(index))
    return float(2.0 * np.log(np.diag(np.linalg.cholesky(block))).sum())


def mutual_information(
    kernel: NDArray[np.float64], items: ArrayLike, query: ArrayLike, *, ridge: float = RIDGE
) -> float:
    """Return I_f(A; Q) = f(A) + f(Q) - f(A u Q)."""
    return conditional_mutual_information(kernel, items, query, given=(), ridge=ridge)


def conditional_gain(
    kernel: NDArray[np.float64], items: ArrayLike, given: ArrayLike, *, ridge: float = RIDGE
) -> float:
    """Return H_f(A | P) = f(A u P) - f(P)."""
    return value(kernel, _union(items, given), ridge=ridge) - value(kernel, given, ridge=ridge)


def conditional_mutual_information(
    kernel: NDArray[np.float64],
    items: ArrayLike,
    query: ArrayLike,
    *,
    given: ArrayLike,
    ridge: float = RIDGE,
) -> float:
    """Return I_f(A; Q | P) = f(A u P) + f(Q u P) - f(A u Q u P) - f(P)."""
    first, second = _union(items, given), _union(query, given)
    shared = value(kernel, first, ridge=ridge) + value(kernel, second, ridge=ridge)
    return shared - value(kernel, _union(first, second), ridge=ridge) - value(kernel, given, ridge=ridge)


def _union(first: ArrayLike, second: ArrayLike) -> NDArray[np.intp]:
    return np.concatenate([np.asarray(part, dtype=np.intp).ravel() for part in (first, second)])

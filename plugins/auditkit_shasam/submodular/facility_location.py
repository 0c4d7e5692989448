"""Facility location f(A) = sum over v of max over a in A of S[v, a], and its information measures in closed form.

Every function takes a kernel float64 [v, n] (covered rows by items) and index arrays. The maximum over an empty set is
0, which suits nonnegative kernels; for non-empty sets the closed forms hold for any real kernel.
Iyer et al., Submodular combinatorial information measures, 2021; SHaSaM, equations 5-7, 15 and 22.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def best(kernel: NDArray[np.float64], items: ArrayLike) -> NDArray[np.float64]:
    """Return each covered row's similarity to the nearest of the items, float64 [v]; 0 if there are none."""
    index = np.asarray(items, dtype=np.intp)
    if index.size == 0:
        return np.zeros(len(kernel))
    nearest: NDArray[np.float64] = kernel[:, index].max(axis=1)
    return nearest


def value(kernel: NDArray[np.float64], items: ArrayLike) -> float:
    """Return f(A)."""
    return float(best(kernel, items).sum())


def mutual_information(kernel: NDArray[np.float64], items: ArrayLike, query: ArrayLike) -> float:
    """Return I_f(A; Q) = f(A) + f(Q) - f(A u Q), the sum of min(max_A, max_Q)."""
    return float(np.minimum(best(kernel, items), best(kernel, query)).sum())


def conditional_gain(kernel: NDArray[np.float64], items: ArrayLike, given: ArrayLike) -> float:
    """Return H_f(A | P) = f(A u P) - f(P), the sum of max(max_A - max_P, 0)."""
    return float(np.maximum(best(kernel, items) - best(kernel, given), 0.0).sum())


def conditional_mutual_information(
    kernel: NDArray[np.float64], items: ArrayLike, query: ArrayLike, *, given: ArrayLike
) -> float:
    """Return I_f(A; Q | P), the sum of max(min(max_A, max_Q) - max_P, 0); SHaSaM, equation 22."""
    shared = np.minimum(best(kernel, items), best(kernel, query))
    return float(np.maximum(shared - best(kernel, given), 0.0).sum())

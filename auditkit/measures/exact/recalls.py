"""The p-value and the bounds of a balanced accuracy, and of its gap between two groups, right for rare errors.

Balanced accuracy is the mean of the classes' recalls, and these are of different rows, so independent. Of two
classes it is (1 + tpr - fpr) / 2, an exact difference; of more, and between groups, it is an exact sum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit.measures.exact.difference import difference_bound, difference_p
from auditkit.measures.exact.sums import sum_bound, sum_p

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from auditkit.measures.exact.sides import Side

    Floats: TypeAlias = NDArray[np.float64]


def recalls_p(x: ArrayLike, n: ArrayLike, *, threshold: ArrayLike, side: Side) -> Floats:
    """Return the p-value of H0 'mean recall <= threshold' ('above') or '>= threshold' ('below').

    x right rows of the n rows of each class, float64 [..., k]; the p-value is [...]. p < level exactly when
    recalls_bound(level) lies strictly beyond the threshold. 1 where an n is 0.
    """
    x, n = np.asarray(x, dtype=np.float64), np.asarray(n, dtype=np.float64)
    k = x.shape[-1]
    if k == 2:
        return difference_p(*_tpr_and_fpr(x, n), threshold=2.0 * np.asarray(threshold) - 1.0, side=side)
    return sum_p(x, n, weight=[1.0 / k] * k, threshold=threshold, side=side)


def recalls_bound(x: ArrayLike, n: ArrayLike, *, level: ArrayLike, side: Side) -> Floats:
    """Return the one-sided bound at a level in (0, 1): the low one for 'above', the high one for 'below'."""
    x, n = np.asarray(x, dtype=np.float64), np.asarray(n, dtype=np.float64)
    k = x.shape[-1]
    if k == 2:
        return (1.0 + difference_bound(*_tpr_and_fpr(x, n), level=level, side=side)) / 2.0
    return sum_bound(x, n, weight=[1.0 / k] * k, level=level, side=side)


def recalls_gap_p(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, *, threshold: ArrayLike, side: Side
) -> Floats:
    """Return the p-value of H0 'mean recall of group 1 - of group 2 <= threshold' ('above') or '>='.

    Counts float64 [..., k]. p < level exactly when recalls_gap_bound(level) lies strictly beyond the
    threshold. 1 where an n is 0.
    """
    x, n, weight = _sides(x1, n1, x2, n2)
    return sum_p(x, n, weight=weight, threshold=threshold, side=side)


def recalls_gap_bound(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, *, level: ArrayLike, side: Side
) -> Floats:
    """Return the one-sided bound at a level in (0, 1): the low one for 'above', the high one for 'below'."""
    x, n, weight = _sides(x1, n1, x2, n2)
    return sum_bound(x, n, weight=weight, level=level, side=side)


def _tpr_and_fpr(x: Floats, n: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    return x[..., 1], n[..., 1], n[..., 0] - x[..., 0], n[..., 0]


def _sides(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike) -> tuple[Floats, Floats, list[float]]:
    """Return both groups' counts side by side, with the weights of their gap."""
    k = np.shape(x1)[-1]
    x, n = (np.concatenate(np.broadcast_arrays(*pair), axis=-1) for pair in ((x1, x2), (n1, n2)))
    return x, n, [1.0 / k] * k + [-1.0 / k] * k

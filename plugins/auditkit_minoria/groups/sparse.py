"""A direction that a person can read: few features, nearly the same skew and the same loss in the tail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.directions.skew import pearson_skew
from auditkit_minoria.directions.unit import unit
from auditkit_minoria.groups.threshold import tail_mask, tail_threshold

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_minoria.directions.skew import Side

KEEP = 0.95
"""Share of |skew|, and of a positive loss gap, that dropping small weights must leave."""


def tail_rows(projection: NDArray[np.float64], side: Side, *, tail: float) -> NDArray[np.bool_]:
    """Return which rows [n] are in the tail of that share on that side."""
    return tail_mask(projection, tail_threshold(projection, share=tail, side=side), side)


def tail_gap(loss: NDArray[np.float64], members: NDArray[np.bool_], *, hardest: float = 1.0) -> float:
    """Return loss(tail) - loss(all), the tail's loss being that of its hardest rows; 0 for an empty tail."""
    inside = loss[members]
    if len(inside) == 0:
        return 0.0
    size = max(1, int(np.ceil(hardest * len(inside))))
    return float(np.sort(inside)[-size:].mean() - loss.mean())


def sparsified(
    points: NDArray[np.float64],
    direction: NDArray[np.float64],
    loss: NDArray[np.float64] | None,
    *,
    tail: float,
) -> tuple[NDArray[np.float64], float]:
    """Return the direction [d] cut to its largest weights, at length 1, and its skew on the points [n, d].

    Its tail is the upper one. The number of weights is the first of 1, 2, 3, 4, 6, 8, 12, ... that leaves 95 % of
    the skew and, given a loss, 95 % of a positive loss gap in the tail. If none does, the direction stays whole.
    """
    whole = points @ direction
    skew = pearson_skew(whole)
    gap = 0.0 if loss is None else tail_gap(loss, tail_rows(whole, "upper", tail=tail))
    order = np.argsort(-np.abs(direction), kind="stable")
    for kept in _sizes(int(np.count_nonzero(direction))):
        few = np.zeros_like(direction)
        few[order[:kept]] = direction[order[:kept]]
        few = unit(few)
        projection = points[:, order[:kept]] @ few[order[:kept]]
        smaller = pearson_skew(projection)
        if smaller < skew - (1 - KEEP) * abs(skew):
            continue
        if loss is None or gap <= 0:
            return few, smaller
        if tail_gap(loss, tail_rows(projection, "upper", tail=tail)) >= KEEP * gap:
            return few, smaller
    return direction, skew


def _sizes(d: int) -> list[int]:
    """Return 1, 2, 3, 4, 6, 8, 12, 16, ... below d."""
    powers = [2**k for k in range(max(1, d.bit_length()))]
    return sorted({size for power in powers for size in (power, 3 * power // 2) if size < d})

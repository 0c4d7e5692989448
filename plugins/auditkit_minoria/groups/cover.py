"""From many candidates to the few groups that together explain most of the loss, each of other rows."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from auditkit_minoria.groups.evidence import Evidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

MOST_SHARED = 0.5
"""Jaccard index of two groups, rows in both over rows in either, above which they are one group found twice."""
LEAST = 2 * log(20)
"""Evidence that a group must have: by chance alone about one search in twenty finds as much."""


def cover(
    members: Sequence[NDArray[np.bool_]],
    loss: NDArray[np.float64],
    prices: Sequence[float],
    *,
    top: int,
    weight: NDArray[np.float64] | None = None,
) -> list[int]:
    """Return the places of at most `top` of the sets of rows [n], in the order in which they are chosen.

    The first has most evidence, z^2 less its price; each next one has most for the loss [n] that those before leave
    unexplained, and is distinct from each of them. Where nothing has evidence the first of all is returned alone: it
    stands for what was looked at. `weight` [n] are the rows' weights, if any.
    """
    left = Evidence.of(loss, weight)
    sizes = [int(rows.sum()) for rows in members]
    open_ = {place for place, size in enumerate(sizes) if 0 < size < len(loss)}
    chosen: list[int] = []
    while open_ and len(chosen) < top:
        worth = {place: left.z2(members[place]) - prices[place] for place in sorted(open_)}
        best = max(worth, key=lambda place: worth[place])
        if worth[best] <= LEAST and chosen:
            break
        chosen.append(best)
        rows = members[best]
        left = left.without(rows)
        open_ = {place for place in open_ - {best} if distinct(members[place], rows)}
    return chosen


def distinct(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> bool:
    """Return whether the Jaccard index of two sets of rows [n] is at most MOST_SHARED."""
    return jaccard(one, other) <= MOST_SHARED


def jaccard(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Return the rows in both over the rows in either, 0 for two empty sets."""
    either = int((one | other).sum())
    return int((one & other).sum()) / either if either else 0.0

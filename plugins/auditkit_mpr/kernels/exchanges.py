"""The best of all exchanges of one item, under the largest difference of many functions.

`rows` [c, r] are what an item adds to each difference, `without` [k, r] the differences when one of the list's items is
taken out, so that an exchange leaves max over r of |without + rows|. `order` [r] has the functions that differ most
first: most exchanges are given up after a few of them. Of equal exchanges the first by place and item is best, as
np.argmax has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats


def machine_code(kernel: Callable[..., tuple[int, int, float]]) -> Callable[..., tuple[int, int, float]]:
    """Return a kernel of this file compiled: at the first call, which loads numba."""
    from auditkit.measures import machine_code as compiled

    found: Callable[..., tuple[int, int, float]] = compiled(kernel)
    return found


def best_by_merit(
    gains: Floats, rows: Floats, without: Floats, order: NDArray[np.int64], terms: Floats
) -> tuple[int, int, float]:
    """Return the exchange of the largest gain - weight * (max(left - limit, 0) - excess): place, item, merit.

    `gains` [k, c] are -inf for items of the list; `terms` are limit, weight and excess.
    """
    limit, weight, excess = terms[0], terms[1], terms[2]
    out, into, best = 0, 0, -np.inf
    for place in range(len(without)):
        for item in range(len(rows)):
            gain, left = gains[place, item], 0.0
            merit = gain - weight * (max(left - limit, 0.0) - excess)
            for j in order:
                if merit <= best:
                    break
                gap = abs(without[place, j] + rows[item, j])
                if gap > left:
                    left = gap
                    merit = gain - weight * (max(left - limit, 0.0) - excess)
            if merit > best:
                out, into, best = place, item, merit
    return out, into, best


def best_within(
    gains: Floats, rows: Floats, without: Floats, order: NDArray[np.int64], limit: float
) -> tuple[int, int, float]:
    """Return the exchange of the largest gain that leaves at most the limit, with its gain; -inf where none does."""
    out, into, best = 0, 0, -np.inf
    for place in range(len(without)):
        for item in range(len(rows)):
            if gains[place, item] > best:
                kept = True
                for j in order:
                    if abs(without[place, j] + rows[item, j]) > limit:
                        kept = False
                        break
                if kept:
                    out, into, best = place, item, gains[place, item]
    return out, into, best

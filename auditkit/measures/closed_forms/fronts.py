"""Which of many groups can set a bound for all pairs of them: those that hardly any other outdoes.

A bound of a pair moves one way with each of its four numbers (see `Pairs`): what claims a gap is furthest for a high
group of a higher rate and a smaller error, what does not for one of a higher rate and a larger error. So a group that
two others outdo in both is in no pair that counts: put the one that is not its partner in its place. Of ten thousand
groups some dozens are left, and no bound changes.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.closed_forms.simultaneous import AT_ONCE, Pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]


def outer(ahead: Floats, behind: Floats) -> Places:
    """Return the places int64 [f], ascending, of two layers of points: those that no other outdoes, and the next ones.

    To outdo is to be no less in `ahead` [g] and no more in `behind` [g]; of equal points the first outdoes the rest.
    """
    heights, least, second, found = behind.tolist(), math.inf, math.inf, []
    # Whoever might outdo a point comes before it; the sort leaves equal points in their order.
    for i in np.lexsort((behind, -ahead)).tolist():
        if heights[i] < least:
            least = heights[i]
        elif heights[i] < second:
            second = heights[i]
        else:
            continue
        found.append(i)
    return np.array(sorted(found), dtype=np.int64)


def pairs_that_count(value: Floats, error: Floats) -> Pairs:
    """Return the pairs of groups, higher rate first, among which are those that set a bound; rates and errors [g].

    Memory stays within `AT_ONCE` pairs and the few that each so many leave, however many groups none outdoes.
    """
    order = np.argsort(value, kind="stable")
    value, error = value[order], error[order]
    parts: list[Pairs] = []
    for behind in (error, -error):
        parts += _crossed(value, error, outer(value, behind), outer(-value, behind))
    return _joined(parts)


def _crossed(value: Floats, error: Floats, highs: Places, lows: Places) -> Iterator[Pairs]:
    """Yield the pairs of places in ascending order of rate; of very many only the decisive ones."""
    step = max(AT_ONCE // len(highs), 1)
    for start in range(0, len(lows), step):
        some = lows[start : start + step]
        of_low, of_high = (some[:, None] < highs).nonzero()
        low, high = some[of_low], highs[of_high]
        pairs = Pairs(value[high], error[high], value[low], error[low])
        if step >= len(lows) or not len(low):
            yield pairs
        else:
            yield from (pairs.decisive(kind) for kind in ("difference", "ratio"))


def _joined(parts: list[Pairs]) -> Pairs:
    names = ("high", "high_error", "low", "low_error")
    return Pairs(*(np.concatenate([getattr(pairs, name) for pairs in parts]) for name in names))

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

from auditkit.measures.closed_forms.simultaneous import AT_ONCE, Pairs, joined, places_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def outer(ahead: Floats, behind: Floats) -> NDArray[np.bool_]:
    """Return who is in two layers of points, bool [..., g]: those that no other outdoes, and the next ones.

    To outdo is to be no less in `ahead` [..., g] and no more in `behind` [..., g]; of equal points the first outdoes
    the rest. A point whose `behind` is infinite is in none.
    """
    # Whoever might outdo a point comes before it; the sort leaves equal points in their order.
    ahead, behind = np.broadcast_arrays(ahead, behind)
    order = np.lexsort((behind, -ahead), axis=-1)
    left = np.take_along_axis(behind, order, axis=-1)
    found = np.zeros(left.shape, dtype=np.bool_)
    for _ in range(2):
        layer = left[..., 1:] < np.minimum.accumulate(left, axis=-1)[..., :-1]
        layer = np.concatenate([left[..., :1] < math.inf, layer], axis=-1)
        found |= layer
        left = np.where(layer, math.inf, left)
    kept = np.empty_like(found)
    np.put_along_axis(kept, order, found, axis=-1)
    return kept


def pairs_that_count(value: Floats, error: Floats) -> Pairs:
    """Return the pairs of groups, higher rate first, among which are those that set a bound; rates, errors [..., g].

    Groups of NaN are in none. Memory stays within `AT_ONCE` pairs of a set and the few that each so many leave, however
    many groups none outdoes.
    """
    order = np.argsort(value, axis=-1, kind="stable")  # NaN last
    value, error = (np.take_along_axis(one, order, axis=-1) for one in (value, error))
    known = np.isfinite(value)
    parts: list[Pairs] = []
    for behind in (error, -error):
        sides = np.where(known, np.stack([value, -value]), -math.inf)
        highs, lows = outer(sides, np.where(known, behind, math.inf))
        parts += _crossed(value, error, highs, lows)
    return joined(parts)


def _crossed(
    value: Floats, error: Floats, highs: NDArray[np.bool_], lows: NDArray[np.bool_]
) -> Iterator[Pairs]:
    """Yield the pairs of two fronts of places in ascending order of rate; of very many only the decisive ones."""
    (highs_at, n_high), (lows_at, n_low) = places_of(highs), places_of(lows)
    is_high, is_low = (
        np.arange(at.shape[-1]) < n[..., None] for at, n in ((highs_at, n_high), (lows_at, n_low))
    )
    step = max(AT_ONCE // highs_at.shape[-1], 1)
    for start in range(0, lows_at.shape[-1], step):
        some = lows_at[..., start : start + step, None]
        apart = (
            (some < highs_at[..., None, :]) & is_low[..., start : start + step, None] & is_high[..., None, :]
        )
        flat = (*value.shape[:-1], -1)
        picked, sizes = places_of(apart.reshape(flat))
        low, high = (
            np.take_along_axis(np.broadcast_to(at, apart.shape).reshape(flat), picked, axis=-1)
            for at in (some, highs_at[..., None, :])
        )
        numbers = (np.take_along_axis(of, at, axis=-1) for at in (high, low) for of in (value, error))
        pairs = Pairs(*numbers, sizes=sizes)
        if step >= lows_at.shape[-1]:
            yield pairs
        else:
            yield from (pairs.decisive(kind) for kind in ("difference", "ratio"))

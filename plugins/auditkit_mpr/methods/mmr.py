"""Maximal marginal relevance (Sec. 5): similarity against diversity, one item after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit_mpr.methods.baseline import Baseline
from auditkit_mpr.methods.interface import Needs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.methods.interface import Query

TRADES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
"""Weights of similarity against diversity that MMR is tried with."""


class Mmr(Baseline):
    """Greedy lists, one for each weight of similarity against diversity."""

    name = "mmr"
    preference = 6
    words = "maximal marginal relevance: similarity against diversity, for ten weights"
    needs = Needs(vectors=True)

    def lists(self, query: Query) -> list[NDArray[np.int64]]:
        """Return the list of every weight; cosines are formed once for all of them."""
        vectors, seen = self.vectors_of(query), dict[int, "Floats"]()
        return [mmr(query.similarities, vectors, k=query.k, trade=trade, seen=seen) for trade in TRADES]


def mmr(
    similarities: Floats,
    vectors: NDArray[np.float32],
    *,
    k: int,
    trade: float,
    seen: dict[int, Floats] | None = None,
) -> NDArray[np.int64]:
    """Return k items by maximal marginal relevance: each has the largest trade * s - (1 - trade) * nearest.

    `similarities` [n]; `vectors` [n, d] of unit length; nearest is the largest cosine to an item chosen before, 0 for
    the first. `seen` keeps cosines between calls. One product of n x d per item: the paper's code forms them all.
    """
    import numpy as np

    cosines = {} if seen is None else seen
    nearest = np.full(len(similarities), -np.inf)
    score = trade * similarities
    chosen = np.empty(k, dtype=np.int64)
    free = np.ones(len(similarities), dtype=bool)
    for place in range(k):
        item = int(np.argmax(np.where(free, score, -np.inf)))
        chosen[place], free[item] = item, False
        if item not in cosines:
            cosines[item] = (vectors @ vectors[item]).astype(np.float64)
        np.maximum(nearest, cosines[item], out=nearest)
        score = trade * similarities - (1.0 - trade) * nearest
    return chosen

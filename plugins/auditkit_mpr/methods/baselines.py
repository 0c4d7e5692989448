"""The baselines of appendix E: MMR, PBM and CLIP-clip. Each returns lists; none knows a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit_mpr.reference.intersections import Codes
    from auditkit_mpr.reference.population import Floats

TRADES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
"""Weights of similarity against diversity that MMR is tried with."""
DROPPED = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Shares of the dimensions that CLIP-clip is tried with."""
BINS = 16


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


def pbm(similarities: Floats, codes: Codes, *, k: int, neutral: Sequence[int] = ()) -> NDArray[np.int64]:
    """Return k items by post-hoc bias mitigation for one attribute with codes [n].

    Each step adds the most similar item of every group, or the most similar neutral one, whichever has the higher mean
    similarity. Items without a code are neutral, and those of the codes in `neutral`. A group that is used up is left
    out; where fewer places are left than groups, the most similar of the set enter.
    """
    order = np.argsort(-similarities, kind="stable")
    aside = (codes < 0) | np.isin(codes, neutral)
    queues = [list(order[(codes[order] == code) & ~aside[order]]) for code in np.unique(codes[~aside])]
    neutrals = list(order[aside[order]])
    chosen: list[int] = []
    while len(chosen) < k:
        heads = [queue[0] for queue in queues if queue]
        balanced = float(similarities[heads].mean()) if heads else -np.inf
        if neutrals and similarities[neutrals[0]] > balanced:
            chosen.append(neutrals.pop(0))
            continue
        heads.sort(key=lambda item: -similarities[item])
        chosen += heads[: k - len(chosen)]
        for queue in queues:
            del queue[:1]
    return np.array(chosen, dtype=np.int64)


def clipped(
    vectors: NDArray[np.float32], query: NDArray[np.float32], order: NDArray[np.int64], *, share: float
) -> Floats:
    """Return cosines [n] without the first `share` of the dimensions in `order` [d], dropped from items and query."""
    kept = np.sort(order[round(share * len(order)) :])
    inside = vectors[:, kept]
    lengths = np.linalg.norm(inside, axis=1) * float(np.linalg.norm(query[kept]))
    found: Floats = (inside @ query[kept] / np.maximum(lengths, 1e-12)).astype(np.float64)
    return found


def by_information(vectors: NDArray[Any], attributes: Sequence[Codes]) -> NDArray[np.int64]:
    """Return the dimensions [d] in falling order of mutual information with the attributes, summed over these."""
    total = np.zeros(vectors.shape[1])
    for codes in attributes:
        known = codes >= 0
        total += mutual_information(vectors[known], codes[known])
    return np.argsort(-total, kind="stable")


def mutual_information(vectors: NDArray[Any], codes: Codes) -> Floats:
    """Return the mutual information in nats [d] of each dimension, cut into 16 bins of equal counts, and the codes [n].

    The paper's code estimates it from nearest neighbours (16 s where this takes 0.1 s); the order is what is used.
    """
    n, labels = len(codes), int(codes.max()) + 1
    ranks = np.argsort(np.argsort(vectors, axis=0, kind="stable"), axis=0, kind="stable")
    bins = ranks * BINS // n
    found = np.empty(vectors.shape[1])
    for dimension in range(vectors.shape[1]):
        joint = np.bincount(bins[:, dimension] * labels + codes, minlength=BINS * labels) / n
        table = joint.reshape(BINS, labels)
        apart = np.outer(table.sum(axis=1), table.sum(axis=0))
        inside = table > 0
        found[dimension] = float((table[inside] * np.log(table[inside] / apart[inside])).sum())
    return found

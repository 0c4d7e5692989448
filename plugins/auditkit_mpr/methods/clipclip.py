"""CLIP-clip (App. E): similarities without the dimensions that tell the attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditkit import UsageError
from auditkit_mpr.methods.baseline import Baseline
from auditkit_mpr.methods.interface import Needs

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Codes, Floats
    from auditkit_mpr.methods.interface import Query

DROPPED = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Shares of the dimensions that CLIP-clip is tried with."""
BINS = 16


class Clipclip(Baseline):
    """The most similar items without the most telling dimensions, one list for each share of these."""

    name = "clipclip"
    preference = 8
    words = "the most similar without the dimensions that tell the attributes, for eleven shares of these"
    needs = Needs(vectors=True, query_vectors=True, groups=True)

    def lists(self, query: Query) -> list[NDArray[np.int64]]:
        """Return the list of every share."""
        from auditkit_mpr.relaxed.top import top

        if not query.labels:
            raise UsageError(self.without_groups)
        vectors = self.vectors_of(query)
        if query.vector is None:
            raise UsageError(self.without_query_vectors)
        order = by_information(vectors, query.codes)
        return [top(clipped(vectors, query.vector, order, share=share), query.k) for share in DROPPED]


def clipped(
    vectors: NDArray[np.float32], query: NDArray[np.float32], order: NDArray[np.int64], *, share: float
) -> Floats:
    """Return cosines [n] without the first `share` of the dimensions in `order` [d], dropped from items and query."""
    import numpy as np

    kept = np.sort(order[round(share * len(order)) :])
    inside = vectors[:, kept]
    lengths = np.linalg.norm(inside, axis=1) * float(np.linalg.norm(query[kept]))
    found: Floats = (inside @ query[kept] / np.maximum(lengths, 1e-12)).astype(np.float64)
    return found


def by_information(vectors: NDArray[Any], attributes: Sequence[Codes]) -> NDArray[np.int64]:
    """Return the dimensions [d] in falling order of mutual information with the attributes, summed over these."""
    import numpy as np

    total = np.zeros(vectors.shape[1])
    for codes in attributes:
        known = codes >= 0
        total += mutual_information(vectors[known], codes[known])
    return np.argsort(-total, kind="stable")


def mutual_information(vectors: NDArray[Any], codes: Codes) -> Floats:
    """Return the mutual information in nats [d] of each dimension, cut into 16 bins of equal counts, and the codes [n].

    The paper's code estimates it from nearest neighbours (16 s where this takes 0.1 s); the order is what is used.
    """
    import numpy as np

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

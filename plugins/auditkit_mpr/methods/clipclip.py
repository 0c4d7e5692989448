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
SAMPLED = 2_000


class Clipclip(Baseline):
    """The most similar items without the most telling dimensions, one list for each share of these."""

    name = "clipclip"
    preference = 8
    words = "the most similar without the dimensions that tell the attributes, for eleven shares of these"
    needs = Needs(vectors=True, query_vectors=True, groups=True)

    _last: tuple[tuple[Codes, ...], NDArray[np.int64]] | None = None
    """The order of dimensions for the attributes seen last: where every query has the same items it is the same."""

    def lists(self, query: Query) -> list[NDArray[np.int64]]:
        """Return the list of every share."""
        from auditkit_mpr.relaxed.top import top

        if not query.labels:
            raise UsageError(self.without_groups)
        vectors = self.vectors_of(query)
        if query.vector is None:
            raise UsageError(self.without_query_vectors)
        order = self._order(vectors, query.codes)
        return [top(clipped(vectors, query.vector, order, share=share), query.k) for share in DROPPED]

    def _order(self, vectors: NDArray[np.float32], codes: tuple[Codes, ...]) -> NDArray[np.int64]:
        if self._last is None or not _same(self._last[0], codes):
            self._last = codes, by_information(vectors, codes)
        return self._last[1]


def _same(one: tuple[Codes, ...], other: tuple[Codes, ...]) -> bool:
    """Return whether these are the very same arrays."""
    return len(one) == len(other) and all(mine is theirs for mine, theirs in zip(one, other, strict=True))


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
    """Return the mutual information in nats [d] of each dimension and the codes [n], estimated from three neighbours.

    Of more than 2,000 rows as many are drawn: what is used is the order of the dimensions (Ross, Mutual information
    between discrete and continuous data sets, PLoS ONE 2014).
    """
    import numpy as np
    from sklearn.feature_selection import mutual_info_classif

    if len(codes) > SAMPLED:
        rows = np.sort(np.random.default_rng(0).choice(len(codes), SAMPLED, replace=False))
        vectors, codes = vectors[rows], codes[rows]
    found: Floats = mutual_info_classif(
        vectors, codes, discrete_features=False, n_neighbors=3, random_state=0
    )
    return found

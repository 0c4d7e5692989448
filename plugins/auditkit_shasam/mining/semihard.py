"""Semi-hard rows: of several times as many drawn rows those that are nearest to the anchors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def semihard(
    anchors: NDArray[Any], pool: NDArray[Any], *, times: int, rng: np.random.Generator
) -> NDArray[np.intp]:
    """Return places in the pool [m, d] of the k of times k drawn rows with the largest mean cosine to anchors [k, d].

    All rows are unit vectors. A pool smaller than times k is taken whole; ties go to the lowest place.
    """
    k = len(anchors)
    drawn = np.sort(rng.choice(len(pool), size=min(times * k, len(pool)), replace=False))
    near = pool[drawn] @ anchors.mean(axis=0)
    return drawn[np.argsort(-near, kind="stable")[:k]]

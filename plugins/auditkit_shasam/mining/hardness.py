"""How hard mined rows are: their cosine to the anchors beside that of a random row of the same cells."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Hardness:
    """Mean cosines of the anchors to four sets; a mined set is hard where positives are below, negatives above."""

    positives: float
    random_positives: float
    negatives: float
    random_negatives: float


def hardness_of(
    anchors: NDArray[Any],
    *,
    positives: NDArray[Any],
    negatives: NDArray[Any],
    pools: tuple[NDArray[Any], NDArray[Any]],
) -> Hardness:
    """Return the hardness of mined sets of unit rows [k, d] beside the pools [m, d] that they were chosen from.

    A random row's mean cosine is that of the whole pool: the mean over pairs is the product of the mean rows.
    """
    centre = anchors.mean(axis=0)
    sets = (positives, pools[0], negatives, pools[1])
    mined, drawn, near, near_drawn = (float(rows.mean(axis=0) @ centre) for rows in sets)
    return Hardness(positives=mined, random_positives=drawn, negatives=near, random_negatives=near_drawn)


def mean_hardness(found: Sequence[Hardness]) -> Hardness | None:
    """Return the mean over several steps, None of no step."""
    if not found:
        return None
    means = np.mean([astuple(one) for one in found], axis=0).tolist()
    positives, random_positives, negatives, random_negatives = means
    return Hardness(
        positives=positives,
        random_positives=random_positives,
        negatives=negatives,
        random_negatives=random_negatives,
    )

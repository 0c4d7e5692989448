"""The tail of a projection: the rows at its long end, by a threshold that can be applied to new rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.directions.skew import SIGN
from auditkit_minoria.features.round_number import round_number

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_minoria.directions.skew import Side

TIE = 1e-9
"""Values closer than this share of the range are tied: a rule must not depend on the last digits of a sum."""


def tail_threshold(projection: NDArray[np.float64], *, share: float, side: Side) -> float:
    """Return the threshold of the largest tail of the values [n] within the share (and of at least one row).

    It lies between two observed values, where they leave a round number if they can, so that tied rows stay
    together: if the most extreme value alone is in more rows than the share, the tail is these rows. (On the
    long side they are less than half: with half the rows at the maximum the skew is not positive.) Where all
    values are equal there is no tail, and the threshold is infinite.
    """
    sign = SIGN[side]
    values = sign * projection
    width = TIE * float(values.max() - values.min()) if len(values) else 0.0
    most = max(1, int(share * len(values) + TIE))
    extreme = _largest(values, most + 1)
    cuts = np.flatnonzero(extreme[:-1] - extreme[1:] > width) + 1
    if len(cuts) == 0:
        extreme = _largest(values, len(values))
        cuts = np.flatnonzero(extreme[:-1] - extreme[1:] > width)[:1] + 1
    if len(cuts) == 0:
        return sign * float("inf")
    size = cuts[-1]
    return sign * round_number(float(extreme[size]), float(extreme[size - 1]))


def _largest(values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Return the `count` largest values in descending order; all of them need not be sorted for that."""
    rest = len(values) - count
    top = values if rest <= 0 else np.partition(values, rest)[rest:]
    return np.sort(top)[::-1]


def tail_mask(projection: NDArray[np.float64], threshold: float, side: Side) -> NDArray[np.bool_]:
    """Return which values [n] are at the threshold or beyond it."""
    return SIGN[side] * projection >= SIGN[side] * threshold

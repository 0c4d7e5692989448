"""The p-value and the bounds of a difference of two independent proportions, right for rare rates.

H0 'p1 - p2 <= t' has the largest of these p-values, so that p only ever grows with t:

- Newcombe's: the level at which his hybrid score bound reaches t (Statistics in Medicine 17, 1998);
- the exact chance of so large a difference at Miettinen and Nurminen's estimates restricted to p1 - p2 = t
  (Statistics in Medicine 4, 1985). Their own p-value takes that chance from a normal distribution, which
  proves nothing where events are few: of rates below 1 % it rejects 2 to 4 times too often at 2.5 %, and 40
  to 130 times too often after a correction for 57 groups; so does Newcombe's;
- from t = 0 upwards, four fifths of Fisher's exact p-value: it bounds the chance of a false claim of any gap
  by 5/4 of the level, whatever the rates. All of it would take up to a quarter of the power that small
  groups of middling rates have. A bound may therefore be exactly 0.

Counts of weighted rows need not be whole: Newcombe's takes them as they are, and for the exact parts each
moves to the next whole number that says less for the claim (events of the higher group down and its rows up,
those of the lower group the other way).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit.measures.exact.sums import sum_bound, sum_p

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from auditkit.measures.exact.sides import Side

    Floats: TypeAlias = NDArray[np.float64]

_GAP = (1.0, -1.0)


def difference_p(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, *, threshold: ArrayLike, side: Side
) -> Floats:
    """Return the p-value of H0 'x1 / n1 - x2 / n2 <= threshold' ('above') or '>= threshold' ('below').

    Counts float64 [...]. p < level exactly when difference_bound(level) lies strictly beyond the threshold.
    1 where an n is 0.
    """
    if side == "below":
        return difference_p(x2, n2, x1, n1, threshold=np.negative(threshold), side="above")
    return sum_p(_pair(x1, x2), _pair(n1, n2), weight=_GAP, threshold=threshold, side="above")


def difference_bound(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, *, level: ArrayLike, side: Side
) -> Floats:
    """Return the one-sided bound at a level in (0, 1): the low one for 'above', the high one for 'below'.

    Where an n is 0 it is the end of [-1, 1].
    """
    if side == "below":
        return -difference_bound(x2, n2, x1, n1, level=level, side="above")
    return sum_bound(_pair(x1, x2), _pair(n1, n2), weight=_GAP, level=level, side="above")


def difference_interval(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, confidence: float = 0.95
) -> tuple[Floats, Floats]:
    """Return (low, high) of x1 / n1 - x2 / n2, float64 [...] each; [-1, 1] where an n is 0."""
    level = (1.0 - confidence) / 2.0
    low = difference_bound(x1, n1, x2, n2, level=level, side="above")
    return low, difference_bound(x1, n1, x2, n2, level=level, side="below")


def _pair(first: ArrayLike, second: ArrayLike) -> Floats:
    return np.stack(np.broadcast_arrays(first, second), axis=-1).astype(np.float64)

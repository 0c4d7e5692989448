"""The p-value and the bounds of one proportion, right for rare rates: no claim without an exact test's leave.

H0 'rate <= t' has the larger of two p-values: Wilson's score test's, and four fifths of the exact one. So the
chance of a false claim exceeds the level by a quarter at most, whatever the rate and the rows: at 2.5 % a
bound misses in at most 3.125 %. Wilson's alone misses in up to 16 % where events are few; the exact one alone
(Clopper and Pearson, Biometrika 26, 1934) covers too much. For middling rates of 100 rows Wilson's decides.
Counts need not be whole: the exact tail is a beta's, which holds between whole counts too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit.measures.special import betainc, betaincinv, ndtr, ndtri

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from auditkit.measures.exact.sides import Side

    Floats: TypeAlias = NDArray[np.float64]

EXACT_SHARE = 0.8
"""A p-value is at least this share of the exact one."""


def proportion_p(x: ArrayLike, n: ArrayLike, *, threshold: ArrayLike, side: Side) -> Floats:
    """Return the p-value of H0 'rate <= threshold' ('above') or 'rate >= threshold' ('below').

    x events in n rows, each float64 [...], rates in [0, 1]. p < level exactly when proportion_bound(level)
    lies strictly beyond the threshold. 1 where n is 0.
    """
    x, n, t = _broadcast(x, n, threshold)
    if side == "below":
        x, t = n - x, 1.0 - t
    inside = np.clip(t, 0.0, 1.0) + 0.0  # a threshold of -0.0 would turn the sign of an infinite score
    with np.errstate(divide="ignore", invalid="ignore"):
        score = (x - n * inside) / np.sqrt(n * inside * (1.0 - inside))
    wilson = ndtr(-np.where(np.isnan(score), 0.0, score))
    exact = np.where(x > 0.0, betainc(np.maximum(x, 1e-300), np.maximum(n - x, 0.0) + 1.0, inside), 1.0)
    p = np.maximum(wilson, EXACT_SHARE * exact)
    return np.where(t < 0.0, 0.0, np.where((t >= 1.0) | (n <= 0.0), 1.0, p))


def proportion_bound(x: ArrayLike, n: ArrayLike, *, level: ArrayLike, side: Side) -> Floats:
    """Return the one-sided bound at a level in (0, 1): the low one for 'above', the high one for 'below'.

    Where n is 0 it is the end of [0, 1].
    """
    x, n, level = _broadcast(x, n, level)
    if side == "below":
        return 1.0 - _low(n - x, n, level)
    return _low(x, n, level)


def proportion_interval(x: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Return (low, high) of the rate x / n, float64 [...] each; [0, 1] where n is 0."""
    level = (1.0 - confidence) / 2.0
    return proportion_bound(x, n, level=level, side="above"), proportion_bound(
        x, n, level=level, side="below"
    )


def _low(x: Floats, n: Floats, level: Floats) -> Floats:
    wilson = score_bound(x, n, -ndtri(level))
    strict = level / EXACT_SHARE
    hits, misses = np.maximum(x, 1e-300), np.maximum(n - x, 0.0) + 1.0
    # Only where the exact test claims less than Wilson's bound does is its own bound worked out: that takes four times
    # as long. No event claims nothing, until the level is so lax that the exact test has no say.
    less = (strict < 1.0) & (x > 0.0) & (betainc(hits, misses, wilson) > strict)
    low = np.where((strict < 1.0) & (x <= 0.0), 0.0, wilson)
    betaincinv(hits, misses, np.minimum(strict, 1.0), out=low, where=less)
    return np.where(n > 0.0, low, 0.0)


def _broadcast(*arrays: ArrayLike) -> list[Floats]:
    return [np.asarray(one, dtype=np.float64) for one in np.broadcast_arrays(*arrays)]


def score_bound(x: ArrayLike, n: ArrayLike, z: ArrayLike) -> NDArray[np.float64]:
    """Return Wilson's score bound: z standard errors, taken at that rate, below x / n; above it for negative z."""
    x, n, z = (np.asarray(part, dtype=np.float64) for part in (x, n, z))
    spread = np.divide(x * (n - x), n, out=np.zeros(np.broadcast(x, n).shape), where=n > 0)
    # x may exceed an effective n by a rounding error.
    spread = np.sqrt(np.maximum(spread, 0.0) + z * z / 4.0)
    middle = x + z * z / 2.0 - z * spread
    total = n + z * z
    bound = np.divide(middle, total, out=np.zeros_like(spread), where=total > 0)
    # All successes give 1 only up to rounding, and a bound of 1 - 1e-16 would exclude the truth.
    bound = np.where((x >= n) & (z <= 0), 1.0, bound)
    return np.clip(bound, 0.0, 1.0)

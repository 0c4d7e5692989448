"""How far the tail of a loss spoils the interval of its mean, and when that is too far to say anything.

A mean is nearly normal where its own skewness, that of one value over the root of the rows, is small. Cochran
(Sampling Techniques, 1977, section 2.15) asks for at most 1/5; without a third moment it never gets there,
and where a few rows hold much of the sum the sample cannot know what it lacks. A group is judged by its own
tail and by that of all rows, whichever is heavier: a small group that happens to lack the large losses looks
harmless, and its interval is the one that misses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit.measures.counting.weights import kish, middle_of, sum_of_others

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

SKEWED = 0.2
"""A mean with more skewness than this, either way, has a heavy tail."""

HELD = 0.2
"""So has a loss of whose sum the largest 1 % of rows hold more than this."""

_COUNTED = 100
"""Fewer rows have no largest 1 %."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Tails:
    """The tail of a loss in each of g groups, in its rest and in all rows, each float64 [g].

    `mean_skewness` is that of the group's mean, `gap_skewness` that of its difference from the rest's mean, in
    absolute value, `rest_skewness` that of the rest's mean; `top_share` is the share of the sum of absolute values that
    the largest 1 % of rows hold.
    """

    mean_skewness: Floats
    rest_skewness: Floats
    gap_skewness: Floats
    top_share: Floats

    @property
    def heavy_mean(self) -> NDArray[np.bool_]:
        """Whether nothing can be said of each group's mean but that it is what it is."""
        return (self.mean_skewness > SKEWED) | (self.top_share > HELD)

    @property
    def heavy_gap(self) -> NDArray[np.bool_]:
        """Whether nothing can be said of each group's gap to the rest but its sign."""
        return (self.gap_skewness > SKEWED) | (self.top_share > HELD)


def tails(codes: NDArray[np.int64], values: Floats, *, n_groups: int, weights: Floats | None = None) -> Tails:
    """Return the tails of `values` float [n] per group; rows with code -1 or no finite value are left out."""
    kept = (codes >= 0) & np.isfinite(values)
    group, value = codes[kept], values[kept].astype(np.float64)
    weight = np.ones(len(value)) if weights is None else np.asarray(weights, dtype=np.float64)[kept]
    off = value - middle_of(value)
    # Powers of a number near 1: the third power of a squared error may exceed what a float holds.
    off = off / max(float(np.abs(off).max(initial=0.0)), np.finfo(np.float64).tiny)
    terms = np.stack([weight, weight**2, weight * off, weight * off**2, weight * off**3])
    own = np.zeros((len(terms), n_groups))
    for sums, term in zip(own, terms, strict=True):
        sums[:] = np.bincount(group, weights=term, minlength=n_groups)
    whole = terms.sum(axis=1, keepdims=True)
    rest = sum_of_others(own.T).T
    rows, rest_rows = kish(own[0], own[1]), kish(np.maximum(rest[0], 0.0), np.maximum(rest[1], 0.0))
    shape, rest_shape, all_shape = _skewness(own), _skewness(rest), _skewness(whole)
    worst = np.maximum(shape, all_shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean, others = worst / np.sqrt(rows), np.maximum(rest_shape, all_shape) / np.sqrt(rest_rows)
        gap = np.maximum(worst, rest_shape) / np.sqrt(np.minimum(rows, rest_rows))
    top = _top_shares(group, weight * np.abs(value), n_groups=n_groups)
    return Tails(mean_skewness=mean, rest_skewness=others, gap_skewness=gap, top_share=top)


def _skewness(sums: Floats) -> Floats:
    """Return the absolute skewness of values from sums [5, ...] of w, w², w v, w v² and w v³; 0 of one value."""
    weight = np.where(sums[0] > 0.0, sums[0], np.nan)
    first, second, third = sums[2] / weight, sums[3] / weight, sums[4] / weight
    variance = second - first**2
    central = third - 3.0 * first * second + 2.0 * first**3
    spread = np.maximum(variance, 0.0) ** 1.5
    skewness: Floats = np.abs(np.divide(central, spread, out=np.zeros_like(spread), where=spread > 0.0))
    return skewness


def _top_shares(group: NDArray[np.int64], size: Floats, *, n_groups: int) -> Floats:
    """Return the largest share that 1 % of rows hold of a group's sum or of everybody's, float64 [g]."""
    everybody = _top_share(size)
    order = np.argsort(group, kind="stable")
    parts = np.split(size[order], np.cumsum(np.bincount(group, minlength=n_groups))[:-1])
    return np.array([max(everybody, _top_share(part)) for part in parts])


def _top_share(size: Floats) -> float:
    total, largest = float(size.sum()), len(size) // 100
    if total <= 0.0 or len(size) < _COUNTED:
        return 0.0
    return float(np.partition(size, len(size) - largest)[len(size) - largest :].sum()) / total

"""Bounds of the root of a mean square, and of the gap between two, from the mean square's relative error and skewness.

The logarithm of a mean square is nearer to normal than the mean square itself (Bonett, Computational Statistics and
Data Analysis 50, 2006, for a variance). What skewness is left moves both ends' quantiles by the second term of Cornish
and Fisher's expansion of Student's statistic of log m, (skewness / 3 - error / 2) t² + skewness / 6, both of the mean
square (Hall, The Bootstrap and Edgeworth Expansion, 1992, section 2.6), though never towards the root. A table that
happens to lack its few large errors looks light, so the high end takes no table's errors for lighter in their tail than
Laplace's: `lacking` is what the variance of all rows' mean square is short of that. No bound can know of errors that no
row has, however large (Bahadur and Savage, Annals of Mathematical Statistics 27, 1956). The gap combines both sides'
ends (MOVER). Its sign is that of the gap of mean squares, and so are its p-values at 0: the larger of
Welch's and a permutation's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.losses.heavy_tail import HELD

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SKEWED = 0.5
"""A mean square with more skewness than this has a heavy tail; without the correction above it would be 1/5."""

LAPLACE = 5.0
"""The variance of a square of Laplace's distribution over its squared mean; a normal one's is 2."""

_FURTHEST = 1e100
"""Quantiles are kept below this: their square is a number."""

_LARGEST = 300.0
"""Exponents are kept below this: an end past every number stays one."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Roots:
    """Roots of mean squares, each [g] or a number: `error` and `skewness` are the mean square's, relative to it.

    `degrees` are those of freedom of the error; `lacking` is a squared error that the high end has beside it.
    """

    root: Floats
    error: Floats
    degrees: Floats
    skewness: Floats
    lacking: Floats

    def low(self, t: Floats) -> Floats:
        """Return the low end at Student's quantile t; above the root for t < 0."""
        t = np.clip(t, -_FURTHEST, _FURTHEST)
        further = np.maximum(self._steep(-1.0, self.error, t) - self.skewness / 6.0, 0.0)
        return self._moved(self.error * (-t - np.where(t > 0.0, further, 0.0)))

    def high(self, t: Floats) -> Floats:
        """Return the high end at Student's quantile t; below the root for t < 0."""
        t = np.clip(t, -_FURTHEST, _FURTHEST)
        error = np.hypot(self.error, np.sqrt(self.lacking))
        further = self._steep(1.0, error, t) + self.skewness / 6.0
        return self._moved(error * (t + np.where(t > 0.0, further, 0.0)))

    def _steep(self, sign: float, error: Floats, t: Floats) -> Floats:
        """Return the part of the correction that grows with t², where it moves the end of this sign away."""
        return np.maximum(sign * (self.skewness / 3.0 - error / 2.0), 0.0) * np.square(t)

    def _moved(self, reach: Floats) -> Floats:
        moved: Floats = self.root * np.exp(np.minimum(reach / 2.0, _LARGEST))
        return moved


def gap_reach(own: Roots, other: Roots, t: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Return how far the ends of own - other lie below and above it, at a quantile of each side (both of t's sign)."""
    size = np.abs(t[0]), np.abs(t[1])
    below = np.hypot(own.root - own.low(size[0]), other.high(size[1]) - other.root)
    above = np.hypot(own.high(size[0]) - own.root, other.root - other.low(size[1]))
    return below, above


@dataclass(frozen=True)
class RootBasis:
    """What decides any claim about a root: the numbers of `Interval.basis`, in this order; see Roots."""

    error: float
    degrees: float
    skewness: float
    top_share: float
    lacking: float = 0.0  # which reports of older releases have not

    @property
    def heavy(self) -> bool:
        """Whether nothing can be said of the root but that it is what it is."""
        return self.skewness > SKEWED or self.top_share > HELD

    def roots(self, root: float) -> Roots:
        """Return the root as Roots."""
        return _single(root, self.error, self.degrees, self.skewness, self.lacking)


@dataclass(frozen=True)
class RootGapBasis:
    """What decides any claim about a gap of roots: both sides, then the p-values and the tail as in GapBasis."""

    root: float
    error: float
    degrees: float
    skewness: float
    other_root: float
    other_error: float
    other_degrees: float
    other_skewness: float
    above: float
    below: float
    top_share: float
    lacking: float = 0.0  # of both sides; reports of older releases have none

    @property
    def heavy(self) -> bool:
        """Whether nothing can be said of the gap but its sign."""
        return max(self.skewness, self.other_skewness) > SKEWED or self.top_share > HELD

    @property
    def sides(self) -> tuple[Roots, Roots]:
        """Both sides as Roots."""
        own = _single(self.root, self.error, self.degrees, self.skewness, self.lacking)
        other = _single(
            self.other_root, self.other_error, self.other_degrees, self.other_skewness, self.lacking
        )
        return own, other


def no_further_than_its_sign(bound: float, p: float, level: float, *, heavy: bool) -> float:
    """Return the low bound of a gap whose 'above 0' has p-value p: 0 where that is not shown.

    Under a heavy tail it is the number next to 0 where the sign is shown, else minus infinity.
    """
    if heavy:
        return math.nextafter(0.0, 1.0) if p < level else -math.inf
    return min(bound, 0.0) if p >= level else bound


def _single(*numbers: float) -> Roots:
    """Return Roots of numbers, in the order of its fields."""
    root, error, degrees, skewness, lacking = map(np.float64, numbers)
    return Roots(root=root, error=error, degrees=degrees, skewness=skewness, lacking=lacking)  # type: ignore[arg-type]  # a number is an array of none

"""The p-value and the bounds of a mean of f1 over classes, and of its gap between two groups, right for rare rates.

f1 = 2 J / (1 + J) only ever grows with J = tp / (tp + fp + fn), a proportion: f1 has the image of its bounds.
Classes share rows, so a mean over classes has the mean of their bounds, wide enough whatever their
correlation. The two groups of a gap are independent, and their distances add as squares (MOVER: Zou and
Donner, Statistics in Medicine 27, 2008). One class's f1 is larger in a group exactly where its J is, so from
threshold 0 upwards the gap's p-value is at least that of the difference of the two J at 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit.measures.exact.difference import difference_p
from auditkit.measures.exact.proportion import proportion_bound, proportion_p
from auditkit.measures.special import ndtr

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from auditkit.measures.exact.sides import Side

    Floats: TypeAlias = NDArray[np.float64]

_LOWEST, _HIGHEST = -8.0, 30.0
"""Normal quantiles of the one-sided levels that are told apart: nearly 1, and 5e-198."""


def f1_of_jaccard(jaccard: ArrayLike) -> Floats:
    """Return the f1 of a Jaccard index, both shares in [0, 1]."""
    j = np.asarray(jaccard, dtype=np.float64)
    return 2.0 * j / (1.0 + j)


def f1_p(x: ArrayLike, n: ArrayLike, *, threshold: ArrayLike, side: Side) -> Floats:
    """Return the p-value of H0 'mean f1 <= threshold' ('above') or '>= threshold' ('below').

    x = tp and n = tp + fp + fn of each class, float64 [..., k]; the p-value is [...]. p < level exactly when
    f1_bound(level) lies strictly beyond the threshold. 1 where an n is 0.
    """
    x, n, t = (np.asarray(one, dtype=np.float64) for one in (x, n, threshold))
    if x.shape[-1] == 1:
        # f1 never exceeds 1, and its inverse has its pole at 2: a threshold past 1 stays past 1.
        jaccard = np.where(t > 1.0, t, np.minimum(t, 1.0) / (2.0 - np.minimum(t, 1.0)))
        return proportion_p(x[..., 0], n[..., 0], threshold=jaccard, side=side)
    return _p_value(lambda level: f1_bound(x, n, level=level, side=side), t, side=side)


def f1_bound(x: ArrayLike, n: ArrayLike, *, level: ArrayLike, side: Side) -> Floats:
    """Return the one-sided bound at a level in (0, 1): the low one for 'above', the high one for 'below'."""
    ends = f1_of_jaccard(proportion_bound(x, n, level=np.expand_dims(level, -1), side=side))
    return np.asarray(ends.mean(axis=-1), dtype=np.float64)


def f1_gap_p(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, *, threshold: ArrayLike, side: Side
) -> Floats:
    """Return the p-value of H0 'mean f1 of group 1 - mean f1 of group 2 <= threshold' ('above') or '>='.

    Counts float64 [..., k] as those of f1_p. p < level exactly when f1_gap_bound(level) lies strictly beyond
    the threshold. 1 where an n is 0.
    """
    groups, t = _Groups.of(x1, n1, x2, n2), np.asarray(threshold, dtype=np.float64)
    p = _p_value(lambda level: groups.bound(level, side), t, side=side)
    claimed = np.broadcast_to(t >= 0.0 if side == "above" else t <= 0.0, p.shape)
    return np.maximum(p, groups.p_at_zero(side, where=claimed))


def f1_gap_bound(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, *, level: ArrayLike, side: Side
) -> Floats:
    """Return the one-sided bound at a level in (0, 1): the low one for 'above', the high one for 'below'."""
    groups, level = _Groups.of(x1, n1, x2, n2), np.asarray(level, dtype=np.float64)
    bound = groups.bound(level, side)
    beyond = bound > 0.0 if side == "above" else bound < 0.0
    return np.where(beyond & (groups.p_at_zero(side, where=beyond) >= level), 0.0, bound)


@dataclass(frozen=True, eq=False)
class _Groups:
    """Counts of two groups, float64 [..., k] each."""

    x1: Floats
    n1: Floats
    x2: Floats
    n2: Floats

    @classmethod
    def of(cls, *counts: ArrayLike) -> _Groups:
        return cls(*(np.asarray(one, dtype=np.float64) for one in counts))

    def bound(self, level: Floats, side: Side) -> Floats:
        """Return the bound of the gap that those of the two groups give."""
        other: Side = "below" if side == "above" else "above"
        sign = 1.0 if side == "above" else -1.0
        mine, theirs = _value(self.x1, self.n1), _value(self.x2, self.n2)
        off1 = sign * (mine - f1_bound(self.x1, self.n1, level=level, side=side))
        off2 = sign * (f1_bound(self.x2, self.n2, level=level, side=other) - theirs)
        # Past level 1/2 bounds lie on the other side of their estimates: squares keep their signs.
        squares = off1 * np.abs(off1) + off2 * np.abs(off2)
        bound = mine - theirs - sign * np.copysign(np.sqrt(np.abs(squares)), squares)
        known = (self.n1 > 0.0).all(axis=-1) & (self.n2 > 0.0).all(axis=-1)
        return np.where(known, np.clip(bound, -1.0, 1.0), -sign)

    def p_at_zero(self, side: Side, *, where: NDArray[np.bool_]) -> Floats:
        """Return what a p-value cannot fall below where it claims that one group's mean f1 is the larger; else 0."""
        p = np.zeros(where.shape)
        if self.x1.shape[-1] == 1:
            counts = (one[..., 0] for one in (self.x1, self.n1, self.x2, self.n2))
            there = (np.broadcast_to(one, where.shape)[where] for one in counts)
            p[where] = difference_p(*there, threshold=0.0, side=side)
        return p


def _value(x: Floats, n: Floats) -> Floats:
    jaccard = np.divide(x, n, out=np.zeros(n.shape), where=n > 0.0)
    return np.asarray(f1_of_jaccard(jaccard).mean(axis=-1), dtype=np.float64)


def _p_value(bound: Callable[[Floats], Floats], threshold: Floats, *, side: Side) -> Floats:
    """Return the lowest level at which each bound lies strictly beyond its threshold; 1 if it does at none."""

    def clears(z: Floats) -> NDArray[np.bool_]:
        at = bound(ndtr(-z))
        return at > threshold if side == "above" else at < threshold

    low, high = np.asarray(_LOWEST), np.asarray(_HIGHEST)
    never, always = ~clears(low), clears(high)
    for _ in range(48):
        middle = (low + high) / 2.0
        clear = clears(middle)
        low, high = np.where(clear, middle, low), np.where(clear, high, middle)
    return np.where(always, 0.0, np.where(never, 1.0, ndtr(-low)))

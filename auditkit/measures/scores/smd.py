"""Standardised mean difference of a number between each group and another set of rows, for any distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.counting.weights import checked_weights, kish

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

POWERS = 5


@dataclass(frozen=True, eq=False, kw_only=True)
class Powers:
    """Sums of powers 0..4 of a number around a common centre, float64 [5, g]: of weights, and of squared weights."""

    weighted: Floats
    squared: Floats
    rows: NDArray[np.int64]

    def rest(self) -> Powers:
        """Return, for each group, the sums of all the other groups."""
        rows = self.rows.sum() - self.rows
        weighted, squared = (
            np.where(rows > 0, part.sum(axis=1, keepdims=True) - part, 0.0)
            for part in (self.weighted, self.squared)
        )
        return Powers(weighted=weighted, squared=squared, rows=rows)

    def __getitem__(self, groups: slice | NDArray[np.int64]) -> Powers:
        """Return some of the groups."""
        return Powers(
            weighted=self.weighted[:, groups], squared=self.squared[:, groups], rows=self.rows[groups]
        )

    @property
    def effective(self) -> Floats:
        """Kish's effective rows [g]."""
        return kish(self.weighted[0], self.squared[0])

    @property
    def mean(self) -> Floats:
        """The mean from the common centre [g]."""
        return _over(self.weighted[1], self.weighted[0])

    @property
    def variance(self) -> Floats:
        """The variance with n - 1 in the denominator, n Kish's [g]."""
        n = self.effective
        spread = np.maximum(_over(self.weighted[2], self.weighted[0]) - self.mean**2, 0.0)
        return np.where(n >= 2.0 - 1e-9, spread * n / np.maximum(n - 1.0, 1e-300), np.nan)

    def central(self) -> Floats:
        """Return Σ w² (v - mean)^k for k = 0, 2, 3, 4, float64 [4, g]."""
        a, (s0, s1, s2, s3, s4) = self.mean, self.squared
        second = s2 - 2 * a * s1 + a**2 * s0
        third = s3 - 3 * a * s2 + 3 * a**2 * s1 - a**3 * s0
        fourth = s4 - 4 * a * s3 + 6 * a**2 * s2 - 4 * a**3 * s1 + a**4 * s0
        return np.stack([s0, second, third, fourth])


def powers(
    codes: NDArray[np.int64], values: Floats, *, n_groups: int, weights: Floats | None = None
) -> Powers:
    """Return the sums of each group; rows with code -1 or without a finite value are left out."""
    kept = (codes >= 0) & np.isfinite(values)
    group, value = codes[kept], values[kept].astype(np.float64)
    weight = np.ones(len(value)) if weights is None else checked_weights(weights)[kept]
    # In units of their spread: the fourth power of a large number loses the variance.
    off = value - (np.average(value, weights=weight) if weight.sum() > 0 else 0.0)
    off = off / max(float(np.sqrt(np.mean(off**2))) if len(off) else 0.0, np.finfo(np.float64).tiny)

    def sums(heavy: Floats) -> Floats:
        return np.stack(
            [np.bincount(group, weights=heavy * off**k, minlength=n_groups) for k in range(POWERS)]
        )

    return Powers(weighted=sums(weight), squared=sums(weight**2), rows=np.bincount(group, minlength=n_groups))


def smd(own: Powers, other: Powers) -> tuple[Floats, Floats, Floats]:
    """Return (mean - other mean) / pooled standard deviation, its standard error and degrees of freedom, [g] each.

    Hedges's g, with 1 - 3 / (4 n - 9) against the bias of small samples (Hedges and Olkin, Statistical Methods for
    Meta-Analysis, 1985). Its error is that of its linearisation, which needs neither normal values nor equal variances.
    NaN where a side has fewer than two rows, or no value differs from another.
    """
    n1, n2 = own.effective, other.effective
    pooled = ((n1 - 1.0) * own.variance + (n2 - 1.0) * other.variance) / (n1 + n2 - 2.0)
    spread = np.sqrt(np.where(pooled > 0.0, pooled, np.nan))
    shrunk = 1.0 - 3.0 / (4.0 * (n1 + n2) - 9.0)
    value = shrunk * (own.mean - other.mean) / spread
    d = value / shrunk
    error = np.zeros_like(value)
    for side, n, sign in ((own, n1, 1.0), (other, n2, -1.0)):
        # A row moves its mean by 1 / W, and the pooled variance by its own square's share.
        of_mean = sign / (side.weighted[0] * spread)
        of_square = -d / 2.0 * (n - 1.0) / (n1 + n2 - 2.0) / (side.weighted[0] * pooled)
        s0, s2, s3, s4 = side.central()
        v = _over(s2, s0)
        moved = of_mean**2 * s2 + 2 * of_mean * of_square * s3 + of_square**2 * (s4 - 2 * v * s2 + v**2 * s0)
        error = error + moved * n / np.maximum(n - 1.0, 1.0)
    part1, part2 = own.variance / n1, other.variance / n2
    noise = part1**2 / (n1 - 1.0) + part2**2 / (n2 - 1.0)
    degrees = np.divide((part1 + part2) ** 2, noise, out=np.full_like(value, np.nan), where=noise > 0.0)
    return value, shrunk * np.sqrt(np.maximum(error, 0.0)), degrees


def _over(x: Floats, n: Floats) -> Floats:
    return np.divide(x, n, out=np.full_like(x, np.nan), where=n > 0)

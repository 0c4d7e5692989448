"""Means of a number per group, and of everybody else, with their squared errors, from one pass of sums."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.counting.clusters import Clustered, clustered
from auditkit.measures.counting.weights import checked_weights, kish, middle_of, sum_of_others

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Moments:
    """Sums over each group's rows, each [g], of values taken from `centre` (the median), off = v - centre.

    `rows` int64; `weight` Σw, `first` Σw off, `squares` Σw², `squares_first` Σw² off and `squares_second` Σw² off²,
    float64. `clusters`, if rows belong together, has the sums of w off and of w as its two blocks.
    """

    centre: float
    rows: NDArray[np.int64]
    weight: Floats
    first: Floats
    squares: Floats
    squares_first: Floats
    squares_second: Floats
    clusters: Clustered | None = None

    @property
    def effective(self) -> Floats:
        """Kish's effective number of rows by their weights, float64 [g]; the rows where there are no weights."""
        return kish(self.weight, self.squares)

    @property
    def effective_clusters(self) -> Floats:
        """The same for clusters in place of rows, float64 [g]; infinite without clusters."""
        if self.clusters is None:
            return np.full(len(self.rows), np.inf)
        return kish(self.weight, self.clusters.own[:, 1, 1])

    @property
    def mean(self) -> Floats:
        """The mean of each group, float64 [g]; NaN for a group without rows."""
        return self.centre + self._off

    @property
    def degrees(self) -> Floats:
        """Degrees of freedom of the mean's error, float64 [g]: a row, or a cluster, less than there are."""
        return np.minimum(self.effective, self.effective_clusters) - 1.0

    @property
    def error_of_rows(self) -> Floats:
        """The mean's squared error if all rows are independent, float64 [g]; NaN for fewer than two rows.

        By linearisation, Σ (w (v - mean))² / (Σ w)² · n / (n - 1) with Kish's n, which is s² / n without weights.
        """
        off = self._off
        spread = self.squares_second - 2.0 * off * self.squares_first + off**2 * self.squares
        return _divide(np.maximum(spread, 0.0), self.weight**2) * _small(self.effective)

    @property
    def error(self) -> Floats:
        """The mean's squared error, float64 [g], at least that of independent rows; NaN for fewer than two."""
        if self.clusters is None:
            return self.error_of_rows
        residual = self._residual
        spread = np.einsum("gi,gij,gj->g", residual, self.clusters.own, residual)
        by_cluster = _divide(np.maximum(spread, 0.0), self.weight**2) * _small(self.effective_clusters)
        return np.fmax(by_cluster, self.error_of_rows)

    def covariance(self, other: Moments, shared: Floats) -> Floats:
        """Return the covariance of each group's mean and the other's; `shared` [g, 2, 2] as `Clustered` has it."""
        products = np.einsum("gi,gij,gj->g", self._residual, shared, other._residual)
        return _divide(products, self.weight * other.weight)

    def rest(self) -> Moments:
        """Return, for each group, the moments of the rows of all the other groups."""
        rows = self.rows.sum() - self.rows

        return self._replaced(sum_of_others, rows, None if self.clusters is None else self.clusters.rest())

    def __getitem__(self, groups: slice | NDArray[np.int64]) -> Moments:
        """Return the moments of some of the groups."""
        clusters = None if self.clusters is None else self.clusters[groups]
        return self._replaced(lambda sums: sums[groups], self.rows[groups], clusters)

    def _replaced(
        self, change: Callable[[Floats], Floats], rows: NDArray[np.int64], clusters: Clustered | None
    ) -> Moments:
        return replace(
            self,
            rows=rows,
            clusters=clusters,
            weight=change(self.weight),
            first=change(self.first),
            squares=change(self.squares),
            squares_first=change(self.squares_first),
            squares_second=change(self.squares_second),
        )

    @property
    def _off(self) -> Floats:
        return _divide(self.first, self.weight)

    @property
    def _residual(self) -> Floats:
        """How often w off and w count in a row's residual w (v - mean), [g, 2]."""
        return np.stack([np.ones_like(self.first), -np.nan_to_num(self._off)], axis=-1)


def moments(
    codes: NDArray[np.int64],
    values: Floats,
    *,
    n_groups: int,
    weights: Floats | None = None,
    clusters: NDArray[np.int64] | None = None,
    reference: int | None = None,
) -> Moments:
    """Return the moments of `values` float [n] per group; rows with code -1 or value NaN are left out.

    `clusters` int [n] are codes from 0, equal for rows that belong together; `reference` is the group that others are
    compared with, if there is one.
    """
    kept = (codes >= 0) & np.isfinite(values)
    whole = bool(kept.all())
    group, value = (codes, values) if whole else (codes[kept], values[kept])
    value = value.astype(np.float64, copy=False)
    weight = None if weights is None else checked_weights(weights[kept])
    # Sums of squares around 0 lose the variance of large numbers; around the mean of all rows, which one huge number
    # moves away from everybody else, they lose that of the others.
    centre = middle_of(value)
    off = value - centre
    if weight is None and clusters is None:
        return _unweighted(group, off, n_groups, centre=centre)
    weight = np.ones(len(value)) if weight is None else weight

    def by_group(terms: Floats) -> Floats:
        return np.bincount(group, weights=terms, minlength=n_groups).astype(np.float64)

    together = None
    if clusters is not None:
        block = np.repeat(np.array([0, 1]), len(value))
        sums = np.concatenate([weight * off, weight])
        together = clustered(
            np.tile(group, 2),
            np.tile(clusters[kept], 2),
            block,
            sums,
            sizes=(n_groups, 2),
            reference=reference,
        )
    return Moments(
        centre=centre,
        rows=np.bincount(group, minlength=n_groups),
        weight=by_group(weight),
        first=by_group(weight * off),
        squares=by_group(weight**2),
        squares_first=by_group(weight**2 * off),
        squares_second=by_group((weight * off) ** 2),
        clusters=together,
    )


def _unweighted(group: NDArray[np.int64], off: Floats, n_groups: int, *, centre: float) -> Moments:
    """Return the moments of rows that all weigh 1: three passes in place of six."""
    rows = np.bincount(group, minlength=n_groups)
    count = rows.astype(np.float64)
    first = np.bincount(group, weights=off, minlength=n_groups).astype(np.float64)
    second = np.bincount(group, weights=np.square(off), minlength=n_groups).astype(np.float64)
    return Moments(
        centre=centre, rows=rows, weight=count, first=first, squares=count, squares_first=first, squares_second=second
    )  # fmt: skip


def _divide(x: Floats, n: Floats) -> Floats:
    """Return x / n, NaN where n is 0."""
    return np.divide(x, n, out=np.full_like(x, np.nan, dtype=np.float64), where=n > 0)


def _small(n: Floats) -> Floats:
    """Return n / (n - 1), NaN for fewer than two."""
    enough = n >= 2.0
    return np.where(enough, n / np.where(enough, n - 1.0, 1.0), np.nan)

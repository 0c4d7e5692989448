"""Means and variances of a number per group, and of everybody else, from one pass of sums."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.counting.weights import checked_weights, kish

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, kw_only=True)
class Moments:
    """Sums over each group's rows, each [g], of values taken from `centre` (the mean of all rows).

    `rows` int64; `weight` Σw, `squares` Σw², `first` Σw(v - centre), `second` Σw(v - centre)², float64.
    """

    centre: float
    rows: NDArray[np.int64]
    weight: NDArray[np.float64]
    squares: NDArray[np.float64]
    first: NDArray[np.float64]
    second: NDArray[np.float64]

    @property
    def n(self) -> NDArray[np.float64]:
        """Kish's effective number of rows, float64 [g]; the rows where there are no weights."""
        return kish(self.weight, self.squares)

    @property
    def mean(self) -> NDArray[np.float64]:
        """The mean of each group, float64 [g]; NaN for a group without rows."""
        return self.centre + self._average(self.first)

    @property
    def variance(self) -> NDArray[np.float64]:
        """The sample variance of each group, float64 [g], n - 1 in the denominator; NaN where n < 2."""
        spread = np.maximum(self._average(self.second) - self._average(self.first) ** 2, 0.0)
        n = self.n
        enough = n >= 2
        return np.where(enough, spread * n / np.where(enough, n - 1.0, 1.0), np.nan)

    def rest(self) -> Moments:
        """Return, for each group, the moments of the rows of all the other groups."""
        rows = self.rows.sum() - self.rows

        def others(sums: NDArray[np.float64]) -> NDArray[np.float64]:
            # As for counts: what float subtraction leaves of nobody must be nothing.
            return np.where(rows > 0, sums.sum() - sums, 0.0)

        return replace(
            self,
            rows=rows,
            weight=others(self.weight),
            squares=others(self.squares),
            first=others(self.first),
            second=others(self.second),
        )

    def _average(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.divide(sums, self.weight, out=np.full_like(sums, np.nan), where=self.weight > 0)


def moments(
    codes: NDArray[np.int64],
    values: NDArray[np.float64],
    *,
    n_groups: int,
    weights: NDArray[np.float64] | None = None,
) -> Moments:
    """Return the moments of `values` float [n] per group; rows with code -1 or value NaN are left out."""
    kept = (codes >= 0) & np.isfinite(values)
    group, value = codes[kept], values[kept].astype(np.float64)
    weight = np.ones(len(value)) if weights is None else checked_weights(weights[kept])
    total = weight.sum()
    # Sums of squares around 0 lose the variance of large numbers; around the common mean they do not.
    centre = float(weight @ value / total) if total > 0 else 0.0
    off = value - centre

    def by_group(terms: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(group, weights=terms, minlength=n_groups).astype(np.float64)

    return Moments(
        centre=centre,
        rows=np.bincount(group, minlength=n_groups),
        weight=by_group(weight),
        squares=by_group(weight**2),
        first=by_group(weight * off),
        second=by_group(weight * off**2),
    )

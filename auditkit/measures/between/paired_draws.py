"""Rates of the groups of one metric before and after, with their errors and bootstrap draws of both together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.closed_forms.quantiles import normal_quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit.measures.between.paired import PairedRate

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Side:
    """Rates of each group [g], their variances [g], and bootstrap deviations from them [draws, g]."""

    value: Floats
    variance: Floats
    off: Floats


@dataclass(frozen=True, eq=False)
class TwoSides:
    """One metric's two sides, the covariance of a group's two rates [g], and its ordered pairs of groups [p]."""

    first: Side
    second: Side
    covariance: Floats
    high: Places
    low: Places

    def exchanged(self) -> TwoSides:
        """Return the same with the first side as the second."""
        return TwoSides(self.second, self.first, self.covariance, self.high, self.low)

    def gaps(self, values: Floats, q: Places | slice = slice(None)) -> Floats:
        """Return the gaps [..., q] of values [..., g], of some of the pairs or of all."""
        gaps: Floats = values[..., self.high[q]] - values[..., self.low[q]]
        return gaps

    def errors(self, p: Places | int, q: Places) -> Floats:
        """Return the standard errors of A_p - B_q, p of the first side and q of the second, broadcast."""
        i, j, k, m = self.high[p], self.low[p], self.high[q], self.low[q]
        alone = self.first.variance[i] + self.first.variance[j]
        other = self.second.variance[k] + self.second.variance[m]
        shared = self.covariance[i] * ((k == i) * 1.0 - (m == i))
        shared = shared - self.covariance[j] * ((k == j) * 1.0 - (m == j))
        errors: Floats = np.sqrt(np.maximum(alone + other - 2 * shared, 0.0))
        return errors


def two_sides(
    rate: PairedRate,
    places: Places,
    *,
    level: float,
    draws: int,
    rng: np.random.Generator,
) -> TwoSides:
    """Return a metric's two sides, after first, with z²/4 rows added to the discordant cells at the level of a pair."""
    g = len(places)
    added = normal_quantile(1 - 2 * level / (g * (g - 1))) ** 2 / 4
    neither, lost, gained, both = (cell[places] for cell in (rate.neither, rate.lost, rate.gained, rate.both))
    cells = np.stack([neither, lost + added, gained + added, both], axis=1)
    n = np.maximum(np.round(cells.sum(axis=1)), 1)
    share = cells / cells.sum(axis=1, keepdims=True)
    drawn = rng.multinomial(n.astype(np.int64), share, size=(draws, g)) / n[:, None] - share
    noise = rng.standard_normal((2, draws, g))
    sides = []
    for rates, counted, error, seeds in (
        (rate.after, (2, 3), rate.spread[1], noise[1]),
        (rate.before, (1, 3), rate.spread[0], noise[0]),
    ):
        p = share[:, counted].sum(axis=1)
        off = drawn[:, :, counted].sum(axis=2) + error * seeds
        sides.append(Side(rates[places], p * (1 - p) / n + error**2, off))
    covariance = (share[:, 3] - share[:, (2, 3)].sum(axis=1) * share[:, (1, 3)].sum(axis=1)) / n
    high, low = np.nonzero(~np.eye(g, dtype=bool))
    return TwoSides(sides[0], sides[1], covariance, high, low)

"""What changed on the same rows in a number whose denominator changes too, such as precision and F1.

Each side has its own interval; the distances of their ends from the values combine as those of dependent estimates
(Zou, Psychological Methods 12, 2007): low = d - sqrt(a² - 2 r a b + b²), a below the value after and b above the one
before. r is the correlation of the two estimates, by the delta method on the rows' cells, truth × before × after: row i
moves sum(w num) / sum(w den) by w_i (num_i - value den_i) / sum(w den). As in Newcombe's tenth method (Statistics in
Medicine 17, 1998), half of one more changed row is taken off the covariance, for that no row changed is no proof that
none will.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.bounds.at_level import bound_at
from auditkit.measures.bounds.tabulated import tabulated_interval
from auditkit.measures.counting.metrics import metric_of
from auditkit.measures.counting.values import selector

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit.measures.between.paired import PairedCounts
    from auditkit.measures.counting.counts import Confusions
    from auditkit.values.finding import Interval

    Floats = NDArray[np.float64]

LEVELS = (0.25, 0.1, 0.05, 0.025, 0.01, 1e-3, 1e-4, 1e-6, 1e-9)
"""One-sided levels at which the ends are worked out; between them they are interpolated."""


def ratio_correlation(pairs: PairedCounts, name: str) -> Floats:
    """Return how a ratio of cells before goes with that after in each group, float64 [g] in [-1, 1]."""
    before, after = (_influence(side, name) for side in (pairs.before, pairs.after))
    moves = np.einsum("gtba,gtb,gta->g", pairs.squares, before, after)
    spreads = (
        np.einsum("gtba,gtb->g", pairs.squares, before**2),
        np.einsum("gtba,gta->g", pairs.squares, after**2),
    )
    weight = _share(pairs.squares.sum(axis=(1, 2, 3)), pairs.table.sum(axis=(1, 2, 3)))
    turned = (weight * np.ptp(side, axis=2).max(axis=1, initial=0.0) for side in (before, after))
    moves = moves - np.prod(list(turned), axis=0) / 2.0
    return np.clip(_share(moves, np.sqrt(spreads[0] * spreads[1])), -1.0, 1.0)


def dependent_change(
    before: tuple[float, Interval], after: tuple[float, Interval], *, correlation: float, confidence: float
) -> Interval:
    """Return the interval of after - before, shares of the same rows, from each value and its interval."""
    (old, of_old), (new, of_new) = before, after
    lows, highs = [], []
    for level in LEVELS:
        below, above = (
            old - bound_at(old, of_old, level, "above"),
            bound_at(old, of_old, level, "below") - old,
        )
        down, up = (new - bound_at(new, of_new, level, "above"), bound_at(new, of_new, level, "below") - new)
        lows.append(new - old - _together(down, above, correlation))
        highs.append(new - old + _together(up, below, correlation))
    return tabulated_interval(new - old, LEVELS, (lows, highs), confidence=confidence, within=(-1.0, 1.0))


def _together(one: float, other: float, correlation: float) -> float:
    """Return the distance of a difference from those of its two sides."""
    return float(np.sqrt(max(one * one - 2.0 * correlation * one * other + other * other, 0.0)))


def _influence(side: Confusions, name: str) -> Floats:
    """Return by how much a row of weight 1 in each cell moves the ratio, float64 [g, k, k]; 0 without a denominator."""
    k = side.table.shape[-1]
    counted, within = selector(metric_of(name), k).T.reshape(2, k, k)
    sums = np.einsum("gtp,tp->g", side.table, within)
    value = _share(np.einsum("gtp,tp->g", side.table, counted), sums)
    return _share(counted - value[:, None, None] * within, sums[:, None, None])


def _share(x: Floats, n: Floats) -> Floats:
    x, n = np.broadcast_arrays(x, n)
    share: Floats = np.divide(x, n, out=np.zeros(x.shape), where=n > 0)
    return share

"""What changed on the same rows where rows belong together, as those of one person: what the changes are worth.

A rate's change is the mean of d = 1 where a row is gained, -1 where it is lost, else 0, over the rows of its
denominator. Its linearised variance is Σ over clusters of (Σ w (d - change))² / (Σ w)²; that over Σ w² (d - change)²,
rows taken for strangers, is how many times fewer rows they are worth. Few changed rows say little of it, so two gained
and two lost rows are added to both sums, as rows of whole clusters; so without any change a cluster is worth one row of
its kind (compare `counting.design`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.between.paired import cells_of
from auditkit.measures.closed_forms.paired_changes import paired_bounds
from auditkit.measures.counting.metrics import metric_of
from auditkit.measures.counting.weights import kish
from auditkit.measures.special import stdtrit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit.measures.between.paired import PairedRate
    from auditkit.measures.closed_forms.mover import Bounds

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]

ADDED = 4.0
"""Changed rows that are added before the variance is read."""


@dataclass(frozen=True, eq=False, kw_only=True)
class ClusteredChange:
    """A paired rate in rows that are worth independent ones, of as many `clusters` of equal weight, float64 [g].

    Its bounds are read with Student's t of `clusters` - 1 degrees of freedom.
    """

    rate: PairedRate
    clusters: Floats

    @property
    def degrees(self) -> Floats:
        """Degrees of freedom, float64 [g], 1 at least."""
        return np.maximum(self.clusters - 1.0, 1.0)

    def interval(self, confidence: float = 0.95) -> Bounds:
        """Return the interval of each change, float64 [g] within [-1, 1]."""
        quantiles = -stdtrit(self.degrees, (1.0 - confidence) / 2.0)
        ends = [paired_bounds(row, float(t)) for row, t in zip(self.rate.numbers, quantiles, strict=True)]
        low, high = np.array(ends, dtype=np.float64).reshape(-1, 2).T
        return low, high


def clustered_change(
    rate: PairedRate,
    metric: str,
    rows: tuple[Codes, Codes, tuple[Codes, Codes]],
    *,
    clusters: Codes,
    n_classes: int,
    weights: Floats | None = None,
) -> ClusteredChange:
    """Return what a paired rate of g groups is worth by clusters.

    `rows` are codes int [n] of group, truth and both predictions, as `count_pairs` takes them; `clusters` int [n] says
    which rows belong together.
    """
    group, truth, predicted = rows
    counted, within = cells_of(metric_of(metric), n_classes)
    used = (group >= 0) & (truth >= 0) & (predicted[0] >= 0) & (predicted[1] >= 0)
    used &= within[truth, predicted[0]]
    codes, row = group[used], np.flatnonzero(used)
    before, after = (counted[truth[row], one[row]].astype(np.float64) for one in predicted)
    weight = np.ones(len(row)) if weights is None else np.asarray(weights, dtype=np.float64)[row]
    weight = weight / max(weight.max(initial=0.0), np.finfo(np.float64).tiny)
    g = len(rate.rows)
    residual = weight * (after - before - np.nan_to_num(rate.change)[codes])
    pair, place = np.unique(codes * (int(clusters.max(initial=0)) + 1) + clusters[row], return_inverse=True)
    of_pair = pair // (int(clusters.max(initial=0)) + 1)

    def total(terms: Floats) -> Floats:
        return np.bincount(codes, weights=terms, minlength=g).astype(np.float64)

    def squared(terms: Floats) -> Floats:
        sums = np.bincount(place, weights=terms, minlength=len(pair))
        return np.bincount(of_pair, weights=sums**2, minlength=g).astype(np.float64)

    whole, squares, by_cluster = total(weight), total(weight**2), squared(weight)
    added = ADDED * _divide(squares, np.bincount(codes, minlength=g).astype(np.float64))
    times = _divide(squared(residual) + added * _divide(by_cluster, squares), total(residual**2) + added)
    worth = 1.0 / np.maximum(times, 1.0)
    cells = {name: getattr(rate, name) * worth for name in ("neither", "lost", "gained", "both")}
    return ClusteredChange(rate=replace(rate, **cells), clusters=kish(whole, by_cluster))


def _divide(x: Floats, n: Floats) -> Floats:
    return np.divide(x, n, out=np.zeros_like(x), where=n > 0)

"""How many rows a rate is worth where rows have weights or belong together, by its linearised variance.

A rate R = Σ w a / Σ w b, for a row's share a in the numerator and b in the denominator, has by linearisation the
variance v = Σ (w (a - R b))² / (Σ w b)², over rows, or over clusters of rows summed first (Woodruff, JASA 66, 1971). It
is worth n = R (1 - R) / v independent rows (Korn and Graubard, Survey Methodology 24, 1998), whether weights go with
the outcome or not. Near 0 and 1 few rows say what v is; so two successes and two failures are added to the sums (as
Agresti and Coull do) and their share taken off n again. They weigh what rows of their kind weigh, as far as there are
such rows, else what all rows do: without events n is Kish's. With clusters they count as rows of whole clusters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.counting.metrics import metric_of
from auditkit.measures.counting.values import blocks_of, proportion_counts
from auditkit.measures.counting.weights import kish

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit.measures.counting.counts import Confusions
    from auditkit.measures.counting.metrics import CountMetric

    Floats = NDArray[np.float64]

ADDED = 2.0
"""Successes, and failures, that are added before the variance is read."""
FEWEST_DEGREES = 3.0


@dataclass(frozen=True, eq=False, kw_only=True)
class Design:
    """What each group's proportion is worth: x of n independent rows, read with Student's t of `degrees` [g] each.

    Without weights and clusters these are the counts themselves, and `degrees` are infinite. Where there are no rows
    of weight, x and n are 0. `independent` is the n of the same rows without clusters, which clusters never exceed.
    """

    x: Floats
    n: Floats
    degrees: Floats
    independent: Floats


@dataclass(frozen=True, eq=False)
class _Kind:
    """The rows of a denominator, or its successes or failures: rows, Σ w, Σ w², and Σ (Σ w)² over clusters."""

    rows: Floats
    weight: Floats
    squares: Floats
    clustered: Floats

    def excess(self) -> Floats:
        """Return half the inverse degrees of freedom that weights which differ take from a sum of their squares.

        The relative variance of such a sum is (μ4 / μ2² - 1) / rows for the moments of the weights. The fourth is that
        of lognormal weights with these first two, μ4 / μ2² = (μ2 / μ1²)⁴: for others it is less. Few rows show less of
        it than there is, so the excess of Kish's rows over the rows counts where it is larger.
        """
        plain = _inverse(kish(self.weight, self.squares)) - _inverse(self.rows)
        spread = _divide(self.squares * self.rows, self.weight**2)
        return np.maximum(plain, _divide(np.maximum(spread**4 - 1.0, 0.0) / 4.0, self.rows))

    def excess_of_clusters(self) -> Floats:
        """Return the same for clusters in place of rows."""
        return _inverse(kish(self.weight, self.clustered)) - _inverse(kish(self.weight, self.squares))


def design(confusions: Confusions, metric: str | CountMetric) -> Design:
    """Return what the metric, a proportion, is worth in each group."""
    metric = metric_of(metric)
    if confusions.clusters is None and confusions.unweighted:
        x, n = proportion_counts(confusions.table, metric)
        return Design(x=x, n=n, degrees=np.full(n.shape, np.inf), independent=n)
    every, success, failure = kinds = _kinds(confusions, metric)
    inverse = 2.0 * _noise_of_weights(every, success, failure)
    n = independent = _worth(every, success, failure, None)
    if confusions.clusters is not None:
        products = _project(confusions.clusters.own, metric, confusions.table.shape[-1])
        n = np.minimum(n, _worth(every, success, failure, products))
        inverse = inverse + np.max([kind.excess_of_clusters() for kind in kinds], axis=0)
    degrees = np.divide(1.0, inverse, out=np.full_like(inverse, np.inf), where=inverse > 1e-12)
    return Design(
        x=_divide(success.weight, every.weight) * n,
        n=n,
        degrees=np.maximum(degrees, FEWEST_DEGREES),
        independent=independent,
    )


def effective_clusters(confusions: Confusions, name: str | CountMetric) -> Floats:
    """Return (Σ w)² / Σ over clusters of (Σ w)², of the metric's denominator in each group, float64 [g].

    It is as many clusters of equal weight as carry as much information if all rows of each were alike; infinite
    without clusters. A mean over classes has the fewest of any class.
    """
    metric = metric_of(name)
    if confusions.clusters is None:
        return np.full(len(confusions.table), np.inf)
    if metric.average_of:
        found = effective_clusters(confusions.classes(), metric.average_of)
        fewest: Floats = found.reshape(-1, len(confusions.table)).min(axis=0)
        return fewest
    every = _kinds(confusions, metric)[0]
    return kish(every.weight, every.clustered)


def covariance(
    own: Confusions, other: Confusions, *, metric: str | CountMetric, shared: NDArray[np.float64]
) -> Floats:
    """Return the covariance of a proportion in each group and in what it is compared with, float64 [g].

    `shared` float64 [g, c, c] are the sums over clusters of s rᵀ, of the sums on both sides (see `Clustered`).
    """
    metric = metric_of(metric)
    products = _project(shared, metric, own.table.shape[-1])
    (x1, n1), (x2, n2) = (proportion_counts(side.table, metric) for side in (own, other))
    mine, theirs = (np.stack([np.ones_like(x), -_divide(x, n)], axis=-1) for x, n in ((x1, n1), (x2, n2)))
    return _divide(np.einsum("gi,gij,gj->g", mine, products, theirs), n1 * n2)


def _kinds(confusions: Confusions, metric: CountMetric) -> tuple[_Kind, _Kind, _Kind]:
    """Return the rows of the denominator, its successes, and its failures."""
    k = confusions.table.shape[-1]
    clusters = confusions.clusters

    def kind(sides: tuple[float, float]) -> _Kind:
        rows, weight, squares = (
            np.stack(proportion_counts(part, metric), axis=-1) @ np.array(sides)
            for part in (confusions.counts, confusions.table, confusions.squares)
        )
        of_clusters = squares
        if clusters is not None:
            of_clusters = np.einsum("i,gij,j->g", sides, _project(clusters.own, metric, k), sides)
        return _Kind(rows, weight, squares, of_clusters)

    return kind((0.0, 1.0)), kind((1.0, 0.0)), kind((-1.0, 1.0))


def _project(products: NDArray[np.float64], metric: CountMetric, k: int) -> NDArray[np.float64]:
    """Return sums of products [g, c, c] as those of the metric's numerator and denominator, [g, 2, 2]."""
    sides = blocks_of(metric, k)
    projected: NDArray[np.float64] = sides.T @ products @ sides
    return projected


def _worth(every: _Kind, success: _Kind, failure: _Kind, products: NDArray[np.float64] | None) -> Floats:
    """Return n for the variance over rows, or over clusters, of which `products` [g, 2, 2] are the sums."""
    mean, square = _divide(every.weight, every.rows), _divide(every.squares, every.rows)
    (u1, q1), (u0, q0) = (_added_row(kind, mean, square) for kind in (success, failure))
    total = every.weight + ADDED * (u1 + u0)
    rate = _divide(success.weight + ADDED * u1, total)
    added = ADDED * ((1.0 - rate) ** 2 * q1 + rate**2 * q0)
    if products is None:
        spread = (1.0 - rate) ** 2 * success.squares + rate**2 * failure.squares + added
    else:
        residual = np.stack([np.ones_like(rate), -rate], axis=-1)
        spread = np.einsum("gi,gij,gj->g", residual, products, residual)
        spread = spread + added * _divide(every.clustered, every.squares)
    n = _divide(rate * (1.0 - rate) * total**2, spread)
    return n * every.rows / (every.rows + 2.0 * ADDED)


def _added_row(kind: _Kind, mean: Floats, square: Floats) -> tuple[Floats, Floats]:
    """Return the weight, and its square, of a row of a kind that is added to each group.

    Where few rows of the kind are seen, it weighs no less than such rows do in all groups together, or all of the
    group's own rows: a heavy class of which a group has none would else be taken for a light one.
    """
    means = _divide(kind.weight.sum(keepdims=True), kind.rows.sum(keepdims=True))
    squares = _divide(kind.squares.sum(keepdims=True), kind.rows.sum(keepdims=True))
    weighs = mean > 0  # a group whose rows all weigh nothing is not measured
    weight = kind.weight + ADDED * np.where(weighs, np.maximum(mean, means), 0.0)
    squared = kind.squares + ADDED * np.where(weighs, np.maximum(square, squares), 0.0)
    return weight / (kind.rows + ADDED), squared / (kind.rows + ADDED)


def _noise_of_weights(every: _Kind, success: _Kind, failure: _Kind) -> Floats:
    """Return how far weights that differ among successes, or failures, leave the variance itself in doubt.

    Satterthwaite's combination of the two kinds, each with the rows it loses to its weights.
    """
    rate = _divide(success.weight, every.weight)
    parts = (1.0 - rate) ** 2 * success.squares, rate**2 * failure.squares
    shares = [_divide(part, parts[0] + parts[1]) for part in parts]
    return shares[0] ** 2 * success.excess() + shares[1] ** 2 * failure.excess()


def _inverse(n: Floats) -> Floats:
    """Return 1 / (n - 1), bounded for less than two rows."""
    return 1.0 / np.maximum(n - 1.0, 0.5)


def _divide(x: Floats, n: Floats) -> Floats:
    """Return x / n, 0 where n is 0."""
    return np.divide(x, n, out=np.zeros_like(x, dtype=np.float64), where=n > 0)

"""The linearised variance of a mean over classes, which is a mean of ratios over the same cells."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.counting.metrics import METRICS, metric_of
from auditkit.measures.counting.values import proportion_counts, selector

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit.measures.counting.counts import Confusions
    from auditkit.measures.counting.metrics import CountMetric


def mean_variance(confusions: Confusions, metric: str | CountMetric) -> NDArray[np.float64]:
    """Return the variance of a mean over classes in each group, float64 [g]; NaN where it cannot be measured.

    The mean of R_c = Σ w a_c / Σ w b_c has the residual e = Σ_c (a_c - R_c b_c) / Σ w b_c / k in a cell, and the
    variance Σ w² e². Over clusters of two classes it is Σ (Σ w e)²; of more, the square of the mean of the classes'
    errors, which is enough whatever their correlation.
    """
    metric = metric_of(metric)
    g, k = len(confusions.table), confusions.table.shape[-1]
    by_class = confusions.classes().table.reshape(k, g, 2, 2)
    numerator, denominator = proportion_counts(by_class, metric.average_of)  # [k, g] each
    known = (denominator > 0).all(axis=0)
    size = np.where(denominator > 0, denominator, 1.0)
    ratio = np.where(known, numerator / size, np.nan)
    over, under = _lifted(METRICS[metric.average_of], k)
    if confusions.clusters is not None and k > 2:
        return _of_classes(confusions, metric, ratio / size, 1.0 / size)
    residual = ((1.0 / size).T @ over - (ratio / size).T @ under) / k
    if confusions.clusters is not None:
        found: NDArray[np.float64] = np.einsum("gi,gij,gj->g", residual, confusions.clusters.own, residual)
        return np.maximum(found, 0.0)
    variance: NDArray[np.float64] = (confusions.squares.reshape(g, -1) * residual**2).sum(axis=1)
    return variance


def _of_classes(
    confusions: Confusions, metric: CountMetric, under: NDArray[np.float64], over: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the square of the mean of the classes' errors; `under` R / Σ w b and `over` 1 / Σ w b are [k, g]."""
    assert confusions.clusters is not None  # noqa: S101  for mypy: the caller looked
    sides = selector(METRICS[metric.average_of], 2)
    residual = over[..., None] * sides[:, 0] - under[..., None] * sides[:, 1]
    own = np.stack([one.own for one in confusions.clusters.classes])
    variance = np.maximum(np.einsum("kgi,kgij,kgj->kg", residual, own, residual), 0.0)
    mean: NDArray[np.float64] = np.sqrt(variance).mean(axis=0) ** 2
    return mean


@cache
def _lifted(metric: CountMetric, k: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return float64 [k, k²] each: how often a cell of k classes counts for each class, above and below the line."""
    truth, predicted = np.divmod(np.arange(k * k), k)
    sides = selector(metric, 2)
    cells = np.stack([(truth == one) * 2 + (predicted == one) for one in range(k)])
    return sides[cells, 0], sides[cells, 1]

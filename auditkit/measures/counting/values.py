"""What a count metric says of confusion tables: values, numerators and denominators, and the rows behind them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from auditkit.errors import UsageError
from auditkit.measures.counting.counts import classes_against_rest
from auditkit.measures.counting.metrics import BINARY_CELLS, METRICS, CountMetric, metric_of
from auditkit.measures.counting.weights import kish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit.measures.counting.counts import Confusions


def metric_values(tables: NDArray[np.number], metric: str | CountMetric) -> NDArray[np.float64]:
    """Return the metric of each table [..., k, k] as float64 [...], NaN where its denominator is 0.

    A mean over classes is NaN unless every class can be measured: means over different sets of classes do
    not compare. This is where Fairlearn, which takes 0/0 for 0, differs.
    """
    values: NDArray[np.float64] = many_values(tables, (metric,))[0]
    return values


def many_values(tables: NDArray[np.number], metrics: Sequence[str | CountMetric]) -> NDArray[np.float64]:
    """Return several metrics of each table [..., k, k] at once as float64 [m, ...]; see metric_values."""
    k = tables.shape[-1]
    asked = [metric_of(metric) for metric in metrics]
    simple = [metric for metric in asked if not metric.average_of]
    found: dict[CountMetric, NDArray[np.float64]] = {}
    if simple:
        flat = np.ascontiguousarray(tables, dtype=np.float64).reshape(-1, k * k)
        picked = np.hstack([selector(metric, k) for metric in simple])
        sums = picked.T @ flat.T
        shares = _divide(sums[0::2], sums[1::2])
        found = {metric: shares[i].reshape(tables.shape[:-2]) for i, metric in enumerate(simple)}
    for metric in asked:
        if metric.average_of:
            found[metric] = class_values(tables, metric.average_of).mean(axis=0)
    return np.stack([found[metric] for metric in asked])


def class_values(tables: NDArray[np.number], name: str) -> NDArray[np.float64]:
    """Return a binary metric of each class against the rest, float64 [k, ...] for tables [..., k, k]."""
    return metric_values(classes_against_rest(tables), name)


def proportion_counts(
    tables: NDArray[np.number], metric: str | CountMetric
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the numerator and denominator of a proportion for each table [..., k, k], float64 [...] each."""
    k = tables.shape[-1]
    sums = np.asarray(tables, dtype=np.float64).reshape(*tables.shape[:-2], k * k)
    sums = sums @ selector(metric_of(metric), k)
    return sums[..., 0], sums[..., 1]


def condition_rows(confusions: Confusions, name: str | CountMetric) -> NDArray[np.int64]:
    """Return how many rows the metric's denominator has in each group, without weights, int64 [g].

    A mean over classes reports the rows of its smallest class.
    """
    metric = metric_of(name)
    if metric.average_of:
        rows = _cell_rows(confusions.classes().counts, METRICS[metric.average_of])
        smallest: NDArray[np.int64] = rows.reshape(-1, len(confusions.counts)).min(axis=0)
        return smallest
    return _cell_rows(confusions.counts, metric)


def condition_effective(confusions: Confusions, name: str | CountMetric) -> NDArray[np.float64]:
    """Return Kish's effective rows of the metric's denominator in each group, float64 [g], by their weights alone.

    Without weights these are the `condition_rows`.
    """
    metric = metric_of(name)
    if metric.average_of:
        found = condition_effective(confusions.classes(), metric.average_of).reshape(
            -1, len(confusions.table)
        )
        least: NDArray[np.float64] = found.min(axis=0)
        return least
    k = confusions.table.shape[-1]
    chosen = (selector(metric, k)[:, 1] > 0).astype(np.float64)
    weight, squares = (part.reshape(-1, k * k) @ chosen for part in (confusions.table, confusions.squares))
    return kish(weight, squares)


def blocks_of(metric: CountMetric, k: int) -> NDArray[np.float64]:
    """Return float64 [c, 2]: how often each block of cells counts in the metric's numerator and denominator.

    The blocks are those of `Clustered`: the four cells of two classes; wrong and right of more.
    """
    if k == 2:
        return selector(metric, 2)
    picked = selector(metric, k)
    return picked[[1, 0]]  # a cell off the diagonal and one on it


def _cell_rows(tables: NDArray[np.number], metric: CountMetric) -> NDArray[np.int64]:
    k = tables.shape[-1]
    chosen = selector(metric, k)[:, 1] > 0
    rows: NDArray[np.int64] = (
        tables.reshape(*tables.shape[:-2], k * k)[..., chosen].sum(axis=-1).astype(np.int64)
    )
    return rows


def _divide(x: NDArray[np.float64], n: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(x, n, out=np.full_like(x, np.nan), where=n > 0)


@cache
def selector(metric: CountMetric, k: int) -> NDArray[np.float64]:
    """Return float64 [k², 2]: how often each cell counts in the metric's numerator and denominator."""
    if metric.average_of or (metric.binary and k != 2):
        message = f"'{metric.name}' has no cells over {k} classes; take one class against the rest"
        raise UsageError(message)
    right = np.eye(k)
    cells = {"right": right, "wrong": 1 - right, "all": np.ones((k, k))}
    if k == 2:
        cells |= dict(zip(BINARY_CELLS, np.eye(4), strict=True))
    sides = (metric.numerator, metric.denominator)
    picked = np.stack(
        [np.sum([cells[cell].ravel() for cell in side.split()], axis=0) for side in sides], axis=1
    )
    picked.setflags(write=False)
    return picked

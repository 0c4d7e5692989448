"""Count metrics as data: each is one sum of confusion cells over another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from auditkit.errors import UsageError, nearest
from auditkit.measures.counting.counts import kish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit.measures.counting.counts import Confusions

_BINARY_CELLS = ("tn", "fp", "fn", "tp")


@dataclass(frozen=True)
class CountMetric:
    """A metric as cells over cells; a cell named twice counts twice.

    Cells are tn, fp, fn, tp (two classes, class 1 positive) or right, wrong, all (any number of classes).
    `condition` names the rows of the denominator, for the reason of a rate that cannot be measured. With
    `average_of`, the metric is that metric's mean over the classes, each against the rest, and has no cells.
    """

    name: str
    numerator: str
    denominator: str
    condition: str
    average_of: str = ""

    @property
    def binary(self) -> bool:
        """Whether the cells exist for two classes only."""
        return not {*self.numerator.split(), *self.denominator.split()}.isdisjoint(_BINARY_CELLS)

    @property
    def proportion(self) -> bool:
        """Whether the numerator counts a part of the denominator's rows, so that score intervals apply."""
        cells = self.denominator.split()
        return bool(cells) and len(set(cells)) == len(cells)


METRICS = {
    metric.name: metric
    for metric in (
        CountMetric("selection_rate", "fp tp", "all", "rows"),
        CountMetric("base_rate", "fn tp", "all", "rows"),
        CountMetric("accuracy", "right", "all", "rows"),
        CountMetric("error_rate", "wrong", "all", "rows"),
        CountMetric("tpr", "tp", "fn tp", "actual positives"),
        CountMetric("fnr", "fn", "fn tp", "actual positives"),
        CountMetric("fpr", "fp", "tn fp", "actual negatives"),
        CountMetric("tnr", "tn", "tn fp", "actual negatives"),
        CountMetric("precision", "tp", "fp tp", "predicted positives"),
        CountMetric("f1", "tp tp", "tp tp fp fn", "actual or predicted positives"),
        CountMetric("balanced_accuracy", "", "", "rows of every class", average_of="tpr"),
        CountMetric("macro_f1", "", "", "actual or predicted rows of every class", average_of="f1"),
    )
}
"""Every count metric by name. Precision is the positive predictive value; tpr is recall."""

JACCARD = CountMetric("jaccard", "tp", "fn fp tp", "actual or predicted positives")
"""The proportion behind f1 = 2 J / (1 + J); not offered by name."""


def available(n_classes: int) -> tuple[str, ...]:
    """Return the metrics that a target with this many classes has; the binary ones need `one_vs_rest`."""
    if n_classes == 2:
        return tuple(name for name in METRICS if name != "macro_f1")
    return tuple(name for name, metric in METRICS.items() if not metric.binary)


def metric_of(name: str | CountMetric) -> CountMetric:
    """Return a metric by name, or raise UsageError with the nearest one."""
    if isinstance(name, CountMetric):
        return name
    if name not in METRICS:
        message = f"there is no count metric '{name}'{nearest(name, METRICS)}"
        raise UsageError(message)
    return METRICS[name]


def metric_values(tables: NDArray[np.number], name: str) -> NDArray[np.float64]:
    """Return the metric of each table [..., k, k] as float64 [...], NaN where its denominator is 0.

    A mean over classes is NaN unless every class can be measured: means over different sets of classes do
    not compare. This is where Fairlearn, which takes 0/0 for 0, differs.
    """
    values: NDArray[np.float64] = many_values(tables, (name,))[0]
    return values


def many_values(tables: NDArray[np.number], names: Sequence[str]) -> NDArray[np.float64]:
    """Return several metrics of each table [..., k, k] at once as float64 [m, ...]; see metric_values."""
    k = tables.shape[-1]
    simple = [name for name in names if not metric_of(name).average_of]
    found: dict[str, NDArray[np.float64]] = {}
    if simple:
        flat = np.ascontiguousarray(tables, dtype=np.float64).reshape(-1, k * k)
        picked = np.hstack([_selector(METRICS[name], k) for name in simple])
        sums = picked.T @ flat.T
        shares = _divide(sums[0::2], sums[1::2])
        found = {name: shares[i].reshape(tables.shape[:-2]) for i, name in enumerate(simple)}
    for name in names:
        if METRICS[name].average_of:
            found[name] = class_values(tables, METRICS[name].average_of).mean(axis=0)
    return np.stack([found[name] for name in names])


def class_values(tables: NDArray[np.number], name: str) -> NDArray[np.float64]:
    """Return a binary metric of each class against the rest, float64 [k, ...] for tables [..., k, k]."""
    k = tables.shape[-1]
    return np.stack([metric_values(one_vs_rest(tables, positive), name) for positive in range(k)])


def one_vs_rest(tables: NDArray[np.number], positive: int) -> NDArray[np.float64]:
    """Return tables [..., 2, 2] in which class `positive` of tables [..., k, k] is class 1."""
    tables = np.asarray(tables, dtype=np.float64)
    tp = tables[..., positive, positive]
    fn = np.delete(tables[..., positive, :], positive, axis=-1).sum(axis=-1)
    fp = np.delete(tables[..., :, positive], positive, axis=-1).sum(axis=-1)
    others = np.delete(np.delete(tables, positive, axis=-1), positive, axis=-2)
    tn = others.sum(axis=(-1, -2))
    return np.stack([np.stack([tn, fp], axis=-1), np.stack([fn, tp], axis=-1)], axis=-2)


def proportion_counts(
    tables: NDArray[np.number], metric: str | CountMetric
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the numerator and denominator of a proportion for each table [..., k, k], float64 [...] each."""
    k = tables.shape[-1]
    sums = np.asarray(tables, dtype=np.float64).reshape(*tables.shape[:-2], k * k)
    sums = sums @ _selector(metric_of(metric), k)
    return sums[..., 0], sums[..., 1]


def effective_counts(
    confusions: Confusions, metric: str | CountMetric
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (x, n) of each group's proportion in Kish's effective rows, float64 [g] each, for intervals.

    x / n is the weighted rate; n is the denominator's (Σw)² / Σw². Both are 0 where nothing can be measured.
    """
    x, n = proportion_counts(confusions.table, metric)
    _, squares = proportion_counts(confusions.squares, metric)
    effective = kish(n, squares)
    return np.divide(x, n, out=np.zeros_like(x), where=n > 0) * effective, effective


def condition_rows(confusions: Confusions, name: str) -> NDArray[np.int64]:
    """Return how many rows the metric's denominator has in each group, without weights, int64 [g].

    A mean over classes reports the rows of its smallest class.
    """
    metric = metric_of(name)
    if metric.average_of:
        k = confusions.counts.shape[-1]
        tables = [one_vs_rest(confusions.counts, positive) for positive in range(k)]
        rows = np.stack([_cell_rows(table, METRICS[metric.average_of]) for table in tables])
        smallest: NDArray[np.int64] = rows.min(axis=0)
        return smallest
    return _cell_rows(confusions.counts, metric)


def _cell_rows(tables: NDArray[np.number], metric: CountMetric) -> NDArray[np.int64]:
    k = tables.shape[-1]
    chosen = _selector(metric, k)[:, 1] > 0
    rows: NDArray[np.int64] = (
        tables.reshape(*tables.shape[:-2], k * k)[..., chosen].sum(axis=-1).astype(np.int64)
    )
    return rows


def _divide(x: NDArray[np.float64], n: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(x, n, out=np.full_like(x, np.nan), where=n > 0)


@cache
def _selector(metric: CountMetric, k: int) -> NDArray[np.float64]:
    """Return float64 [k², 2]: how often each cell counts in the metric's numerator and denominator."""
    if metric.average_of or (metric.binary and k != 2):
        message = f"'{metric.name}' has no cells over {k} classes; take one class against the rest"
        raise UsageError(message)
    right = np.eye(k)
    cells = {"right": right, "wrong": 1 - right, "all": np.ones((k, k))}
    if k == 2:
        cells |= dict(zip(_BINARY_CELLS, np.eye(4), strict=True))
    sides = (metric.numerator, metric.denominator)
    picked = np.stack(
        [np.sum([cells[cell].ravel() for cell in side.split()], axis=0) for side in sides], axis=1
    )
    picked.setflags(write=False)
    return picked

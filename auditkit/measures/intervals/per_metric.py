"""The interval of any count metric of a group, and of its signed gap group - rest, in closed form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.counting.counts import Confusions
from auditkit.measures.counting.metrics import (
    JACCARD,
    METRICS,
    effective_counts,
    metric_of,
    metric_values,
    one_vs_rest,
)
from auditkit.measures.intervals.mover import hybrid
from auditkit.measures.intervals.proportions import newcombe, wilson
from auditkit.report import Interval

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, kw_only=True)
class Measured:
    """A metric of each group, float64 [g], with interval; NaN throughout where it cannot be measured.

    `basis` float64 [g, 0, 2 or 4] holds what `Interval.basis` of this `method` needs.
    """

    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    confidence: float
    method: str
    basis: NDArray[np.float64]

    def interval(self, group: int) -> Interval:
        """Return one group's interval as a finding carries it."""
        basis = tuple(self.basis[group].tolist())
        low, high = float(self.low[group]), float(self.high[group])
        return Interval(low, high, self.confidence, self.method, basis)


def measure(confusions: Confusions, name: str, *, confidence: float = 0.95) -> Measured:
    """Return the metric of each group with its interval, in Kish's effective rows where there are weights.

    A proportion has Wilson's interval. f1 is 2 J / (1 + J) of the proportion J = tp / (tp + fp + fn), and has
    its image. balanced_accuracy combines its classes' intervals as of independent rows (MOVER); macro_f1,
    whose classes share rows, averages their bounds, which is wide enough whatever their correlation.
    """
    value = metric_values(confusions.table, name)
    low, high = _bounds(confusions, name, confidence=confidence)
    unknown = np.isnan(value)
    low, high = np.where(unknown, np.nan, low), np.where(unknown, np.nan, high)
    proportion = metric_of(name).proportion
    basis = np.column_stack(effective_counts(confusions, name)) if proportion else np.empty((len(value), 0))
    method = "wilson" if proportion else "score"
    return Measured(value=value, low=low, high=high, confidence=confidence, method=method, basis=basis)


def measure_gap(group: Confusions, rest: Confusions, *, name: str, confidence: float = 0.95) -> Measured:
    """Return the signed gap group - rest of each group with its interval.

    A difference of proportions has Newcombe's interval; the other metrics combine the two sides' intervals in
    the same way (Zou and Donner, 2008).
    """
    mine = measure(group, name, confidence=confidence)
    theirs = measure(rest, name, confidence=confidence)
    value = mine.value - theirs.value
    if metric_of(name).proportion:
        basis = np.column_stack([mine.basis, theirs.basis])
        x1, n1, x2, n2 = basis.T
        low, high = newcombe(x1, n1, x2, n2, confidence)
        low, high = np.where(np.isnan(value), np.nan, low), np.where(np.isnan(value), np.nan, high)
        return Measured(
            value=value, low=low, high=high, confidence=confidence, method="newcombe", basis=basis
        )
    low, high = hybrid(mine.value, mine.low, mine.high, theirs.value, theirs.low, theirs.high)
    basis = np.empty((len(value), 0))
    return Measured(value=value, low=low, high=high, confidence=confidence, method="hybrid", basis=basis)


def _bounds(
    confusions: Confusions, name: str, *, confidence: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    metric = METRICS[name]
    if metric.proportion:
        return wilson(*effective_counts(confusions, name), confidence)
    if name == "f1":
        low, high = wilson(*effective_counts(confusions, JACCARD), confidence)
        return 2 * low / (1 + low), 2 * high / (1 + high)
    classes = [_class(confusions, positive) for positive in range(confusions.table.shape[-1])]
    parts = [measure(one, metric.average_of, confidence=confidence) for one in classes]
    values, lows, highs = (
        np.stack([getattr(part, side) for part in parts]) for side in ("value", "low", "high")
    )
    if name == "macro_f1":
        return lows.mean(axis=0), highs.mean(axis=0)
    middle, k = values.mean(axis=0), len(parts)
    below, above = np.sqrt(((values - lows) ** 2).sum(axis=0)), np.sqrt(((highs - values) ** 2).sum(axis=0))
    return np.maximum(middle - below / k, 0.0), np.minimum(middle + above / k, 1.0)


def _class(confusions: Confusions, positive: int) -> Confusions:
    return Confusions(
        counts=one_vs_rest(confusions.counts, positive).astype(np.int64),
        table=one_vs_rest(confusions.table, positive),
        squares=one_vs_rest(confusions.squares, positive),
    )

"""The interval of any count metric of a group, and of its signed gap group - rest, in closed form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit.measures.counting.metrics import METRICS, CountMetric, metric_of
from auditkit.measures.counting.values import effective_counts, metric_values
from auditkit.measures.intervals.mover import hybrid
from auditkit.measures.intervals.proportions import newcombe, wilson
from auditkit.values.finding import Interval

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from auditkit.measures.counting.counts import Confusions
    from auditkit.measures.intervals.mover import Bounds


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


def measure(confusions: Confusions, name: str | CountMetric, *, confidence: float = 0.95) -> Measured:
    """Return the metric of each group with its interval, in Kish's effective rows where there are weights.

    The metric's rule says how: a proportion has Wilson's interval; f1, which is 2 J / (1 + J) of the proportion
    J = tp / (tp + fp + fn), its image; means over classes combine the classes' intervals.
    """
    value = metric_values(confusions.table, name)
    metric = metric_of(name)
    low, high = RULES[metric.interval](confusions, metric, confidence)
    unknown = np.isnan(value)
    low, high = np.where(unknown, np.nan, low), np.where(unknown, np.nan, high)
    basis = np.empty((len(value), 0))
    if metric.proportion:
        basis = np.column_stack(effective_counts(confusions, metric))
    method = "wilson" if metric.proportion else "score"
    return Measured(value=value, low=low, high=high, confidence=confidence, method=method, basis=basis)


def measure_gap(
    group: Confusions, rest: Confusions, *, name: str | CountMetric, confidence: float = 0.95
) -> Measured:
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


Rule: TypeAlias = "Callable[[Confusions, CountMetric, float], Bounds]"


def _proportion(confusions: Confusions, metric: CountMetric, confidence: float) -> Bounds:
    """Return Wilson's interval."""
    return wilson(*effective_counts(confusions, metric), confidence)


def _image(confusions: Confusions, metric: CountMetric, confidence: float) -> Bounds:
    """Return the image of the interval of the proportion that the metric is an increasing function of."""
    image = metric.image_of
    assert image is not None  # noqa: S101  CountMetric checks it; this tells mypy
    low, high = wilson(*effective_counts(confusions, image.proportion), confidence)
    return image.function(low), image.function(high)


def _mean_of_classes(confusions: Confusions, metric: CountMetric, confidence: float) -> Bounds:
    """Return the classes' intervals combined as of independent rows (MOVER)."""
    value, low, high = _by_class(confusions, metric, confidence)
    middle, k = value.mean(axis=0), len(value)
    below, above = np.sqrt(((value - low) ** 2).sum(axis=0)), np.sqrt(((high - value) ** 2).sum(axis=0))
    return np.maximum(middle - below / k, 0.0), np.minimum(middle + above / k, 1.0)


def _mean_of_shared_rows(confusions: Confusions, metric: CountMetric, confidence: float) -> Bounds:
    """Return the mean of the classes' bounds, which is wide enough whatever their correlation."""
    _, low, high = _by_class(confusions, metric, confidence)
    return low.mean(axis=0), high.mean(axis=0)


RULES: dict[str, Rule] = {
    "proportion": _proportion,
    "image": _image,
    "mean_of_classes": _mean_of_classes,
    "mean_of_shared_rows": _mean_of_shared_rows,
}
"""How the interval of a metric is made, by the rule that the metric names."""

if unserved := [metric.name for metric in METRICS.values() if metric.interval not in RULES]:
    message = f"no interval is made for {', '.join(unserved)}: their rule is not in RULES"
    raise ValueError(message)


def _by_class(
    confusions: Confusions, metric: CountMetric, confidence: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return value, low and high of the metric that is averaged, of each class against the rest, [k, g] each."""
    found = measure(confusions.classes(), metric.average_of, confidence=confidence)
    g = len(confusions.table)
    return found.value.reshape(-1, g), found.low.reshape(-1, g), found.high.reshape(-1, g)

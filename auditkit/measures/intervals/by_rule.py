"""How the interval of a count metric is made, by the rule it names, and of which counts where rows are plain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit.measures.closed_forms.proportions import wilson
from auditkit.measures.counting.design import Design, design
from auditkit.measures.counting.metrics import METRICS, CountMetric, metric_of
from auditkit.measures.counting.values import metric_values

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from auditkit.measures.counting.counts import Confusions

    Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ends:
    """Low and high of an interval, and the degrees of freedom that it rests on, float64 [g] each."""

    low: Floats
    high: Floats
    degrees: Floats


Rule: TypeAlias = "Callable[[Confusions, CountMetric, float], Ends]"


def _proportion(confusions: Confusions, metric: CountMetric, confidence: float) -> Ends:
    """Return Wilson's interval."""
    worth = design(confusions, metric)
    low, high = wilson(worth.x, worth.n, confidence, degrees=worth.degrees)
    return Ends(low, high, worth.degrees)


def _image(confusions: Confusions, metric: CountMetric, confidence: float) -> Ends:
    """Return the image of the interval of the proportion that the metric is an increasing function of."""
    image = metric.image_of
    assert image is not None  # noqa: S101  CountMetric checks it; this tells mypy
    found = _proportion(confusions, image.proportion, confidence)
    return Ends(image.function(found.low), image.function(found.high), found.degrees)


def _mean_of_classes(confusions: Confusions, metric: CountMetric, confidence: float) -> Ends:
    """Return the classes' intervals combined as of independent rows (MOVER); clusters may tie the classes together."""
    if confusions.clusters is not None:
        return _mean_of_shared_rows(confusions, metric, confidence)
    value, low, high, degrees = _by_class(confusions, metric, confidence)
    middle, k = value.mean(axis=0), len(value)
    below, above = np.sqrt(((value - low) ** 2).sum(axis=0)), np.sqrt(((high - value) ** 2).sum(axis=0))
    return Ends(np.maximum(middle - below / k, 0.0), np.minimum(middle + above / k, 1.0), degrees)


def _mean_of_shared_rows(confusions: Confusions, metric: CountMetric, confidence: float) -> Ends:
    """Return the mean of the classes' bounds, which is wide enough whatever their correlation."""
    _, low, high, degrees = _by_class(confusions, metric, confidence)
    return Ends(low.mean(axis=0), high.mean(axis=0), degrees)


def _f1_counts(confusions: Confusions, metric: CountMetric) -> tuple[str, list[Design]]:
    """Return the counts of the proportion that f1 is an image of."""
    image = metric.image_of
    assert image is not None  # noqa: S101  CountMetric checks it; this tells mypy
    return "f1", [design(confusions, image.proportion)]


def _recall_counts(confusions: Confusions, metric: CountMetric) -> tuple[str, list[Design]] | None:
    """Return the counts of each class's recall, None where clusters may tie the classes together."""
    if confusions.clusters is not None or metric.average_of != "tpr":
        return None
    return "recalls", _of_each_class(confusions, metric_of("tpr"))


def _f1_counts_of_classes(confusions: Confusions, metric: CountMetric) -> tuple[str, list[Design]] | None:
    """Return the counts behind each class's f1."""
    image = metric_of(metric.average_of).image_of
    return None if image is None else ("f1", _of_each_class(confusions, image.proportion))


def _of_each_class(confusions: Confusions, proportion: CountMetric) -> list[Design]:
    """Return what a proportion is worth for each class against the rest."""
    g, found = len(confusions.table), design(confusions.classes(), proportion)
    names = ("x", "n", "degrees", "independent")
    return [
        replace(found, **{name: getattr(found, name)[k * g : (k + 1) * g] for name in names})
        for k in range(len(found.x) // g)
    ]


COUNTED: dict[str, Callable[[Confusions, CountMetric], tuple[str, list[Design]] | None]] = {
    "image": _f1_counts,
    "mean_of_classes": _recall_counts,
    "mean_of_shared_rows": _f1_counts_of_classes,
}
"""Rules whose bounds follow from counts alone, where rows are plain."""

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
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return value, low and high [k, g] of the metric that is averaged, of each class against the rest.

    Last the fewest degrees of freedom of any class, [g].
    """
    classes, averaged = confusions.classes(), metric_of(metric.average_of)
    found = RULES[averaged.interval](classes, averaged, confidence)
    value = metric_values(classes.table, averaged)
    g = len(confusions.table)
    value, low, high, degrees = (
        part.reshape(-1, g) for part in (value, found.low, found.high, found.degrees)
    )
    return value, low, high, degrees.min(axis=0)


def counted(confusions: Confusions, metric: CountMetric) -> tuple[str, Floats] | None:
    """Return the method and the basis [g, b] of a metric whose bounds follow from counts of plain rows, else None."""
    parts = COUNTED[metric.interval](confusions, metric) if metric.interval in COUNTED else None
    if parts is None or not all(np.isinf(part.degrees).all() for part in parts[1]):
        return None
    return parts[0], np.stack([column for part in parts[1] for column in (part.x, part.n)], axis=1)

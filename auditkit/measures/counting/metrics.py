"""Count metrics as data: each is one sum of confusion cells over another, and says how its interval is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from auditkit.errors import UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

BINARY_CELLS = ("tn", "fp", "fn", "tp")

IntervalRule: TypeAlias = Literal["proportion", "image", "mean_of_classes", "mean_of_shared_rows"]
"""How a metric's interval is made: `intervals.by_rule` holds a function for each.

A `proportion` has a score interval; an `image` of a proportion has its image; a mean over classes combines the classes'
intervals as of different rows, or, where the classes share rows, in a way that holds whatever their correlation.
"""


@dataclass(frozen=True)
class CountMetric:
    """A metric as cells over cells; a cell named twice counts twice.

    Cells are tn, fp, fn, tp (two classes, class 1 positive) or right, wrong, all (any number of classes).
    `condition` names the rows of the denominator, for the reason of a rate that cannot be measured. With
    `average_of`, the metric is that metric's mean over the classes, each against the rest, and has no cells.
    With `image_of`, it is an increasing function of that proportion.
    """

    name: str
    numerator: str
    denominator: str
    condition: str
    interval: IntervalRule
    average_of: str = ""
    image_of: Image | None = None

    def __post_init__(self) -> None:
        """Raise ValueError where the interval's rule does not fit what the metric is made of."""
        cells = self.denominator.split()
        fits = {
            "proportion": bool(cells) and len(set(cells)) == len(cells),
            "image": self.image_of is not None,
            "mean_of_classes": bool(self.average_of),
            "mean_of_shared_rows": bool(self.average_of),
        }
        if not fits.get(self.interval, False):
            message = f"metric '{self.name}' cannot have an interval by the rule '{self.interval}'"
            raise ValueError(message)

    @property
    def binary(self) -> bool:
        """Whether the cells exist for two classes only."""
        return not {*self.numerator.split(), *self.denominator.split()}.isdisjoint(BINARY_CELLS)

    @property
    def proportion(self) -> bool:
        """Whether the numerator counts a part of the denominator's rows, so that score intervals apply."""
        return self.interval == "proportion"


@dataclass(frozen=True)
class Image:
    """The proportion that a metric is an increasing function of, and that function on float64 [...]."""

    proportion: CountMetric
    function: Callable[[NDArray[np.float64]], NDArray[np.float64]]


def _f1_of_jaccard(jaccard: NDArray[np.float64]) -> NDArray[np.float64]:
    return 2 * jaccard / (1 + jaccard)


_ACTUAL_OR_PREDICTED = "actual or predicted positives"
_JACCARD = CountMetric("jaccard", "tp", "fn fp tp", _ACTUAL_OR_PREDICTED, "proportion")

METRICS = {
    metric.name: metric
    for metric in (
        CountMetric("selection_rate", "fp tp", "all", "rows", "proportion"),
        CountMetric("base_rate", "fn tp", "all", "rows", "proportion"),
        CountMetric("accuracy", "right", "all", "rows", "proportion"),
        CountMetric("error_rate", "wrong", "all", "rows", "proportion"),
        CountMetric("tpr", "tp", "fn tp", "actual positives", "proportion"),
        CountMetric("fnr", "fn", "fn tp", "actual positives", "proportion"),
        CountMetric("fpr", "fp", "tn fp", "actual negatives", "proportion"),
        CountMetric("tnr", "tn", "tn fp", "actual negatives", "proportion"),
        CountMetric("precision", "tp", "fp tp", "predicted positives", "proportion"),
        CountMetric("npv", "tn", "tn fn", "predicted negatives", "proportion"),
        CountMetric("fdr", "fp", "fp tp", "predicted positives", "proportion"),
        CountMetric("for", "fn", "tn fn", "predicted negatives", "proportion"),
        CountMetric(
            "f1", "tp tp", "tp tp fp fn", _ACTUAL_OR_PREDICTED, "image", image_of=Image(_JACCARD, _f1_of_jaccard)
        ),
        CountMetric("balanced_accuracy", "", "", "rows of every class", "mean_of_classes", average_of="tpr"),
        CountMetric(
            "macro_f1", "", "", "actual or predicted rows of every class", "mean_of_shared_rows", average_of="f1"
        ),
    )
}  # fmt: skip
"""Every count metric by name. Precision is the positive predictive value; tpr is recall."""


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

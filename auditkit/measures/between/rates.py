"""A metric of every group with its standard error: what groups are compared by when all of them are at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.closed_forms.fronts import pairs_that_count
from auditkit.measures.closed_forms.quantiles import student_quantile
from auditkit.measures.closed_forms.simultaneous import pairwise_critical
from auditkit.measures.counting.design import design
from auditkit.measures.counting.linear import mean_variance
from auditkit.measures.counting.metrics import METRICS, metric_of
from auditkit.measures.counting.values import condition_effective, metric_values
from auditkit.measures.losses.bounds import MeanBasis
from auditkit.measures.losses.roots import RootBasis
from auditkit.measures.special import ndtr

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from auditkit.measures.closed_forms.simultaneous import Pairs
    from auditkit.measures.counting.counts import Confusions
    from auditkit.measures.counting.metrics import CountMetric
    from auditkit.measures.intervals.per_metric import Measured
    from auditkit.measures.scores.ranked import Ranked

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Rates:
    """A metric of each group and its standard error, float64 [g], NaN where not measurable; a rate lies in [0, 1].

    A mean without such limits has a `tail` [g]: the share of the sum that the largest 1 % of rows hold where the tail
    is too heavy for a bound, else -1.
    """

    value: Floats
    error: Floats
    tail: Floats | None = None

    @cached_property
    def measurable(self) -> Rates:
        """The rates of the groups that can be measured."""
        kept = np.isfinite(self.value)
        return Rates(self.value[kept], self.error[kept], None if self.tail is None else self.tail[kept])

    @cached_property
    def pairs(self) -> Pairs:
        """The pairs of groups, each with the higher rate first, among which are those that set a bound for all pairs.

        The rates are those of measurable groups, two at least.
        """
        return pairs_that_count(self.value, self.error)

    def only(self, kept: NDArray[np.bool_]) -> Rates:
        """Return the rates with all groups but the kept ones [g] as not measurable."""
        return Rates(np.where(kept, self.value, np.nan), np.where(kept, self.error, np.nan), self.tail)

    def __len__(self) -> int:
        return len(self.value)


def rates_of(confusions: Confusions, name: str | CountMetric, *, confidence: float = 0.95) -> Rates:
    """Return a count metric of each group with its standard error, by the rule of the metric's interval.

    That of a proportion is shrunken (see `rates_from_counts`), and so is that of f1, whose error is how far it moves
    with one error of its proportion. Means over classes have the linearised variance of all their cells, raised by
    what shrinking adds to a proportion among the rows of the smallest class.
    """
    metric = metric_of(name)
    return RULES[metric.interval](confusions, metric, confidence)


def rates_of_ranking(ranked: Ranked, *, confidence: float = 0.95) -> Rates:
    """Return a ranking measure of each group with its safe error, enlarged as `rates_from_counts` says."""
    return Rates(ranked.value, ranked.safe * _enlarged(ranked.value, ranked.degrees, confidence))


def rates_of_means(found: Measured, *, confidence: float = 0.95) -> Rates:
    """Return the mean of each group, or the root of a mean square, with its error, enlarged as in `rates_from_counts`.

    `found` is of `mean_losses` or of `root_means`. A root's error is read off its high end, which lies further away.
    """
    degrees, top = found.basis[:, 1], found.basis[:, 3]
    if found.method == "root_mean":
        error = (found.high - found.value) / student_quantile(found.confidence, degrees)
        heavy = [RootBasis(*row).heavy for row in found.basis.tolist()]
    else:
        error, heavy = found.basis[:, 0], [bool(MeanBasis(*row).heavy) for row in found.basis.tolist()]
    value = np.where(np.isfinite(error), found.value, np.nan)
    return Rates(value, error * _enlarged(value, degrees, confidence), np.where(heavy, top, -1.0))


def rates_from_counts(
    x: ArrayLike, n: ArrayLike, *, confidence: float = 0.95, degrees: ArrayLike = np.inf
) -> Rates:
    """Return the rates x / n of each group [g] (effective counts will do), not measurable where n is 0.

    The standard error is that of a rate with c² / 2 successes and failures added, c the critical value in use
    (Agresti and Coull, American Statistician 52, 1998): at 0 or n successes it is not 0. It is enlarged by t / c, of
    Student's t with `degrees` [g] of freedom at the level of c.
    """
    x, n = np.asarray(x, dtype=np.float64), np.asarray(n, dtype=np.float64)
    value = np.divide(x, n, out=np.full_like(n, np.nan), where=n > 0)
    return Rates(value, _shrunken(value, n, confidence) * _enlarged(value, degrees, confidence))


def _proportion(confusions: Confusions, metric: CountMetric, confidence: float) -> Rates:
    worth = design(confusions, metric)
    return rates_from_counts(worth.x, worth.n, confidence=confidence, degrees=worth.degrees)


def _image(confusions: Confusions, metric: CountMetric, confidence: float) -> Rates:
    image = metric.image_of
    assert image is not None  # noqa: S101  CountMetric checks it; this tells mypy
    rates = _proportion(confusions, image.proportion, confidence)
    value = image.function(rates.value)
    up, down = (
        image.function(np.clip(rates.value + sign * rates.error, 0.0, 1.0)) - value for sign in (1.0, -1.0)
    )
    return Rates(value, np.maximum(up, -down))


def _mean(confusions: Confusions, metric: CountMetric, confidence: float) -> Rates:
    value = metric_values(confusions.table, metric)
    n = condition_effective(confusions, metric)
    size = np.where(n > 0, n, np.nan)
    raised = _shrunken(value, size, confidence) ** 2 - value * (1.0 - value) / size
    error = np.sqrt(
        np.maximum(mean_variance(confusions, metric) + raised, 0.0)
    )  # 0 less a rounding has no root
    averaged = METRICS[metric.average_of]
    proportion = averaged if averaged.image_of is None else averaged.image_of.proportion
    degrees = design(confusions.classes(), proportion).degrees.reshape(-1, len(value)).min(axis=0)
    return Rates(value, error * _enlarged(value, degrees, confidence))


RULES: dict[str, Callable[[Confusions, CountMetric, float], Rates]] = {
    "proportion": _proportion,
    "image": _image,
    "mean_of_classes": _mean,
    "mean_of_shared_rows": _mean,
}
"""How the rates of a metric are made, by the rule of its interval."""

if unserved := [metric.name for metric in METRICS.values() if metric.interval not in RULES]:
    message = f"no rates are made for {', '.join(unserved)}: their rule is not in RULES"
    raise ValueError(message)


def _critical(value: Floats, confidence: float) -> float:
    """Return the critical value for all pairs of the groups that have a value."""
    return pairwise_critical(max(int(np.isfinite(value).sum()), 2), (1.0 - confidence) / 2.0)


def _shrunken(value: Floats, n: Floats, confidence: float) -> Floats:
    added = _critical(np.where(n > 0, value, np.nan), confidence) ** 2
    size = np.where(n > 0, n, np.nan)
    shrunken = (value * size + added / 2.0) / (size + added)
    return np.sqrt(shrunken * (1.0 - shrunken) / size)


def _enlarged(value: Floats, degrees: ArrayLike, confidence: float) -> Floats:
    c = _critical(value, confidence)
    return student_quantile(1.0 - 2.0 * float(ndtr(-c)), degrees) / c

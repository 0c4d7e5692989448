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
    Shape = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Rates:
    """A metric of each group and its standard error, float64 [g], NaN where not measurable; a rate lies in [0, 1].

    Groups of several sets, each compared within itself, are [s, g]. A mean without such limits has a `tail` [g]: the
    share of the sum that the largest 1 % of rows hold where the tail is too heavy for a bound, else -1.
    """

    value: Floats
    error: Floats
    tail: Floats | None = None

    @cached_property
    def pairs(self) -> Pairs:
        """The pairs of groups, each with the higher rate first, among which are those that set a bound for all pairs.

        They are those of one set, or of each; of fewer than two measurable groups they mean nothing.
        """
        return pairs_that_count(np.atleast_2d(self.value), np.atleast_2d(self.error))

    def only(self, kept: NDArray[np.bool_]) -> Rates:
        """Return the rates with all groups but the kept ones [g] as not measurable."""
        return Rates(np.where(kept, self.value, np.nan), np.where(kept, self.error, np.nan), self.tail)

    def __len__(self) -> int:
        return len(self.value)


def rates_of(
    confusions: Confusions, name: str | CountMetric, *, confidence: float = 0.95, sets: int | None = None
) -> Rates:
    """Return a count metric of each group with its standard error, by the rule of the metric's interval.

    Of so many `sets` of groups, one after the other, it is [sets, g], and each is compared within itself.

    That of a proportion is shrunken (see `rates_from_counts`), and so is that of f1, whose error is how far it moves
    with one error of its proportion. Means over classes have the linearised variance of all their cells, raised by
    what shrinking adds to a proportion among the rows of the smallest class.
    """
    metric = metric_of(name)
    g = len(confusions.table) // (sets or 1)
    if sets is not None and not (confusions.unweighted and confusions.clusters is None):
        # What rows weigh that weights say too little of is read off the groups of the same set.
        parts = [
            rates_of(confusions[k * g : (k + 1) * g], metric, confidence=confidence) for k in range(sets)
        ]
        return Rates(np.stack([part.value for part in parts]), np.stack([part.error for part in parts]))
    shape = (g,) if sets is None else (sets, g)
    return RULES[metric.interval](confusions, metric, confidence, shape)


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
    """Return the rates x / n of each group [..., g] (effective counts will do), not measurable where n is 0.

    The standard error is that of a rate with c² / 2 successes and failures added, c the critical value in use
    (Agresti and Coull, American Statistician 52, 1998): at 0 or n successes it is not 0. It is enlarged by t / c, of
    Student's t with `degrees` [..., g] of freedom at the level of c.
    """
    x, n = np.asarray(x, dtype=np.float64), np.asarray(n, dtype=np.float64)
    value = np.divide(x, n, out=np.full_like(n, np.nan), where=n > 0)
    return Rates(value, _shrunken(value, n, confidence) * _enlarged(value, degrees, confidence))


def _proportion(confusions: Confusions, metric: CountMetric, confidence: float, shape: Shape) -> Rates:
    worth = design(confusions, metric)
    x, n, degrees = (part.reshape(shape) for part in (worth.x, worth.n, worth.degrees))
    return rates_from_counts(x, n, confidence=confidence, degrees=degrees)


def _image(confusions: Confusions, metric: CountMetric, confidence: float, shape: Shape) -> Rates:
    image = metric.image_of
    assert image is not None  # noqa: S101  CountMetric checks it; this tells mypy
    rates = _proportion(confusions, image.proportion, confidence, shape)
    value = image.function(rates.value)
    up, down = (
        image.function(np.clip(rates.value + sign * rates.error, 0.0, 1.0)) - value for sign in (1.0, -1.0)
    )
    return Rates(value, np.maximum(up, -down))


def _mean(confusions: Confusions, metric: CountMetric, confidence: float, shape: Shape) -> Rates:
    value = metric_values(confusions.table, metric).reshape(shape)
    n = condition_effective(confusions, metric).reshape(shape)
    size = np.where(n > 0, n, np.nan)
    raised = _shrunken(value, size, confidence) ** 2 - value * (1.0 - value) / size
    variance = mean_variance(confusions, metric).reshape(shape)
    error = np.sqrt(np.maximum(variance + raised, 0.0))  # 0 less a rounding has no root
    averaged = METRICS[metric.average_of]
    proportion = averaged if averaged.image_of is None else averaged.image_of.proportion
    degrees = design(confusions.classes(), proportion).degrees.reshape(-1, *shape).min(axis=0)
    return Rates(value, error * _enlarged(value, degrees, confidence))


RULES: dict[str, Callable[[Confusions, CountMetric, float, Shape], Rates]] = {
    "proportion": _proportion,
    "image": _image,
    "mean_of_classes": _mean,
    "mean_of_shared_rows": _mean,
}
"""How the rates of a metric are made, by the rule of its interval."""

if unserved := [metric.name for metric in METRICS.values() if metric.interval not in RULES]:
    message = f"no rates are made for {', '.join(unserved)}: their rule is not in RULES"
    raise ValueError(message)


def _critical(value: Floats, confidence: float) -> list[float]:
    """Return the critical value for all pairs of the groups of each set that have a value; one of groups [g]."""
    groups = np.count_nonzero(np.isfinite(value), axis=-1)
    return [pairwise_critical(max(g, 2), (1.0 - confidence) / 2.0) for g in np.ravel(groups).tolist()]


def _by_set(numbers: list[float], value: Floats) -> Floats:
    """Return a number for each set so that it meets that set's groups, [s, 1], or [1] of one."""
    return np.array(numbers).reshape(*value.shape[:-1], 1)


def _shrunken(value: Floats, n: Floats, confidence: float) -> Floats:
    critical = _critical(np.where(n > 0, value, np.nan), confidence)
    added = _by_set([c**2 for c in critical], value)
    size = np.where(n > 0, n, np.nan)
    shrunken = (value * size + added / 2.0) / (size + added)
    return np.sqrt(shrunken * (1.0 - shrunken) / size)


def _enlarged(value: Floats, degrees: ArrayLike, confidence: float) -> Floats:
    critical = _critical(value, confidence)
    level = _by_set([1.0 - 2.0 * float(ndtr(-c)) for c in critical], value)
    return student_quantile(level, degrees) / _by_set(critical, value)

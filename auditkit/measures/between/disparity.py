"""How far apart the groups of one attribute are: largest difference and smallest ratio, with intervals.

The largest of many gaps is above 0 even where all groups are alike, and a bootstrap of it never reaches 0.
So the claim that there is a gap reads every pair at a critical value made for all pairs (Tukey and Kramer's);
the claim that there is none reads the truly largest pair, whichever it is. One-sided errors are at most
(1 - confidence) / 2 on either side, as for any two-sided interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from auditkit.measures.intervals.proportions import normal_quantile
from auditkit.measures.intervals.simultaneous import (
    Extremes,
    Kind,
    Pairs,
    bootstrap_critical,
    pairwise_critical,
)
from auditkit.values.finding import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

Aggregate: TypeAlias = Literal["worst_case", "mean"]


@dataclass(frozen=True, eq=False)
class Rates:
    """A metric in [0, 1] of each group and its standard error, float64 [g], NaN where not measurable.

    `draws` float64 [b, g] are bootstrap values, where the metric is not a plain proportion.
    """

    value: NDArray[np.float64]
    error: NDArray[np.float64]
    draws: NDArray[np.float64] | None = None

    def measurable(self) -> Rates:
        """Return the rates of the groups that can be measured."""
        kept = np.isfinite(self.value)
        return Rates(self.value[kept], self.error[kept], None if self.draws is None else self.draws[:, kept])

    def __len__(self) -> int:
        return len(self.value)


@dataclass(frozen=True, kw_only=True)
class Disparity:
    """A between-group summary, its simultaneous interval, and which group has the lowest and highest rate.

    For equalized odds `lowest` and `highest` are of the metric that is further apart.
    """

    value: float
    interval: Interval
    lowest: int
    highest: int


def rates_from_counts(x: ArrayLike, n: ArrayLike, *, confidence: float = 0.95) -> Rates:
    """Return the rates x / n of each group [g] (effective counts will do), not measurable where n is 0.

    The standard error is that of a rate with c² / 2 successes and failures added, c the critical value in use
    (Agresti and Coull, American Statistician 52, 1998): at 0 or n successes it is not 0.
    """
    x, n = np.asarray(x, dtype=np.float64), np.asarray(n, dtype=np.float64)
    known = n > 0
    value = np.divide(x, n, out=np.full_like(n, np.nan), where=known)
    return Rates(value, _shrunken_error(value, n, confidence=confidence))


def rates_from_draws(
    value: NDArray[np.float64], draws: NDArray[np.float64], *, n: ArrayLike, confidence: float = 0.95
) -> Rates:
    """Return rates whose standard error is the spread of bootstrap draws [b, g], for f1 and the like.

    Its square is raised by what `rates_from_counts` adds to the variance of a proportion among the n [g] rows
    behind the metric, so that groups whose draws are all alike are not certain.
    """
    size = np.where(np.asarray(n) > 0, n, np.nan)
    shrunken, plain = _shrunken_error(value, size, confidence=confidence), value * (1.0 - value) / size
    known = np.isfinite(draws)
    count = np.maximum(known.sum(axis=0), 1)
    off = np.where(known, draws - value, 0.0)
    spread = np.sqrt(np.maximum((off**2).sum(axis=0) / count - (off.sum(axis=0) / count) ** 2, 0.0))
    return Rates(value, np.sqrt(spread**2 + shrunken**2 - plain), draws)


def difference(rates: Rates, *, confidence: float = 0.95) -> Disparity | None:
    """Return max - min over the measurable groups, or None if fewer than two can be measured."""
    return _summarise((rates,), "difference", agg="worst_case", confidence=confidence)


def ratio(rates: Rates, *, confidence: float = 0.95) -> Disparity | None:
    """Return min / max over the measurable groups; None if fewer than two can be measured, or all are 0.

    Bounds of a pair are Fieller's, Quarterly J. Pharmacy 17, 1944: they exclude 1 exactly when the difference
    excludes 0, and need no logarithm of 0.
    """
    return _summarise((rates,), "ratio", agg="worst_case", confidence=confidence)


def equalized_odds_difference(
    tpr: Rates, fpr: Rates, *, agg: Aggregate = "worst_case", confidence: float = 0.95
) -> Disparity | None:
    """Return the larger, or the mean, of the tpr and fpr differences; None if either cannot be measured."""
    return _summarise((tpr, fpr), "difference", agg=agg, confidence=confidence)


def equalized_odds_ratio(
    tpr: Rates, fpr: Rates, *, agg: Aggregate = "worst_case", confidence: float = 0.95
) -> Disparity | None:
    """Return the smaller, or the mean, of the tpr and fpr ratios; None if either cannot be measured."""
    return _summarise((tpr, fpr), "ratio", agg=agg, confidence=confidence)


def _summarise(
    metrics: Sequence[Rates], kind: Kind, *, agg: Aggregate, confidence: float
) -> Disparity | None:
    """Summarise one metric, or several whose critical value is made for all of them."""
    known = [rates.measurable() for rates in metrics]
    if any(len(rates) < 2 or (kind == "ratio" and rates.value.max() == 0.0) for rates in known):
        return None
    level = (1.0 - confidence) / 2.0
    critical = max(_critical(rates, level / len(known)) for rates in known)
    # The worst metric's truly largest pair is one pair; a mean of metrics has one pair in each.
    plain = normal_quantile(1.0 - 2.0 * level / (len(known) if agg == "mean" else 1))
    sets = [_pairs(rates).decisive(kind) for rates in known]
    extremes = Extremes(kind, tuple(sets) if agg == "mean" else (_joined(sets),))
    values = [_value(rates, kind) for rates in known]
    worst = int(np.argmax(values) if kind == "difference" else np.argmin(values))
    pick = values[worst] if agg == "worst_case" else float(np.mean(values))
    method = "simultaneous" if kind == "difference" else "simultaneous_ratio"
    low, high = extremes.bounds(critical, plain)
    return Disparity(
        value=pick,
        interval=Interval(low, high, confidence, method, extremes.basis(critical, plain)),
        lowest=int(np.nanargmin(metrics[worst].value)),
        highest=int(np.nanargmax(metrics[worst].value)),
    )


def _critical(rates: Rates, level: float) -> float:
    """Return the normal critical value for all pairs, raised where bootstrap draws have heavier tails."""
    normal = pairwise_critical(len(rates), level)
    if rates.draws is None:
        return normal
    return max(normal, bootstrap_critical(rates.draws, rates.value, error=rates.error, level=level))


def _value(rates: Rates, kind: Kind) -> float:
    low, high = float(rates.value.min()), float(rates.value.max())
    return high - low if kind == "difference" else low / high


def _pairs(rates: Rates) -> Pairs:
    order = np.argsort(rates.value, kind="stable")
    value, error = rates.value[order], rates.error[order]
    low, high = np.triu_indices(len(order), k=1)
    return Pairs(value[high], error[high], value[low], error[low])


def _joined(sets: Sequence[Pairs]) -> Pairs:
    names = ("high", "high_error", "low", "low_error")
    return Pairs(*(np.concatenate([getattr(pairs, name) for pairs in sets]) for name in names))


def _shrunken_error(
    value: NDArray[np.float64], n: NDArray[np.float64], *, confidence: float
) -> NDArray[np.float64]:
    g = max(int((np.isfinite(value) & (n > 0)).sum()), 2)
    added = pairwise_critical(g, (1.0 - confidence) / 2.0) ** 2
    size = np.where(n > 0, n, np.nan)
    shrunken = (value * size + added / 2.0) / (size + added)
    return np.sqrt(shrunken * (1.0 - shrunken) / size)

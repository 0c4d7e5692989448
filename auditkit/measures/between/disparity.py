"""How far apart the groups of one attribute are: largest difference and smallest ratio, with intervals.

The largest of many gaps is above 0 even where all groups are alike, and a bootstrap of it never reaches 0.
So the claim that there is a gap reads every pair at a critical value made for all pairs (Tukey and Kramer's);
the claim that there is none reads the truly largest pair, whichever it is. One-sided errors are at most
(1 - confidence) / 2 on either side, as for any two-sided interval.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from auditkit.measures.closed_forms.quantiles import normal_quantile
from auditkit.measures.closed_forms.simultaneous import (
    Extremes,
    Kind,
    Pairs,
    pairwise_critical,
)
from auditkit.values.finding import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit.measures.between.rates import Rates

Aggregate: TypeAlias = Literal["worst_case", "mean"]


RATES_METHOD: dict[Kind, str] = {"difference": "simultaneous", "ratio": "simultaneous_ratio"}


@dataclass(frozen=True, kw_only=True)
class Disparity:
    """A between-group summary, its simultaneous interval, and which group has the lowest and highest rate.

    For equalized odds `lowest` and `highest` are of the metric that is further apart: `part` 0 is the TPR, 1 the FPR.
    """

    value: float
    interval: Interval
    lowest: int
    highest: int
    part: int = 0


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
    known = [rates.measurable for rates in metrics]
    tails = [rates.tail for rates in known if rates.tail is not None]
    if any(len(rates) < 2 or (kind == "ratio" and rates.value.max() == 0.0) for rates in known):
        return None
    level = (1.0 - confidence) / 2.0
    critical = max(pairwise_critical(len(rates), level / len(known)) for rates in known)
    # The worst metric's truly largest pair is one pair; a mean of metrics has one pair in each.
    plain = normal_quantile(1.0 - 2.0 * level / (len(known) if agg == "mean" else 1))
    sets = [rates.pairs.decisive(kind) for rates in known]
    extremes = Extremes(kind, tuple(sets) if agg == "mean" else (_joined(sets),), math.inf if tails else 1.0)
    values = [_value(rates, kind) for rates in known]
    worst = values.index(max(values) if kind == "difference" else min(values))
    pick = values[worst] if agg == "worst_case" else sum(values) / len(values)
    method, tail = (f"{kind}_of_means", (float(np.max(tails)),)) if tails else (RATES_METHOD[kind], ())
    low, high = extremes.bounds(critical, plain)
    places = np.isfinite(metrics[worst].value).nonzero()[0]
    return Disparity(
        value=pick,
        interval=Interval(low, high, confidence, method, (*tail, *extremes.basis(critical, plain))),
        lowest=int(places[known[worst].value.argmin()]),
        highest=int(places[known[worst].value.argmax()]),
        part=worst,
    )


def _value(rates: Rates, kind: Kind) -> float:
    low, high = float(rates.value.min()), float(rates.value.max())
    return high - low if kind == "difference" else low / high


def _joined(sets: Sequence[Pairs]) -> Pairs:
    if len(sets) == 1:
        return sets[0]
    names = ("high", "high_error", "low", "low_error")
    return Pairs(*(np.concatenate([getattr(pairs, name) for pairs in sets]) for name in names))

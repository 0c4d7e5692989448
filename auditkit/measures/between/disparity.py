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
from auditkit.measures.closed_forms.simultaneous import Extremes, Kind, joined, pairwise_critical
from auditkit.values.finding import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit.measures.between.rates import Rates

    Floats: TypeAlias = NDArray[np.float64]

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
    return disparities((rates,), "difference", confidence=confidence)[0]


def ratio(rates: Rates, *, confidence: float = 0.95) -> Disparity | None:
    """Return min / max over the measurable groups; None if fewer than two can be measured, or all are 0.

    Bounds of a pair are Fieller's, Quarterly J. Pharmacy 17, 1944: they exclude 1 exactly when the difference
    excludes 0, and need no logarithm of 0.
    """
    return disparities((rates,), "ratio", confidence=confidence)[0]


def equalized_odds_difference(
    tpr: Rates, fpr: Rates, *, agg: Aggregate = "worst_case", confidence: float = 0.95
) -> Disparity | None:
    """Return the larger, or the mean, of the tpr and fpr differences; None if either cannot be measured."""
    return disparities((tpr, fpr), "difference", agg=agg, confidence=confidence)[0]


def equalized_odds_ratio(
    tpr: Rates, fpr: Rates, *, agg: Aggregate = "worst_case", confidence: float = 0.95
) -> Disparity | None:
    """Return the smaller, or the mean, of the tpr and fpr ratios; None if either cannot be measured."""
    return disparities((tpr, fpr), "ratio", agg=agg, confidence=confidence)[0]


def disparities(
    parts: Sequence[Rates], kind: Kind, *, agg: Aggregate = "worst_case", confidence: float = 0.95
) -> list[Disparity | None]:
    """Return the difference or the ratio over the groups of each set, as the functions above do for one.

    `parts` are one metric, or several whose critical value is made for all of them. None where it cannot be measured.
    """
    spans = [_Span.of(rates) for rates in parts]
    measurable = np.all([span.known >= 2 for span in spans], axis=0)
    if kind == "ratio":
        measurable &= np.all([span.high != 0.0 for span in spans], axis=0)
    found: list[Disparity | None] = [None] * len(measurable)
    sets = np.flatnonzero(measurable)
    if not sets.size:
        return found
    values = np.array([span.value(kind, sets) for span in spans])
    worst = (values.argmax(axis=0) if kind == "difference" else values.argmin(axis=0)).tolist()
    picked = sum(values) / len(values) if agg == "mean" else values[worst, np.arange(len(sets))]
    level = (1.0 - confidence) / 2.0
    counts = zip(*(span.known[sets].tolist() for span in spans), strict=True)
    critical = [max(pairwise_critical(count, level / len(parts)) for count in of_set) for of_set in counts]
    # The worst metric's truly largest pair is one pair; a mean of metrics has one pair in each.
    plain = normal_quantile(1.0 - 2.0 * level / (len(parts) if agg == "mean" else 1))
    pairs = tuple(rates.pairs.decisive(kind)[sets] for rates in parts)
    tails = [span.tail[sets] for span in spans if span.tail is not None]
    extremes = Extremes(kind, pairs if agg == "mean" else (joined(pairs),), math.inf if tails else 1.0)
    intervals = _intervals(extremes, critical, plain, tails=tails, confidence=confidence)
    for i, value, interval, part in zip(sets.tolist(), picked.tolist(), intervals, worst, strict=True):
        lowest, highest = spans[part].lowest[i], spans[part].highest[i]
        found[i] = Disparity(value=value, interval=interval, lowest=lowest, highest=highest, part=part)
    return found


def _intervals(
    extremes: Extremes, critical: list[float], plain: float, *, tails: list[Floats], confidence: float
) -> list[Interval]:
    """Return the interval of each set from its critical value; of means their tails [s] are part of the basis."""
    bases, method = extremes.bases(critical, plain), RATES_METHOD[extremes.kind]
    if tails:
        method = f"{extremes.kind}_of_means"
        bases = [(tail, *basis) for tail, basis in zip(np.max(tails, axis=0).tolist(), bases, strict=True)]
    ends = (end.tolist() for end in extremes.bounds(np.array(critical)[:, None], plain))
    return [
        Interval(low, high, confidence, method, basis) for low, high, basis in zip(*ends, bases, strict=True)
    ]


@dataclass(frozen=True, eq=False, kw_only=True)
class _Span:
    """From where to where a metric goes in each of s sets: its measurable groups, [s], and their extremes.

    `tail` [s] is the heaviest of means; `lowest` and `highest` are the first groups there.
    """

    known: NDArray[np.int64]
    low: Floats
    high: Floats
    tail: Floats | None
    lowest: list[int]
    highest: list[int]

    @classmethod
    def of(cls, rates: Rates) -> _Span:
        value = np.atleast_2d(rates.value)
        there = np.isfinite(value)
        below, above = np.where(there, value, -np.inf), np.where(there, value, np.inf)
        tail = None
        if rates.tail is not None:
            tail = np.where(there, np.atleast_2d(rates.tail), -np.inf).max(axis=1)
        return cls(
            known=np.count_nonzero(there, axis=1),
            low=above.min(axis=1),
            high=below.max(axis=1),
            tail=tail,
            lowest=above.argmin(axis=1).tolist(),
            highest=below.argmax(axis=1).tolist(),
        )

    def value(self, kind: Kind, sets: NDArray[np.int64]) -> Floats:
        """Return the difference or the ratio of some sets."""
        low, high = self.low[sets], self.high[sets]
        return high - low if kind == "difference" else low / high

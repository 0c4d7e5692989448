"""How the distance between the groups furthest apart changed on the same rows, with an interval that may be trusted.

Which groups are furthest apart is read off the data, before and after each for itself, so the plain error of the
difference of two largest gaps claims too much. With A the gaps after and B those before, over ordered pairs of groups,

    max A - max B  <=  max over p of min over q of (A_p - B_q + c s_pq).

The pair p that is truly furthest apart after needs no correction, for the outer maximum reads every p; the pair q
before is picked, so c makes the bounds of one p hold for all q at once (those that lie far below the largest cannot
lower the bound and are left out). The low end is the same with A and B exchanged. c comes from a bootstrap: the rows
of each group fall anew into four cells (counted before only, after only, both, neither), one multinomial per metric
and group.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

import numpy as np

from auditkit.measures.between.paired_draws import two_sides
from auditkit.measures.bounds.tabulated import tabulated_interval
from auditkit.measures.closed_forms.quantiles import normal_quantile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from auditkit.measures.between.paired import PairedRate
    from auditkit.measures.between.paired_draws import Side, TwoSides
    from auditkit.values.finding import Interval

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

Aggregate: TypeAlias = Literal["worst_case", "mean"]

FIRST, FURTHER = 0.1, 5.0
"""Bounds are worked out at these levels: the first, the interval's, and a fifth of it; a gate may ask for others."""
LEADERS = 3
"""Pairs of groups, the furthest apart, for which the critical value is computed; the largest counts."""
REACH = 4.0
"""Standard errors below the largest gap within which a pair may be the truly largest."""
COMBINED = 64
"""Combinations of pairs, one of each metric, up to which all are looked at."""
AT_ONCE = 2_000_000
"""Bootstrap gaps that are held together."""


@dataclass(frozen=True, kw_only=True)
class SpanChange:
    """The largest difference between groups before and after, and its change with an interval.

    Places of the groups with the lowest and highest rate stand for each; of several metrics, the one further apart.
    """

    before: float
    after: float
    value: float
    interval: Interval
    extremes_before: tuple[int, int]
    extremes_after: tuple[int, int]


def span_change(
    rates: Sequence[PairedRate],
    *,
    agg: Aggregate = "worst_case",
    least: int = 1,
    confidence: float = 0.95,
    draws: int = 2000,
    rng: np.random.Generator,
) -> SpanChange | None:
    """Return the change of max - min over groups [g] of one metric, or of the larger or mean over several.

    Metrics are of different rows, as TPR and FPR. Groups with fewer than `least` rows take no part; None if fewer than
    two are left in some metric.
    """
    kept = [np.flatnonzero((rate.rows >= max(least, 1)) & (rate.n > 0)) for rate in rates]
    if any(len(places) < 2 for places in kept):
        return None
    level = (1 - confidence) / 2
    # The interval's own level first: its draws are those of a run that asks for no other.
    asked = sorted({FIRST, level, min(level, FIRST) / FURTHER}, key=lambda one: (one != level, -one))
    sides = {
        at: [
            two_sides(rate, places, level=at, draws=draws, rng=rng)
            for rate, places in zip(rates, kept, strict=True)
        ]
        for at in asked
    }
    both = sides[level]
    after, before = ([_span(getattr(one, side)) for one in both] for side in ("first", "second"))
    ends = (_summary(before, agg), _summary(after, agg))
    value = ends[1] - ends[0]
    return SpanChange(
        before=ends[0],
        after=ends[1],
        value=value,
        interval=_interval(value, sides, agg, confidence),
        extremes_before=_extremes([one.second for one in both], kept),
        extremes_after=_extremes([one.first for one in both], kept),
    )


def _interval(
    value: float, sides: Mapping[float, Sequence[TwoSides]], agg: Aggregate, confidence: float
) -> Interval:
    """Return the interval with its ends at every level, which never move towards the value as levels fall."""
    levels = sorted(sides, reverse=True)
    highs = [_upper(sides[at], agg, level=at) for at in levels]
    lows = [-_upper([one.exchanged() for one in sides[at]], agg, level=at) for at in levels]
    low, high = np.minimum.accumulate([value, *lows])[1:], np.maximum.accumulate([value, *highs])[1:]
    made = tabulated_interval(
        value, levels, (low.tolist(), high.tolist()), confidence=confidence, within=(-1.0, 1.0)
    )
    return replace(made, method="paired_span")


def _upper(metrics: Sequence[TwoSides], agg: Aggregate, *, level: float) -> float:
    """Return the upper bound of the first sides' summary less the second sides'."""
    match agg:
        case "worst_case":
            return _upper_of_largest(metrics, level=level)
        case "mean":
            return _upper_of_mean(metrics, level=level)
        case _:
            assert_never(agg)


def _upper_of_largest(metrics: Sequence[TwoSides], *, level: float) -> float:
    """Return the bound where each side's summary is the largest gap over all metrics."""
    near = _near(metrics)
    critical = max(
        _quantile(
            np.maximum.reduce(
                [_worst(one, p, q, beside=other) for other, q in zip(metrics, near, strict=True)]
            ),
            level,
        )
        for one, p in _leaders(metrics)
    )
    top = int(np.argmax([_span(one.second) for one in metrics]))
    bounds = []
    for one in metrics:
        value, error = _choices(one, critical, beside=metrics[top])
        bounds.append(float((value + critical * error).max()))
    return max(bounds)


def _upper_of_mean(metrics: Sequence[TwoSides], *, level: float) -> float:
    """Return the bound where each side's summary is the mean over metrics of each one's largest gap."""
    near = [_near([one])[0] for one in metrics]
    leaders = [[p for _, p in _leaders([one])] for one in metrics]
    critical = max(
        _quantile(_worst_sum(metrics, tuple(map(int, chosen)), near), level)
        for chosen in zip(*leaders, strict=False)
    )
    values, variances = np.zeros(1), np.zeros(1)
    for one in metrics:
        value, error = _undominated(*_choices(one, critical, beside=one))
        values = (values[:, None] + value).ravel()
        variances = (variances[:, None] + error**2).ravel()
    return float((values + critical * np.sqrt(variances)).max()) / len(metrics)


def _worst_sum(metrics: Sequence[TwoSides], chosen: tuple[int, ...], near: Sequence[Places]) -> Floats:
    """Return, per draw, how many errors the sum of A_p - B_q falls below the truth at most, over near pairs q: [draws].

    Of very many combinations the length of the metrics' own worst ones stands for it, which is no less (Cauchy and
    Schwarz).
    """
    if np.prod([len(q) for q in near]) > COMBINED:
        worst = [_worst(one, p, q, beside=one) for one, p, q in zip(metrics, chosen, near, strict=True)]
        length: Floats = np.sqrt(np.sum([np.maximum(one, 0.0) ** 2 for one in worst], axis=0))
        return length
    total, variance = np.zeros((1, 1)), np.zeros(1)
    for one, p, q in zip(metrics, chosen, near, strict=True):
        off = one.gaps(one.second.off, q) - one.gaps(one.first.off, np.array([p]))
        total = (total[:, :, None] + off[:, None, :]).reshape(len(off), -1)
        variance = (variance[:, None] + one.errors(p, q) ** 2).ravel()
    worst_of: Floats = (total / np.sqrt(variance)).max(axis=1)
    return worst_of


def _leaders(metrics: Sequence[TwoSides]) -> Iterator[tuple[TwoSides, int]]:
    """Yield the few pairs that are furthest apart on the first side, over all metrics, and may truly be so."""
    turned = [one.exchanged() for one in metrics]
    found = [
        (float(one.gaps(one.first.value)[p]), m, int(p))
        for m, (one, near) in enumerate(zip(metrics, _near(turned), strict=True))
        for p in near
    ]
    for _, m, p in sorted(found, key=lambda entry: -entry[0])[:LEADERS]:
        yield metrics[m], p


def _near(metrics: Sequence[TwoSides]) -> list[Places]:
    """Return, for each metric, the pairs that may be the furthest apart of all on the second side."""
    gaps = [one.gaps(one.second.value) for one in metrics]
    variances = [one.second.variance[one.high] + one.second.variance[one.low] for one in metrics]
    m = int(np.argmax([gap.max() for gap in gaps]))
    top, error = gaps[m].max(), variances[m][gaps[m].argmax()]
    return [
        np.flatnonzero(top - gap <= REACH * np.sqrt(variance + error))
        for gap, variance in zip(gaps, variances, strict=True)
    ]


def _worst(one: TwoSides, p: int, near: Places, *, beside: TwoSides) -> Floats:
    """Return, per draw, how many errors A_p - B_q falls below the truth at most, over near pairs q: [draws]."""
    mine = one.gaps(one.first.off, np.array([p]))
    worst = np.full(len(mine), -np.inf)
    step = max(1, AT_ONCE // len(mine))
    for start in range(0, len(near), step):
        q = near[start : start + step]
        theirs = beside.gaps(beside.second.off, q)
        error = _errors(one, p, q, beside=beside)
        np.maximum(worst, ((theirs - mine) / error).max(axis=1), out=worst)
    return worst


def _choices(one: TwoSides, critical: float, *, beside: TwoSides) -> tuple[Floats, Floats]:
    """Return, for each p, value and error of the A_p - B_q with the lower bound of two: q = p, and q furthest apart."""
    gaps, theirs = one.gaps(one.first.value), beside.gaps(beside.second.value)
    every, top = np.arange(len(gaps)), int(theirs.argmax())
    own, far = gaps - one.gaps(one.second.value), gaps - theirs[top]
    own_error, far_error = one.errors(every, every), _errors(one, every, np.array([top]), beside=beside)
    better = own + critical * own_error <= far + critical * far_error
    return np.where(better, own, far), np.where(better, own_error, far_error)


def _undominated(value: Floats, error: Floats) -> tuple[Floats, Floats]:
    """Return the pairs of which no other has both a higher value and a larger error: only they can set the bound."""
    order = np.lexsort((-error, -value))
    largest = np.maximum.accumulate(error[order])
    kept = order[np.flatnonzero(np.append(True, largest[1:] > largest[:-1]))]
    return value[kept], error[kept]


def _errors(one: TwoSides, p: Places | int, q: Places, *, beside: TwoSides) -> Floats:
    """Return the standard errors of A_p - B_q where q may be of another metric, whose rows are others."""
    if beside is one:
        return one.errors(p, q)
    mine, theirs = one.first.variance, beside.second.variance
    alone, other = mine[one.high[p]] + mine[one.low[p]], theirs[beside.high[q]] + theirs[beside.low[q]]
    errors: Floats = np.sqrt(alone + other)
    return errors


def _quantile(worst: Floats, level: float) -> float:
    """Return what the draws exceed with chance `level`, and never less than a single normal would."""
    return max(float(np.quantile(worst, 1 - level)), normal_quantile(1 - 2 * level))


def _span(side: Side) -> float:
    return float(side.value.max() - side.value.min())


def _summary(spans: Sequence[float], agg: Aggregate) -> float:
    match agg:
        case "worst_case":
            return max(spans)
        case "mean":
            return float(np.mean(spans))
        case _:
            assert_never(agg)


def _extremes(sides: Sequence[Side], kept: Sequence[Places]) -> tuple[int, int]:
    """Return the groups with the lowest and the highest rate, of the metric that is further apart."""
    worst = int(np.argmax([_span(side) for side in sides]))
    value = sides[worst].value
    return int(kept[worst][value.argmin()]), int(kept[worst][value.argmax()])

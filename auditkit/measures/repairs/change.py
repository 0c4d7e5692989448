"""What a repair changed on the same held-out rows: each group's rates, their gaps to the rest, and the largest gaps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from auditkit.measures.between.paired import (
    PairedRate,
    change_interval,
    count_pairs,
    gap_change_interval,
    paired_rate,
)
from auditkit.measures.between.paired_spans import span_change
from auditkit.measures.closed_forms.proportions import newcombe
from auditkit.measures.counting.metrics import metric_of
from auditkit.measures.counting.values import metric_values
from auditkit.measures.repairs.measure import RATES, against_rest, runs_of, seed_error
from auditkit.measures.special import ndtri
from auditkit.values.finding import Finding, Interval

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from auditkit.measures.between.paired import PairedCounts
    from auditkit.measures.between.paired_spans import SpanChange
    from auditkit.measures.counting.counts import Confusions
    from auditkit.measures.repairs.measure import HeldOut, Stage
    from auditkit.spec.stats import Stats
    from auditkit.values.grouping import Attribute

    Floats = NDArray[np.float64]
    Bounds = tuple[Floats, Floats]

METHOD = "paired_rows"
COMPARES: tuple[Literal["absolute", "to_rest"], ...] = ("absolute", "to_rest")
SPANS: dict[str, tuple[tuple[str, ...], Literal["mean", "worst_case"]]] = {
    "equalized_odds_mean": (("tpr", "fpr"), "mean"),
    "equalized_odds_max": (("tpr", "fpr"), "worst_case"),
    "demographic_parity": (("selection_rate",), "worst_case"),
    "equal_opportunity": (("tpr",), "worst_case"),
    "fpr_difference": (("fpr",), "worst_case"),
    "accuracy_difference": (("accuracy",), "worst_case"),
}
"""Differences between groups: of which rates, and how those are put together."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Moved:
    """A number of each group before and after, float64 [g], its change's bounds and basis, and if rows are enough."""

    before: Floats
    after: Floats
    bounds: Bounds
    basis: Floats
    enough: NDArray[np.bool_]


@dataclass(frozen=True, eq=False, kw_only=True)
class RateChange:
    """A rate of each group, its gap to the rest, and the bounds of that gap before and after, each for itself."""

    rate: PairedRate
    rest: PairedRate
    own: Moved
    gap: Moved
    gap_before: Bounds
    gap_after: Bounds


@dataclass(frozen=True, eq=False, kw_only=True)
class Changed:
    """What changed by one attribute, perhaps in one class against the rest: per rate, and per difference of groups.

    `groups` are their names as findings have them, `sizes` int64 [g] their rows. A difference that too few groups have
    rows for is None.
    """

    name: str
    attribute: Attribute
    groups: tuple[str, ...]
    sizes: NDArray[np.int64]
    rates: Mapping[str, RateChange]
    spans: Mapping[str, SpanChange | None]


def changes_of(
    before: Stage, after: Stage, *, rows: HeldOut, stats: Stats, rng: np.random.Generator
) -> Iterator[Changed]:
    """Yield what changed by every attribute: accuracy, then the rates of each class that counts as positive."""
    k = len(rows.classes)
    for attribute in rows.attributes:
        g = len(attribute.labels)
        pairs = count_pairs(
            attribute.codes,
            rows.truth,
            (before.predicted[0], after.predicted[0]),
            n_groups=g,
            n_classes=k,
            weights=rows.weights,
        )
        runs = [runs_of(stage, rows, attribute.codes, groups=g) for stage in (before, after)]
        whole = _Counted(pairs, runs, "")
        yield _changed(attribute, whole, rates=("accuracy",), stats=stats, rng=rng)
        for positive in range(k) if k > 2 else (1,):
            one = whole if k == 2 else whole.against_rest(positive, label=f" [{rows.classes[positive]}]")
            yield _changed(attribute, one, rates=RATES, stats=stats, rng=rng)


@dataclass(frozen=True, eq=False)
class _Counted:
    """The rows of both stages together, every run's alone, and what stands behind the groups' names."""

    pairs: PairedCounts
    runs: Sequence[Sequence[Confusions]]
    label: str

    def against_rest(self, positive: int, *, label: str) -> _Counted:
        runs = [[against_rest(run, positive) for run in stage] for stage in self.runs]
        return _Counted(self.pairs.against_rest(positive), runs, label)

    def seed_errors(self, metric: str, *, confidence: float) -> tuple[float, float]:
        """Return what retraining adds to the error of a group's rate before and after."""
        first, second = (
            seed_error(np.stack([metric_values(run.table, metric) for run in stage]), confidence=confidence)
            for stage in self.runs
        )
        return first, second


def _changed(
    attribute: Attribute,
    counted: _Counted,
    *,
    rates: tuple[str, ...],
    stats: Stats,
    rng: np.random.Generator,
) -> Changed:
    found = {metric: _rate_change(counted, metric, stats=stats) for metric in rates}
    spans = {
        name: span_change(
            [found[part].rate for part in parts],
            agg=agg,
            least=stats.min_n,
            confidence=stats.confidence,
            draws=stats.bootstrap,
            rng=rng,
        )
        for name, (parts, agg) in SPANS.items()
        if set(parts) <= set(rates)
    }
    groups = tuple(f"{group}{counted.label}" for group in attribute.groups)
    return Changed(
        name=f"{attribute.name}{counted.label}",
        attribute=attribute,
        groups=groups,
        sizes=counted.pairs.counts.sum(axis=(1, 2, 3)),
        rates=found,
        spans=spans,
    )


def _rate_change(counted: _Counted, metric: str, *, stats: Stats) -> RateChange:
    level, seeds = stats.confidence, counted.seed_errors(metric, confidence=stats.confidence)
    rate = replace(paired_rate(counted.pairs, metric), spread=seeds)
    rest = replace(paired_rate(counted.pairs.rest(), metric), spread=seeds)
    sides = (
        (rate.lost + rate.both, rest.lost + rest.both),
        (rate.gained + rate.both, rest.gained + rest.both),
    )
    gaps = (rate.before - rest.before, rate.after - rest.after)
    before, after = (
        _widened(gap, newcombe(mine, rate.n, theirs, rest.n, level), seed, level)
        for gap, (mine, theirs), seed in zip(gaps, sides, seeds, strict=True)
    )
    enough, others = ((part.rows >= stats.min_n) & (part.n > 0) for part in (rate, rest))
    change, of_gap = change_interval(rate, level), gap_change_interval(rate, rest, level)
    return RateChange(
        rate=rate,
        rest=rest,
        own=Moved(before=rate.before, after=rate.after, bounds=change, basis=rate.numbers, enough=enough),
        gap=Moved(
            before=gaps[0],
            after=gaps[1],
            bounds=of_gap,
            basis=np.hstack([rate.numbers, rest.numbers]),
            enough=enough & others,
        ),
        gap_before=before,
        gap_after=after,
    )


def _widened(value: Floats, bounds: Bounds, seed: float, level: float) -> Bounds:
    """Return the bounds of a gap with the spread between training runs, of the group and of the rest, added."""
    reach = float(ndtri((1 + level) / 2)) * seed * np.sqrt(2)
    return value - np.hypot(value - bounds[0], reach), value + np.hypot(bounds[1] - value, reach)


def change_findings(changed: Changed, stats: Stats) -> Iterator[Finding]:
    """Yield the change of each group's rates, of their gaps to the rest, and of the differences between groups."""
    for metric in changed.rates:
        for compare in COMPARES:
            yield from (
                _finding(changed, metric, i, compare=compare, stats=stats) for i in range(len(changed.groups))
            )
    for name, span in changed.spans.items():
        yield _span_finding(name, span, changed)


def _finding(
    changed: Changed, metric: str, i: int, *, compare: Literal["absolute", "to_rest"], stats: Stats
) -> Finding:
    found = changed.rates[metric]
    moved, rate = {"absolute": found.own, "to_rest": found.gap}[compare], found.rate
    blank = Finding(
        metric=f"{metric}_change",
        value=None,
        n=int(changed.sizes[i]),
        group=changed.groups[i],
        compare=compare,
        stage=1,
    )
    if not moved.enough[i]:
        few, where = (rate, "") if not found.own.enough[i] else (found.rest, " in the rest")
        what = f"{int(few.rows[i])} {metric_of(metric).condition}{where}, {stats.min_n} needed"
        return replace(blank, reason=f"insufficient evidence: {what}", rows_needed=stats.min_n)
    before, after = float(moved.before[i]), float(moved.after[i])
    details = {"before": before, "after": after, "lost": float(rate.lost[i]), "gained": float(rate.gained[i])}
    low, high = (float(bound[i]) for bound in moved.bounds)
    interval = Interval(low, high, stats.confidence, METHOD, tuple(moved.basis[i].tolist()))
    return replace(blank, value=after - before, interval=interval, details=details)


def _span_finding(name: str, span: SpanChange | None, changed: Changed) -> Finding:
    n = int(changed.sizes.sum())
    blank = Finding(
        metric=f"{name}_change", value=None, n=n, group=changed.name, compare="difference", stage=1
    )
    if span is None:
        return replace(blank, reason="insufficient evidence: fewer than two groups have enough rows")
    labels = changed.attribute.labels
    details: dict[str, float | str] = {"before": span.before, "after": span.after}
    for when, (low, high) in (("before", span.extremes_before), ("after", span.extremes_after)):
        details |= {f"lowest_{when}": labels[low], f"highest_{when}": labels[high]}
    return replace(blank, value=span.value, interval=span.interval, details=details)

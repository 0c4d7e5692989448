"""How a stage's predictions fare on held-out rows: findings with intervals over rows and over training runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.between.disparity import difference, equalized_odds_difference
from auditkit.measures.between.rates import rates_of
from auditkit.measures.counting.counts import Confusions, count, one_vs_rest
from auditkit.measures.counting.metrics import metric_of
from auditkit.measures.counting.values import condition_rows, metric_values
from auditkit.measures.intervals.per_metric import measure
from auditkit.measures.special import ndtri, stdtrit
from auditkit.values.finding import Finding, Interval

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from auditkit.measures.between.disparity import Disparity
    from auditkit.measures.between.rates import Rates
    from auditkit.spec.stats import Stats
    from auditkit.values.grouping import Attribute

WHOLE = ("accuracy", "balanced_accuracy")
RATES = ("selection_rate", "tpr", "fpr")


@dataclass(frozen=True, eq=False, kw_only=True)
class Stage:
    """The predictions of one stage on the held-out rows.

    `predicted` int64 [runs, n] are class codes of every training run, the one that is described first. A stage of
    predictions that came with the data has one run, and no spread between runs.
    """

    number: int
    predicted: NDArray[np.int64]


@dataclass(frozen=True, eq=False, kw_only=True)
class HeldOut:
    """Held-out rows: class codes int64 [n], attributes with codes of the same rows, weights float64 [n] or None."""

    truth: NDArray[np.int64]
    classes: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    weights: NDArray[np.float64] | None


def findings_of(stage: Stage, rows: HeldOut, stats: Stats) -> Iterator[Finding]:
    """Yield accuracy over all rows, and per attribute rates by group and differences between groups."""
    everyone = np.zeros(len(rows.truth), dtype=np.int64)
    runs = runs_of(stage, rows, everyone, groups=1)
    for name in WHOLE:
        yield from _by_group(runs, name, groups=("",), stage=stage, stats=stats)
    for attribute in rows.attributes:
        runs = runs_of(stage, rows, attribute.codes, groups=len(attribute.labels))
        groups = attribute.groups
        for name in WHOLE:
            yield from _by_group(runs, name, groups=groups, stage=stage, stats=stats)
        many = len(rows.classes) > 2
        for positive in range(len(rows.classes)) if many else (1,):
            against = [against_rest(run, positive) for run in runs] if many else runs
            label = f" [{rows.classes[positive]}]" if many else ""
            named = tuple(f"{group}{label}" for group in groups)
            for name in RATES:
                yield from _by_group(against, name, groups=named, stage=stage, stats=stats)
            yield from _between(
                against, f"{attribute.name}{label}", attribute=attribute, stage=stage, stats=stats
            )


def seed_error(values: NDArray[np.float64], *, confidence: float) -> float:
    """Return the standard error that retraining with another seed adds to a rate, from values [runs, g].

    The standard deviation between runs is pooled over the groups, and enlarged by t / z for its (runs - 1) g degrees
    of freedom, so that z times it is as wide as it should be. 0 for one run, whose spread nobody knows.
    """
    known = values[:, np.isfinite(values).all(axis=0)]
    runs, g = known.shape
    if runs < 2 or g == 0:
        return 0.0
    level = (1 + confidence) / 2
    enlarged = stdtrit((runs - 1) * g, level) / ndtri(level)
    return float(np.sqrt(known.var(axis=0, ddof=1).mean()) * enlarged)


def runs_of(stage: Stage, rows: HeldOut, codes: NDArray[np.int64], *, groups: int) -> list[Confusions]:
    """Return the counts of every training run, by group."""
    return [
        count(
            codes, rows.truth, predicted, n_groups=groups, n_classes=len(rows.classes), weights=rows.weights
        )
        for predicted in stage.predicted
    ]


def against_rest(run: Confusions, positive: int) -> Confusions:
    """Return the counts of two classes: this one and all others."""
    return Confusions(
        counts=one_vs_rest(run.counts, positive).astype(np.int64),
        table=one_vs_rest(run.table, positive),
        squares=one_vs_rest(run.squares, positive),
    )


def _by_group(
    runs: Sequence[Confusions], name: str, *, groups: tuple[str, ...], stage: Stage, stats: Stats
) -> Iterator[Finding]:
    """Yield one metric of each group, or why it could not be measured."""
    own = measure(runs[0], name, confidence=stats.confidence)
    values = np.stack([metric_values(run.table, name) for run in runs])
    spread = seed_error(values, confidence=stats.confidence)
    z = float(ndtri((1 + stats.confidence) / 2))
    enough = condition_rows(runs[0], name)
    for i, group in enumerate(groups):
        blank = Finding(
            metric=name,
            value=None,
            n=int(runs[0].rows[i]),
            group=group,
            stage=stage.number,
            details=_details(values[:, i], stage),
        )
        if enough[i] < stats.min_n:
            what = f"{enough[i]} {metric_of(name).condition}, {stats.min_n} needed"
            yield replace(blank, reason=f"insufficient evidence: {what}", rows_needed=stats.min_n)
            continue
        value, low, high = (float(x[i]) for x in (own.value, own.low, own.high))
        if spread == 0:
            yield replace(blank, value=value, interval=own.interval(i))
            continue
        below, above = np.hypot(value - low, z * spread), np.hypot(high - value, z * spread)
        interval = Interval(
            max(value - float(below), 0.0), min(value + float(above), 1.0), stats.confidence, "normal"
        )
        yield replace(blank, value=value, interval=interval)


def _between(
    runs: Sequence[Confusions], group: str, *, attribute: Attribute, stage: Stage, stats: Stats
) -> Iterator[Finding]:
    """Yield the differences between an attribute's groups, each with an interval for all pairs at once."""
    rates = {name: _rates(runs, name, stats) for name in RATES}
    tpr, fpr, selected = rates["tpr"], rates["fpr"], rates["selection_rate"]
    level = stats.confidence
    found = {
        "equalized_odds_mean": equalized_odds_difference(tpr, fpr, agg="mean", confidence=level),
        "equalized_odds_max": equalized_odds_difference(tpr, fpr, agg="worst_case", confidence=level),
        "demographic_parity": difference(selected, confidence=level),
        "equal_opportunity": difference(tpr, confidence=level),
    }
    per_run = differences_of(runs)
    for name, disparity in found.items():
        blank = Finding(
            metric=name,
            value=None,
            n=int(runs[0].rows.sum()),
            group=group,
            compare="difference",
            stage=stage.number,
            details=_details(per_run[name], stage),
        )
        yield _difference(blank, disparity, labels=attribute.labels)


def differences_of(runs: Sequence[Confusions]) -> dict[str, NDArray[np.float64]]:
    """Return each difference between groups for every run, float64 [runs], over groups with any row."""
    spans = {}
    for name in RATES:
        values = np.stack([metric_values(run.table, name) for run in runs])
        known = np.isfinite(values).any(axis=1)
        spans[name] = np.full(len(runs), np.nan)
        spans[name][known] = np.nanmax(values[known], axis=1) - np.nanmin(values[known], axis=1)
    return {
        "equalized_odds_mean": (spans["tpr"] + spans["fpr"]) / 2,
        "equalized_odds_max": np.maximum(spans["tpr"], spans["fpr"]),
        "demographic_parity": spans["selection_rate"],
        "equal_opportunity": spans["tpr"],
    }


def _rates(runs: Sequence[Confusions], name: str, stats: Stats) -> Rates:
    """Return each group's rate in the described run; its error holds rows and seeds, NaN with too few rows."""
    rates = rates_of(runs[0], name, confidence=stats.confidence)
    values = np.stack([metric_values(run.table, name) for run in runs])
    enough = condition_rows(runs[0], name) >= stats.min_n
    spread = seed_error(values, confidence=stats.confidence)
    return replace(
        rates,
        value=np.where(enough, rates.value, np.nan),
        error=np.where(enough, np.hypot(rates.error, spread), np.nan),
    )


def _difference(blank: Finding, found: Disparity | None, *, labels: tuple[str, ...]) -> Finding:
    """Return the finding with its value, or with the reason that there is none."""
    if found is None:
        return replace(blank, reason="insufficient evidence: fewer than two groups have enough rows")
    extremes = {"lowest": labels[found.lowest], "highest": labels[found.highest]}
    return replace(blank, value=found.value, interval=found.interval, details={**blank.details, **extremes})


def _details(values: NDArray[np.float64], stage: Stage) -> dict[str, object]:
    """Return the values of all runs, so that a reader sees the spread and not only its sum."""
    name = {0: "before", 1: "after"}[stage.number]
    if len(values) < 2 or not np.isfinite(values).all():
        return {"when": name, "runs": len(values)}
    spread = {"run_mean": float(values.mean()), "run_sd": float(values.std(ddof=1))}
    return {"when": name, "runs": len(values), "by_run": [float(value) for value in values], **spread}

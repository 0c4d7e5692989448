"""What changed on the same rows, metric by metric and group by group, and which rows it rests on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit import Finding, Interval
from auditkit.measures import (
    PairedCounts,
    change_interval,
    clustered_change,
    condition_effective,
    count_pairs,
    metric_of,
    paired_rate,
)
from auditkit_rates.change.levels import means_of, terms_of
from auditkit_rates.change.metrics import RATIOS
from auditkit_rates.change.ratios import ratio_changes
from auditkit_rates.rows.condition import Condition
from auditkit_rates.rows.cuts import class_of, labelled, row_cuts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from auditkit import Predictions, Stats, Subject
    from auditkit.measures import PairedRate
    from auditkit_rates.rows.cuts import Cut

    Codes = NDArray[np.int64]
    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class PairedRows:
    """The rows that both predictions have: codes int [n] of truth, and of the predictions before and after.

    `weights` float64 [n] and `clusters` int64 [n] are None without any. Without labels the truth is class 0.
    """

    truth: Codes
    predicted: tuple[Codes, Codes]
    classes: tuple[str, ...]
    weights: Floats | None
    clusters: Codes | None

    def of_class(self, positive: int) -> PairedRows:
        """Return the same rows with one class as class 1 and all others as class 0; -1 stays."""

        def against(codes: Codes) -> Codes:
            return np.where(codes < 0, -1, codes == positive).astype(np.int64)

        before, after = self.predicted
        return replace(
            self, truth=against(self.truth), predicted=(against(before), against(after)), classes=("", "")
        )

    def known(self, codes: Codes) -> Codes:
        """Return groups' codes int [n], -1 for rows without a truth or a prediction, which nothing counts."""
        lacking = (self.truth < 0) | (self.predicted[0] < 0) | (self.predicted[1] < 0)
        return np.where(lacking, -1, codes)


@dataclass(frozen=True, eq=False, kw_only=True)
class _Change:
    """A metric's change in each group [g]: what it rests on, its bounds, the method and the basis of its interval."""

    name: str
    rate: PairedRate
    condition: Condition
    low: Floats
    high: Floats
    method: str
    basis: Floats
    lost: Codes
    gained: Codes

    def details(self, i: int) -> dict[str, float | int | str]:
        """Return the rates before and after, and the rows that one prediction alone counts."""
        return {
            "condition": self.condition.words,
            "condition_rows": int(self.condition.rows[i]),
            "before": float(self.rate.before[i]),
            "after": float(self.rate.after[i]),
            "lost": int(self.lost[i]),
            "gained": int(self.gained[i]),
        }


def paired_changes(
    subject: Subject, rows: PairedRows, names: Sequence[str], stats: Stats
) -> Iterator[Finding]:
    """Yield each metric's change in all rows and in each group; of more than two classes, each against the rest."""
    many = len(rows.classes) > 2
    whole = [name for name in names if not many or name == "accuracy"]
    single = [name for name in names if name not in whole]
    for cut in row_cuts(subject, stats):
        yield from _of_cut(cut, rows, whole, stats, positive=None)
        if single:
            for place, label in enumerate(rows.classes):
                yield from _of_cut(cut, rows.of_class(place), single, stats, positive=label)


def paired_means(
    subject: Subject, old: Predictions, new: Predictions, names: Sequence[str], stats: Stats
) -> Iterator[Finding]:
    """Yield the change of each mean error of a numeric target: the mean of each row's difference."""
    before, after = (terms_of(subject, one, names) for one in (old, new))
    moved = {name: after[name] - before[name] for name in names}
    yield from (replace(one, compare="change") for one in means_of(subject, moved, stats))


def _of_cut(
    cut: Cut, rows: PairedRows, names: Sequence[str], stats: Stats, *, positive: str | None
) -> Iterator[Finding]:
    if not names:
        return
    g, codes = len(cut.groups), rows.known(cut.codes)
    pairs = count_pairs(
        codes, rows.truth, rows.predicted, n_groups=cut.n_codes, n_classes=len(rows.classes), weights=rows.weights
    )  # fmt: skip
    sizes = np.bincount(codes[codes >= 0], minlength=cut.n_codes)[:g]
    told = {"attribute": cut.name, **class_of(positive)}
    for name in names:
        blanks = [
            Finding(
                metric=name, value=None, n=int(sizes[i]), group=labelled(group, positive), compare="change",
                details=told,
            )
            for i, group in enumerate(cut.groups)
        ]  # fmt: skip
        if name in RATIOS:
            yield from ratio_changes(blanks, pairs, stats, sizes=sizes, clustered=rows.clusters is not None)
            continue
        change = _change(name, pairs, codes, rows, stats)
        for i, blank in enumerate(blanks):
            yield _finding(blank, change, i, confidence=stats.confidence, sizes=sizes)


def _change(name: str, pairs: PairedCounts, codes: Codes, rows: PairedRows, stats: Stats) -> _Change:
    rate = paired_rate(pairs, name)
    table = pairs.counts.astype(np.float64)
    plain = paired_rate(PairedCounts(counts=pairs.counts, table=table, squares=table), name)
    effective, clusters = condition_effective(pairs.after, name), np.full(len(rate.rows), np.inf)
    if rows.clusters is None:
        low, high = change_interval(rate, stats.confidence)
        method, basis = "paired_rows", rate.numbers
    else:
        found = clustered_change(
            rate, name, (codes, rows.truth, rows.predicted), clusters=rows.clusters, n_classes=len(rows.classes),
            weights=rows.weights,
        )  # fmt: skip
        low, high = found.interval(stats.confidence)
        clusters, method, basis = found.clusters, "hybrid", found.degrees[:, None]
    condition = Condition(
        words=metric_of(name).condition, rows=rate.rows, effective=effective, clusters=clusters, min_n=stats.min_n
    )  # fmt: skip
    return _Change(
        name=name, rate=rate, condition=condition, low=low, high=high, method=method, basis=basis,
        lost=plain.lost.round().astype(np.int64), gained=plain.gained.round().astype(np.int64),
    )  # fmt: skip


def _finding(blank: Finding, change: _Change, i: int, *, confidence: float, sizes: Codes) -> Finding:
    """Return a group's finding with its change, or with the reason why there is none; `sizes` are all groups' rows."""
    if reason := change.condition.reason(i):
        return replace(blank, reason=reason, rows_needed=change.condition.rows_needed(i, sizes))
    interval = Interval(
        float(change.low[i]),
        float(change.high[i]),
        confidence,
        change.method,
        tuple(change.basis[i].tolist()),
    )
    details = {**blank.details, **change.details(i)}
    return replace(blank, value=float(change.rate.change[i]), interval=interval, details=details)

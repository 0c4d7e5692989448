"""What a repair cost: the accuracy that was paid for it, on the same rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.between.paired import change_interval, count_pairs, paired_rate
from auditkit.measures.counting.values import metric_values
from auditkit.measures.repairs.measure import against_rest, runs_of, seed_error
from auditkit.values.finding import Finding, Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit.measures.between.paired import PairedCounts, PairedRate
    from auditkit.measures.counting.counts import Confusions
    from auditkit.measures.repairs.measure import HeldOut, Stage
    from auditkit.spec.stats import Stats


@dataclass(frozen=True, eq=False, kw_only=True)
class Compared:
    """Both stages on the same rows, all of them one group: rows counted in pairs, and each stage's seeds."""

    pairs: PairedCounts
    runs: tuple[Sequence[Confusions], Sequence[Confusions]]
    confidence: float

    def rate(self, name: str) -> PairedRate:
        """Return a rate before and after, with the error that comes from the seeds."""
        first, second = (
            seed_error(
                np.stack([metric_values(run.table, name) for run in stage]), confidence=self.confidence
            )
            for stage in self.runs
        )
        return replace(paired_rate(self.pairs, name), spread=(first, second))

    def of_class(self, i: int) -> Compared:
        """Return the same, one class against the rest."""
        first, second = ([against_rest(run, i) for run in stage] for stage in self.runs)
        return replace(self, pairs=self.pairs.against_rest(i), runs=(first, second))


def _compared(before: Stage, after: Stage, *, rows: HeldOut, stats: Stats) -> Compared:
    everyone = np.zeros(len(rows.truth), dtype=np.int64)
    pairs = count_pairs(
        everyone,
        rows.truth,
        (before.predicted[0], after.predicted[0]),
        n_groups=1,
        n_classes=len(rows.classes),
        weights=rows.weights,
    )
    first, second = (runs_of(stage, rows, everyone, groups=1) for stage in (before, after))
    return Compared(pairs=pairs, runs=(first, second), confidence=stats.confidence)


def balanced_accuracy_cost(before: Stage, after: Stage, *, rows: HeldOut, stats: Stats) -> Finding:
    """Return balanced accuracy before - after on the same rows: the mean over classes of what recall lost.

    Classes are of different rows, so the distances of their paired intervals combine as squares (MOVER). A class
    without rows takes no part; with fewer than two there is none.
    """
    compared = _compared(before, after, rows=rows, stats=stats)
    blank = Finding(
        metric="balanced_accuracy_cost", value=None, n=len(rows.truth), stage=after.number, details={}
    )
    recalls = [compared.of_class(i).rate("tpr") for i in range(len(rows.classes))]
    lost, below, above = [], [], []
    for recall in recalls:
        if recall.n[0] <= 0:
            continue
        low, high = (float(bound[0]) for bound in change_interval(recall, stats.confidence))
        change = float(recall.change[0])
        lost.append(-change)
        below.append(high - change)  # a cost is the change the other way round
        above.append(change - low)
    if len(lost) < 2:
        return replace(blank, reason="insufficient evidence: fewer than two classes have rows")
    value, m = float(np.mean(lost)), len(lost)
    ends = (value - float(np.linalg.norm(below)) / m, value + float(np.linalg.norm(above)) / m)
    return replace(blank, value=value, interval=Interval(*ends, stats.confidence, "normal"))


def accuracy_cost(before: Stage, after: Stage, *, rows: HeldOut, stats: Stats) -> Finding:
    """Return accuracy before - after on the same rows, paired: what both stages get right cancels out."""
    right = _compared(before, after, rows=rows, stats=stats).rate("accuracy")
    cost = -float(right.change[0])
    low, high = (-float(bound[0]) for bound in reversed(change_interval(right, stats.confidence)))
    basis = right.numbers[0, [0, 2, 1, 3, 4, 5]]  # a cost is the change the other way round
    was, now = (stage.predicted[0] == rows.truth for stage in (before, after))
    return Finding(
        metric="accuracy_cost",
        value=cost,
        n=len(rows.truth),
        stage=after.number,
        interval=Interval(low, high, stats.confidence, "paired_rows", tuple(basis.tolist())),
        details={
            "newly_wrong": int((was & ~now).sum()),
            "newly_right": int((~was & now).sum()),
            "runs_before": len(before.predicted),
            "runs_after": len(after.predicted),
        },
    )

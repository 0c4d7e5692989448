"""What a repair cost: the accuracy that was paid for it, on the same rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.between.paired import change_interval, count_pairs, paired_rate
from auditkit.measures.counting.values import metric_values
from auditkit.measures.repairs.measure import against_rest, runs_of, seed_error
from auditkit.values.finding import Finding, Interval

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit.measures.between.paired import PairedCounts, PairedRate
    from auditkit.measures.counting.counts import Confusions
    from auditkit.measures.repairs.measure import HeldOut, Stage
    from auditkit.spec.stats import Stats


def balanced_accuracy_cost(before: Stage, after: Stage, *, rows: HeldOut, stats: Stats) -> Finding:
    """Return balanced accuracy before - after on the same rows: the mean over classes of what recall lost.

    Classes are of different rows, so the distances of their paired intervals combine as squares (MOVER). A class
    without rows takes no part; with fewer than two there is none.
    """
    everyone = np.zeros(len(rows.truth), dtype=np.int64)
    pairs = count_pairs(
        everyone,
        rows.truth,
        (before.predicted[0], after.predicted[0]),
        n_groups=1,
        n_classes=len(rows.classes),
        weights=rows.weights,
    )
    runs = [runs_of(stage, rows, everyone, groups=1) for stage in (before, after)]
    blank = Finding(
        metric="balanced_accuracy_cost", value=None, n=len(rows.truth), stage=after.number, details={}
    )
    lost, below, above = [], [], []
    for recall in _recalls(pairs, runs, stats):
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


def _recalls(pairs: PairedCounts, runs: Sequence[Sequence[Confusions]], stats: Stats) -> Iterator[PairedRate]:
    """Yield the recall of every class that has rows, before and after."""
    for i in range(pairs.counts.shape[-1]):
        first, second = (
            seed_error(
                np.stack([metric_values(against_rest(run, i).table, "tpr") for run in stage]),
                confidence=stats.confidence,
            )
            for stage in runs
        )
        recall = replace(paired_rate(pairs.against_rest(i), "tpr"), spread=(first, second))
        if recall.n[0] > 0:
            yield recall


def accuracy_cost(before: Stage, after: Stage, *, rows: HeldOut, stats: Stats) -> Finding:
    """Return accuracy before - after on the same rows, paired: what both stages get right cancels out."""
    everyone = np.zeros(len(rows.truth), dtype=np.int64)
    pairs = count_pairs(
        everyone,
        rows.truth,
        (before.predicted[0], after.predicted[0]),
        n_groups=1,
        n_classes=len(rows.classes),
        weights=rows.weights,
    )
    runs = [runs_of(stage, rows, everyone, groups=1) for stage in (before, after)]
    first, second = (
        seed_error(
            np.stack([metric_values(run.table, "accuracy") for run in stage]), confidence=stats.confidence
        )
        for stage in runs
    )
    right = replace(paired_rate(pairs, "accuracy"), spread=(first, second))
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

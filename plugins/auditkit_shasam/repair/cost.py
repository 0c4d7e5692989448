"""What a repair cost: the accuracy that was paid for it, on the same rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit import Finding, Interval
from auditkit.measures import change_interval, count_pairs, metric_values, paired_rate
from auditkit_shasam.repair.measure import runs_of, seed_error

if TYPE_CHECKING:
    from auditkit import Stats
    from auditkit_shasam.repair.measure import HeldOut, Stage


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

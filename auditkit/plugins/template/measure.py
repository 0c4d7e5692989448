"""The computation: arrays in, findings out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit import Finding, Interval
from auditkit.measures import wilson

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit import Stats, Subject


def hard_shares(
    subject: Subject, loss: NDArray[np.float64], factor: float, stats: Stats
) -> tuple[Finding, ...]:
    """Return the share of hard rows of each group, with Wilson's interval; loss is float64 [n], NaN where unknown."""
    hard = loss > factor * np.nanmean(loss)
    return tuple(
        _finding(f"{grouping.name}={label}", hard[grouping.codes == code], stats)
        for grouping in subject.groupings
        for code, label in enumerate(grouping.labels)
    )


def _finding(group: str, hard: NDArray[np.bool_], stats: Stats) -> Finding:
    n, x = len(hard), int(hard.sum())
    blank = {"metric": "hard_share", "group": group, "n": n, "direction": "higher_is_worse"}
    if n < stats.min_n:
        reason = f"insufficient evidence: {n} rows, {stats.min_n} needed"
        return Finding(**blank, value=None, reason=reason, rows_needed=stats.min_n)
    low, high = wilson(x, n, confidence=stats.confidence)
    interval = Interval(float(low), float(high), stats.confidence, "wilson", (float(x), float(n)))
    return Finding(**blank, value=x / n, interval=interval)

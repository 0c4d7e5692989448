"""What changed on the same rows in precision, its like and F1, which are taken over other rows before than after."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from auditkit.measures import dependent_change, measure, ratio_correlation
from auditkit_rates.rows.condition import condition_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from auditkit import Finding, Stats
    from auditkit.measures import PairedCounts

CLUSTERED = (
    "not compared where rows belong together, as no interval is known to hold; tpr, fpr and accuracy are"
)
"""Why precision and its like have no change between rows of one person."""


def ratio_changes(
    blanks: Sequence[Finding], pairs: PairedCounts, stats: Stats, *, sizes: NDArray[np.int64], clustered: bool
) -> Iterator[Finding]:
    """Yield one metric's change in each group, or why there is none; `blanks` [g] have no number, `sizes` are rows."""
    name = blanks[0].metric
    sides = (pairs.before, pairs.after)
    conditions = [condition_of(side, name, stats.min_n) for side in sides]
    before, after = (measure(side, name, confidence=stats.confidence) for side in sides)
    correlation = ratio_correlation(pairs, name)
    for i, blank in enumerate(blanks):
        lacking = [one for one in conditions if one.reason(i)]
        if lacking:
            needed = lacking[0].rows_needed(i, sizes)
            yield replace(blank, reason=lacking[0].reason(i), rows_needed=needed)
        elif clustered:
            yield replace(blank, reason=CLUSTERED)
        else:
            old, new = float(before.value[i]), float(after.value[i])
            interval = dependent_change(
                (old, before.interval(i)), (new, after.interval(i)), correlation=float(correlation[i]),
                confidence=stats.confidence,
            )  # fmt: skip
            details = {
                "condition": conditions[1].words,
                "condition_rows": int(conditions[1].rows[i]),
                "before": old,
                "after": new,
            }
            yield replace(blank, value=new - old, interval=interval, details={**blank.details, **details})

"""Findings about single groups: the metric itself, and its gap to all rows outside the group."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from auditkit import Finding
from auditkit.measures import condition_rows, measure, measure_gap, metric_of
from auditkit_rates.declare import GROUP_METRICS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from auditkit import Direction, Stats
    from auditkit.measures import Confusions
    from auditkit_rates.cuts import Cut

DIRECTION: dict[str, Direction] = {metric.name: metric.direction for metric in GROUP_METRICS}


def group_findings(cut: Cut, confusions: Confusions, names: Sequence[str], stats: Stats) -> Iterator[Finding]:
    """Yield, per group and metric, the value and the gap to the rest, or why they could not be measured."""
    rest = confusions.rest()
    for name in names:
        mine, theirs = condition_rows(confusions, name), condition_rows(rest, name)
        own = measure(confusions, name, confidence=stats.confidence)
        gap = measure_gap(confusions, rest, name=name, confidence=stats.confidence)
        for i, group in enumerate(cut.groups):
            details = {
                "attribute": cut.name,
                "condition": metric_of(name).condition,
                "condition_rows": int(mine[i]),
            }
            blank = Finding(
                metric=name,
                value=None,
                n=int(confusions.rows[i]),
                group=group,
                direction=DIRECTION[name],
                details=details,
            )
            if mine[i] < stats.min_n:
                reason = _too_few(name, int(mine[i]), stats.min_n)
                needed = _rows_needed(confusions.rows, mine, group=i, min_n=stats.min_n)
                blank = replace(blank, reason=reason, rows_needed=needed)
                yield from (blank, replace(blank, compare="to_rest"))
                continue
            yield replace(blank, value=float(own.value[i]), interval=own.interval(i))
            if theirs[i] < stats.min_n:
                reason = _too_few(name, int(theirs[i]), stats.min_n, of="the rest")
                yield replace(blank, reason=reason, compare="to_rest")
                continue
            yield replace(blank, value=float(gap.value[i]), interval=gap.interval(i), compare="to_rest")


def _too_few(name: str, rows: int, needed: int, *, of: str = "") -> str:
    whose = f" of {of}" if of else ""
    return f"insufficient evidence: {rows} {metric_of(name).condition}{whose}, {needed} needed"


def _rows_needed(
    rows: NDArray[np.int64], condition: NDArray[np.int64], *, group: int, min_n: int
) -> int | None:
    """Return the rows the group would need at its own share of condition rows, or at everybody's if it has none."""
    share = condition[group] / rows[group] if condition[group] else condition.sum() / max(rows.sum(), 1)
    return math.ceil(min_n / share) if share > 0 else None

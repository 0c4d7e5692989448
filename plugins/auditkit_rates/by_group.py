"""Findings about single groups: the metric itself, and its gap to all rows outside the group."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditkit import Finding
from auditkit.measures import condition_rows, measure, measure_gap, metric_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from auditkit import Compare, Stats
    from auditkit.measures import Measured
    from auditkit_rates.counts import Counted


def group_findings(part: Counted, names: Sequence[str], stats: Stats) -> Iterator[Finding]:
    """Yield, per metric and group, the value and the gap to the rest, or why they could not be measured."""
    for name in names:
        column = _Column(part=part, name=name, rows=condition_rows(part.own, name), min_n=stats.min_n)
        own = measure(part.own, name, confidence=stats.confidence)
        if part.rest is None:
            yield from (column.finding(i, "absolute", own) for i in range(len(part.cut.groups)))
            continue
        others = condition_rows(part.rest, name)
        gap = measure_gap(part.own, part.rest, name=name, confidence=stats.confidence)
        for i in range(len(part.cut.groups)):
            yield column.finding(i, "absolute", own)
            yield column.finding(i, "to_rest", gap, others=int(others[i]))


@dataclass(frozen=True, eq=False, kw_only=True)
class _Column:
    """One metric of every group of a cut; `rows` int64 [g] are those of its condition."""

    part: Counted
    name: str
    rows: NDArray[np.int64]
    min_n: int

    def finding(self, i: int, compare: Compare, measured: Measured, *, others: int | None = None) -> Finding:
        """Return one group's number; `others` are the condition's rows that it is compared with, if any."""
        reason, rows_needed = "", None
        if self.rows[i] < self.min_n:
            reason, rows_needed = self._too_few(int(self.rows[i])), self._rows_needed(i)
        elif others is not None and others < self.min_n:
            reason = self._too_few(others, of=" of the rest")
        return Finding(
            metric=self.name,
            value=None if reason else float(measured.value[i]),
            n=int(self.part.own.rows[i]),
            group=self.part.label(self.part.cut.groups[i]),
            compare=compare,
            interval=None if reason else measured.interval(i),
            reason=reason,
            rows_needed=rows_needed,
            details=self._details(i),
        )

    def _details(self, i: int) -> dict[str, Any]:
        return {
            "attribute": self.part.cut.name,
            "condition": metric_of(self.name).condition,
            "condition_rows": int(self.rows[i]),
            **self.part.details,
        }

    def _too_few(self, rows: int, *, of: str = "") -> str:
        return f"insufficient evidence: {rows} {metric_of(self.name).condition}{of}, {self.min_n} needed"

    def _rows_needed(self, i: int) -> int | None:
        """Return the rows that the group needs at its own share of the condition, or at everybody's if it has none."""
        rows = self.part.own.rows
        share = self.rows[i] / rows[i] if self.rows[i] else self.rows.sum() / max(rows.sum(), 1)
        return math.ceil(self.min_n / share) if share > 0 else None

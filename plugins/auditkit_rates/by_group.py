"""Findings about single groups: the metric, its gap to all rows outside the group, and to the reference group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditkit import Finding
from auditkit.measures import measure, measure_gap
from auditkit_rates.condition import condition_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit import Compare, Stats
    from auditkit.measures import Measured
    from auditkit_rates.condition import Condition
    from auditkit_rates.counts import Counted


def group_findings(part: Counted, names: Sequence[str], stats: Stats) -> Iterator[Finding]:
    """Yield, per metric and group, the value and its gaps, or why they could not be measured."""
    for name in names:
        mine = condition_of(part.own, name, stats.min_n)
        column = _Column(part=part, name=name, condition=mine)
        own = measure(part.own, name, confidence=stats.confidence)
        gaps = list(_gaps(part, name, stats))
        for i in range(len(part.cut.groups)):
            yield column.finding(i, "absolute", own)
            for gap in gaps:
                if not (gap.compare == "to_reference" and i == part.cut.reference):
                    yield column.finding(i, gap.compare, gap.measured, other=gap.other, of=gap.of)


@dataclass(frozen=True, eq=False, kw_only=True)
class _Gap:
    """One metric's gap of every group of a cut to something, whose condition is `other`, in words `of`."""

    compare: Compare
    measured: Measured
    other: Condition
    of: str


def _gaps(part: Counted, name: str, stats: Stats) -> Iterator[_Gap]:
    """Yield the gaps to all other rows, and to the reference group if the attribute has one."""
    level, clusters = stats.confidence, part.own.clusters
    if part.rest is not None:
        shared = None if clusters is None else clusters.shared_with_rest
        gap = measure_gap(part.own, part.rest, name=name, confidence=level, shared=shared)
        other = condition_of(part.rest, name, stats.min_n)
        yield _Gap(compare="to_rest", measured=gap, other=other, of=" of the rest")
    if part.cut.reference is not None:
        reference = part.own.of_group(part.cut.reference)
        shared = None if clusters is None else clusters.reference
        gap = measure_gap(part.own, reference, name=name, confidence=level, shared=shared)
        other, of = condition_of(reference, name, stats.min_n), f" of {part.cut.groups[part.cut.reference]}"
        yield _Gap(compare="to_reference", measured=gap, other=other, of=of)


@dataclass(frozen=True, eq=False, kw_only=True)
class _Column:
    """One metric of every group of a cut."""

    part: Counted
    name: str
    condition: Condition

    def finding(
        self, i: int, compare: Compare, measured: Measured, *, other: Condition | None = None, of: str = ""
    ) -> Finding:
        """Return one group's number; `other` is the condition of what it is compared with, if anything."""
        reason = self.condition.reason(i)
        needed = self.condition.rows_needed(i, self.part.own.rows) if reason else None
        if not reason and other is not None:
            reason = other.reason(i, of=of)
        return Finding(
            metric=self.name,
            value=None if reason else float(measured.value[i]),
            n=int(self.part.own.rows[i]),
            group=self.part.label(self.part.cut.groups[i]),
            compare=compare,
            interval=None if reason else measured.interval(i),
            reason=reason,
            rows_needed=needed,
            details=self._details(i),
        )

    def _details(self, i: int) -> dict[str, Any]:
        return {
            "attribute": self.part.cut.name,
            "condition": self.condition.words,
            "condition_rows": int(self.condition.rows[i]),
            **self.part.details,
        }

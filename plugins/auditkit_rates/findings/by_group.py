"""Findings about single groups: the metric, its gap to all rows outside the group, and to the reference group."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from auditkit import Finding
from auditkit.measures import measure, measure_gap
from auditkit_rates.rows.condition import condition_of
from auditkit_rates.rows.cuts import class_of, labelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit import Compare, Stats
    from auditkit.measures import Measured
    from auditkit_rates.rows.condition import Condition
    from auditkit_rates.rows.counts import Counted
    from auditkit_rates.rows.cuts import Groups


@dataclass(frozen=True, eq=False, kw_only=True)
class Gap:
    """One metric's gap of every group to something, whose condition is `other`, in words `of`."""

    compare: Compare
    measured: Measured
    other: Condition
    of: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Column:
    """One metric of every group: its condition, itself, and its gaps."""

    name: str
    condition: Condition
    own: Measured
    gaps: tuple[Gap, ...]

    def __getitem__(self, groups: slice) -> Column:
        """Return the column of some of the groups."""
        gaps = tuple(replace(g, measured=g.measured[groups], other=g.other[groups]) for g in self.gaps)
        return replace(self, condition=self.condition[groups], own=self.own[groups], gaps=gaps)


def columns_of(part: Counted, names: Sequence[str], stats: Stats) -> list[Column]:
    """Return the metrics of a cut's groups, or of the groups of all classes if they are stacked."""
    return [
        Column(
            name=name,
            condition=condition_of(part.own, name, stats.min_n),
            own=measure(part.own, name, confidence=stats.confidence),
            gaps=tuple(_gaps(part, name, stats)),
        )
        for name in names
    ]


def group_findings(part: Groups, columns: Sequence[Column]) -> Iterator[Finding]:
    """Yield, per metric and group, the value and the gaps, or why they could not be measured."""
    for column in columns:
        for i in range(len(part.cut.groups)):
            yield _finding(part, column, i, None)
            for gap in column.gaps:
                if not (gap.compare == "to_reference" and i == part.cut.reference):
                    yield _finding(part, column, i, gap)


def _gaps(part: Counted, name: str, stats: Stats) -> Iterator[Gap]:
    """Yield the gaps to all other rows, and to the reference group if the attribute has one."""
    level, clusters, reference = stats.confidence, part.own.clusters, part.reference()
    if part.rest is not None:
        shared = None if clusters is None else clusters.shared_with_rest
        gap = measure_gap(part.own, part.rest, name=name, confidence=level, shared=shared)
        other = condition_of(part.rest, name, stats.min_n)
        yield Gap(compare="to_rest", measured=gap, other=other, of=" of the rest")
    if reference is not None and part.cut.reference is not None:
        shared = None if clusters is None else clusters.reference
        gap = measure_gap(part.own, reference, name=name, confidence=level, shared=shared)
        other, of = condition_of(reference, name, stats.min_n), f" of {part.cut.groups[part.cut.reference]}"
        yield Gap(compare="to_reference", measured=gap, other=other, of=of)


def _finding(part: Groups, column: Column, i: int, gap: Gap | None) -> Finding:
    """Return one group's number, or its gap."""
    condition = column.condition
    measured = column.own if gap is None else gap.measured
    reason = condition.reason(i)
    needed = condition.rows_needed(i, part.rows) if reason else None
    if not reason and gap is not None:
        reason = gap.other.reason(i, of=gap.of)
    return Finding(
        metric=column.name,
        value=None if reason else float(measured.value[i]),
        n=int(part.rows[i]),
        group=labelled(part.cut.groups[i], part.positive),
        compare="absolute" if gap is None else gap.compare,
        interval=None if reason else measured.interval(i),
        reason=reason,
        rows_needed=needed,
        details={
            "attribute": part.cut.name,
            "condition": condition.words,
            "condition_rows": int(condition.rows[i]),
            **class_of(part.positive),
        },
    )

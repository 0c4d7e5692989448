"""Findings about single groups: the metric, its gap to all rows outside the group, and to the reference group."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from auditkit import Finding
from auditkit.measures import measure, measure_gap
from auditkit_rates.rows.condition import condition_of
from auditkit_rates.rows.cuts import class_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from auditkit import Compare, Stats
    from auditkit.measures import Measured
    from auditkit_rates.rows.condition import Condition
    from auditkit_rates.rows.counts import Counted
    from auditkit_rates.rows.cuts import ByClass, Groups

Lack: TypeAlias = "tuple[str, int | None]"
"""Why a group cannot be measured, and how many rows it would need."""


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


def group_findings(groups: Groups, columns: Sequence[Column]) -> ByClass:
    """Return, per metric and group of each class, the value and the gaps, or why they could not be measured."""
    found: ByClass = [[] for _ in groups.classes]
    for column in columns:
        kinds = _of_column(groups, column)
        for of_class, place in zip(found, groups.places(), strict=True):
            of_groups = zip(*(kind[place] for kind in kinds), strict=True)
            of_class.extend(one for one in chain.from_iterable(of_groups) if one is not None)
    return found


def lacking(groups: Groups, condition: Condition) -> dict[int, Lack]:
    """Return why groups [c g] cannot be measured and what each needs, by place, of those that cannot."""
    found: dict[int, Lack] = {}
    reasons = condition.reasons()
    for place in groups.places() if reasons else ():
        of_class = condition[place]
        for i in range(len(groups.rows)):
            if reason := reasons.get(place.start + i):
                found[place.start + i] = reason, of_class.rows_needed(i, groups.rows)
    return found


def _of_column(groups: Groups, column: Column) -> list[list[Finding | None]]:
    """Return the numbers of a metric [c g], then each of its gaps; the reference has no gap to itself."""
    condition, said = column.condition, [class_of(positive) for positive in groups.classes]
    classes = [one for one in said for _ in groups.cut.groups]
    told = [
        {"attribute": groups.cut.name, "condition": condition.words, "condition_rows": rows, **of_class}
        for rows, of_class in zip(condition.rows.tolist(), classes, strict=True)
    ]
    why = lacking(groups, condition)
    kinds = [_findings(groups, column, None, why, told)]
    for gap in column.gaps:
        others = gap.other.reasons(of=gap.of)
        found = _findings(
            groups, column, gap, {i: (reason, None) for i, reason in others.items()} | why, told
        )
        if gap.compare == "to_reference":
            for place in groups.places():
                found[place.start + (groups.cut.reference or 0)] = None
        kinds.append(found)
    return kinds


def _findings(
    groups: Groups,
    column: Column,
    gap: Gap | None,
    why: Mapping[int, Lack],
    told: Sequence[Mapping[str, Any]],
) -> list[Finding | None]:
    """Return every group's number, or its gap."""
    measured = column.own if gap is None else gap.measured
    compare: Compare = "absolute" if gap is None else gap.compare
    wanting = [why.get(i, ("", None)) for i in range(len(told))]
    columns = measured.value.tolist(), measured.intervals, groups.sizes, groups.names, wanting, told
    return [
        Finding(
            metric=column.name,
            value=None if reason else value,
            n=n,
            group=group,
            compare=compare,
            interval=None if reason else interval,
            reason=reason,
            rows_needed=needed,
            details=details,
        )
        for value, interval, n, group, (reason, needed), details in zip(*columns, strict=True)
    ]


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

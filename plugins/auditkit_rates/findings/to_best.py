"""Findings about each group's gap to the best of its attribute, bounded although the best was picked by its rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import Finding
from auditkit.measures import gaps_to_best_of
from auditkit_rates.findings.between import coverage
from auditkit_rates.findings.by_group import lacking
from auditkit_rates.metrics.reported import best_side
from auditkit_rates.rows.cuts import class_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from auditkit import Outcome, Stats
    from auditkit.measures import ToBest
    from auditkit_rates.findings.between import Source
    from auditkit_rates.findings.by_group import Lack
    from auditkit_rates.rows.cuts import ByClass, Groups


def to_best(
    groups: Groups,
    names: Sequence[str],
    sources: Mapping[str, Source],
    stats: Stats,
    *,
    outcome: Outcome | None,
) -> ByClass:
    """Return the gap of every group to the best one of each class, for each metric of which a side is better."""
    findings: ByClass = [[] for _ in groups.classes]
    for name in names:
        best = best_side(name, outcome)
        if best is None:
            continue
        source = sources[name]
        gaps = gaps_to_best_of(source.rates, best, confidence=stats.confidence)
        why = lacking(groups, source.condition)
        for c, (found, of_class) in enumerate(zip(gaps, findings, strict=True)):
            of_class.extend(_of_class(groups, c, source, found, why))
    return findings


def _of_class(
    groups: Groups, c: int, source: Source, found: ToBest | None, why: Mapping[int, Lack]
) -> Iterator[Finding]:
    """Yield the gaps of class c."""
    shared = {"attribute": groups.cut.name, **coverage(groups, source)[c], **class_of(groups.classes[c])}
    shared["condition"] = source.condition.words
    if found is not None:
        shared["best"] = groups.cut.groups[found.best]
    apart = f"{source.compared[c]} of {len(groups.cut.groups)} groups have enough rows"
    place = groups.places()[c]
    nobody: Lack = ("" if found else f"insufficient evidence: {apart}", None)
    wanting = [why.get(i, nobody) for i in range(place.start, place.stop)]
    nothing = [None] * len(wanting)
    values, intervals = (found.value.tolist(), found.intervals) if found else (nothing, nothing)
    columns = groups.names[place], groups.sizes[place], source.condition.rows[place].tolist(), wanting
    for group, n, rows, (reason, needed), value, interval in zip(*columns, values, intervals, strict=True):
        yield Finding(
            metric=source.name,
            value=None if reason else value,
            n=n,
            group=group,
            compare="to_best",
            interval=interval,
            reason=reason,
            rows_needed=needed,
            details={**shared, "condition_rows": rows},
        )

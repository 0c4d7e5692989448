"""Findings about each group's selection rate over the highest one, and over the reference group's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import Finding
from auditkit.measures import impact_of, impact_of_highest
from auditkit_rates.findings.between import coverage, source_of
from auditkit_rates.rows.cuts import Groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit import Stats
    from auditkit.measures import Impact
    from auditkit_rates.findings.between import Source
    from auditkit_rates.rows.counts import Counted


def impact_findings(part: Counted, names: Sequence[str], stats: Stats) -> Iterator[Finding]:
    """Yield the ratios that are named, of the groups of an attribute."""
    if part.cut.kind != "attribute" or not {"impact_ratio", "impact_ratio_to_reference"} & set(names):
        return
    source = source_of(part, "selection_rate", stats)
    if "impact_ratio" in names:
        found = impact_of_highest(source.rates, confidence=stats.confidence)
        why = f"{source.compared[0]} of {len(part.cut.groups)} groups have enough rows"
        why = why if source.compared[0] < 2 else "every group's rate is 0"
        yield from _findings(part, "impact_ratio", source, found, why)
    reference = part.cut.reference
    if "impact_ratio_to_reference" in names and reference is not None:
        found = impact_of(source.rates, reference, confidence=stats.confidence)
        why = f"{part.cut.groups[reference]} has too few rows, or a rate that may be 0"
        yield from _findings(part, "impact_ratio_to_reference", source, found, why)


def _findings(part: Counted, name: str, source: Source, found: Impact | None, why: str) -> Iterator[Finding]:
    (covered,) = coverage(Groups(cut=part.cut, rows=part.rows), source)
    for i, group in enumerate(part.cut.groups):
        if found is not None and name != "impact_ratio" and i == found.over:
            continue
        reason = source.condition.reason(i)
        interval = None if found is None else found.intervals[i]
        if not reason and interval is None:
            reason = f"insufficient evidence: {why}"
        details = {"attribute": part.cut.name, **covered}
        if found is not None:
            details["over"] = part.cut.groups[found.over]
        yield Finding(
            metric=name, group=group, n=int(part.rows[i]), reason=reason, details=details,
            value=None if reason or found is None else float(found.value[i]), interval=None if reason else interval,
            rows_needed=source.condition.rows_needed(i, part.rows) if source.condition.reason(i) else None,
        )  # fmt: skip

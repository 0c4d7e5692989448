"""Findings about each group's gap to the best of its attribute, bounded although the best was picked by its rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import Finding
from auditkit.measures import gaps_to_best
from auditkit_rates.findings.between import coverage
from auditkit_rates.metrics.reported import best_side
from auditkit_rates.rows.cuts import class_of, labelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from auditkit import Outcome, Stats
    from auditkit_rates.findings.between import Source
    from auditkit_rates.rows.cuts import Part


def to_best(
    part: Part,
    names: Sequence[str],
    sources: Mapping[str, Source],
    stats: Stats,
    *,
    outcome: Outcome | None,
) -> Iterator[Finding]:
    """Yield the gap of every group to the best one, for each metric of which a side is better."""
    for name in names:
        best = best_side(name, outcome)
        if best is None:
            continue
        source = sources[name]
        found = gaps_to_best(source.rates, best, confidence=stats.confidence)
        condition = {"condition": source.condition.words}
        shared = {
            "attribute": part.cut.name,
            **coverage(part, source),
            **class_of(part.positive),
            **condition,
        }
        if found is not None:
            shared["best"] = part.cut.groups[found.best]
        for i, group in enumerate(part.cut.groups):
            reason = source.condition.reason(i)
            needed = source.condition.rows_needed(i, part.rows) if reason else None
            if found is None and not reason:
                reason = f"insufficient evidence: {source.compared} of {len(part.cut.groups)} groups have enough rows"
            yield Finding(
                metric=name,
                value=None if found is None or reason else float(found.value[i]),
                n=int(part.rows[i]),
                group=labelled(group, part.positive),
                compare="to_best",
                interval=None if found is None else found.intervals[i],
                reason=reason,
                rows_needed=needed,
                details={**shared, "condition_rows": int(source.condition.rows[i])},
            )

"""Which harms a report may call certain: those that stand after a correction for all the gaps that it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit.values.finding import Finding
    from auditkit.values.report import Report


def certain_harms(report: Report) -> frozenset[int]:
    """Return the ids of the findings whose corrected bound excludes no harm.

    Only gaps whose metric has a worse side can be harm. The family is all such gaps of one step at one stage: a reader
    of two hundred rows sees the largest of them. Colour and the word "worst off" follow from here, in every format.
    """
    correction = str(dict(report.recipe.get("stats") or {}).get("correction", "holm"))
    families: dict[tuple[str, int], list[Finding]] = {}
    for finding in report.findings:
        if finding.signed and finding.direction != "neither" and finding.interval is not None:
            families.setdefault((finding.step, finding.stage), []).append(finding)
    return frozenset(id(f) for family in families.values() for f in _shown(family, correction))


def _shown(family: Sequence[Finding], correction: str) -> list[Finding]:
    """Return the findings of a family that the correction lets claim harm."""
    if not any(_beyond_no_harm(finding) for finding in family):
        return []
    from auditkit.measures import certain_gaps

    certain = certain_gaps(
        [finding.value or 0.0 for finding in family],
        [finding.interval for finding in family if finding.interval is not None],
        ["above" if finding.direction == "higher_is_worse" else "below" for finding in family],
        correction=correction if correction in {"holm", "bh", "none"} else "holm",  # type: ignore[arg-type]  # checked here
    )
    return [finding for finding, sure in zip(family, certain, strict=True) if sure]


def _beyond_no_harm(finding: Finding) -> bool:
    """Whether the interval as it is printed excludes no harm."""
    interval = finding.interval
    if interval is None or finding.value is None:
        return False
    return interval.low > 0 if finding.direction == "higher_is_worse" else interval.high < 0

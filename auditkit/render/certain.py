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
    hopeful = [finding for finding in family if _beyond_no_harm(finding)]
    if not hopeful:
        return []
    from auditkit.measures import levels, p_values

    found = p_values(
        [finding.value or 0.0 for finding in hopeful],
        [finding.interval for finding in hopeful if finding.interval is not None],
        [0.0] * len(hopeful),
        ["above" if finding.direction == "higher_is_worse" else "below" for finding in hopeful],
    )
    # A p-value above the uncorrected level can be anything: no correction rejects it.
    whole = [*found, *[1.0] * (len(family) - len(hopeful))]
    alpha = (1 - max(f.interval.confidence for f in hopeful if f.interval is not None)) / 2
    allowed = levels(whole, alpha, correction if correction in {"holm", "bh", "none"} else "holm")  # type: ignore[arg-type]  # checked here
    return [finding for finding, p, level in zip(hopeful, found, allowed, strict=False) if p < level]


def _beyond_no_harm(finding: Finding) -> bool:
    """Whether the interval as it is printed excludes no harm."""
    interval = finding.interval
    if interval is None or finding.value is None:
        return False
    return interval.low > 0 if finding.direction == "higher_is_worse" else interval.high < 0

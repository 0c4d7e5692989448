"""What a run did not assess, and why: steps left out, groups with too few rows, attributes nobody named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.values.report import Skipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit.running.ledger import Ledger
    from auditkit.running.plan import Plan
    from auditkit.spec.step import StepSpec
    from auditkit.values.finding import Finding
    from auditkit.values.subject import Subject


def unassessed(
    plan: Plan, findings: Sequence[Finding], ledger: Ledger, subject: Subject
) -> tuple[Skipped, ...]:
    """Return all that the run did not assess."""
    return (
        *left_out(plan.left_out),
        *unmeasured(findings),
        *ledger.skipped,
        *ungrouped(subject),
    )


def left_out(steps: Sequence[StepSpec]) -> list[Skipped]:
    """Return the steps whose tag was not asked for."""
    return [
        Skipped(step=spec.id, what=f"step {spec.use}", why=f"runs only with --when {spec.when}")
        for spec in steps
    ]


def unmeasured(findings: Sequence[Finding]) -> list[Skipped]:
    """Return one entry per group, naming the metrics that could not be measured and the scarcest reason."""
    lacking: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.reason:
            lacking.setdefault((finding.step, finding.group), []).append(finding)
    return [
        Skipped(
            step=step,
            what=f"{group or 'all rows'}: {', '.join(dict.fromkeys(f.metric for f in same))}",
            why=max(same, key=lambda f: f.rows_needed or 0).reason,
            n=min(f.n for f in same),
            rows_needed=max((f.rows_needed for f in same if f.rows_needed is not None), default=None),
        )
        for (step, group), same in lacking.items()
    ]


def ungrouped(subject: Subject) -> list[Skipped]:
    """Return the sensitive columns that no group was made from."""
    grouped = {column for cut in subject.groupings for column in cut.columns}
    grouped |= {column for group in subject.groups for column in group.columns}
    return [
        Skipped(step="", what=f"groups of column {column}", why="sensitive, but not named as a group")
        for column in subject.sensitive
        if column not in grouped
    ]

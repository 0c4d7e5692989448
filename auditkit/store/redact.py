"""A report without what could point at single persons: personal exhibits, and numbers about very few rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditkit.values.finding import Finding
    from auditkit.values.report import Report

LEAST = 10
"""Rows below which a number is suppressed, the threshold of many statistical offices."""
REASON = f"suppressed: fewer than {LEAST} rows"


def redacted(report: Report) -> Report:
    """Return the report without personal tables and charts, and without numbers about fewer than LEAST rows.

    A suppressed finding keeps its group, so that a reader sees that something is hidden; its n is 0. A group's
    size is hidden in the same way. Gates keep their verdicts: they were decided before.
    """
    tables = tuple(table for table in report.tables if not table.personal)
    charts = tuple(chart for chart in report.charts if not chart.personal)
    hidden = len(report.tables) + len(report.charts) - len(tables) - len(charts)
    said = f"Redacted: numbers about fewer than {LEAST} rows are suppressed"
    note = f"{said}; {hidden} tables or charts of single rows are left out." if hidden else f"{said}."
    return replace(
        report,
        findings=tuple(_suppressed(finding) for finding in report.findings),
        groups=tuple(
            replace(group, n=0, share=0.0, rule=REASON, expression="") if _few(group.n) else group
            for group in report.groups
        ),
        skipped=tuple(replace(item, n=None) if _few(item.n) else item for item in report.skipped),
        subject={key: _sizes(value) if key == "groups" else value for key, value in report.subject.items()},
        tables=tables,
        charts=charts,
        notes=(*report.notes, note),
    )


def _few(n: int | None) -> bool:
    return n is not None and 0 < n < LEAST


def _suppressed(finding: Finding) -> Finding:
    if not _few(finding.n):
        return finding
    return replace(finding, value=None, interval=None, n=0, rows_needed=None, reason=REASON, details={})


def _sizes(groups: object) -> object:
    """Return the rows of each group of each attribute, small ones as text."""
    if not isinstance(groups, dict):
        return groups
    return {
        name: {label: f"fewer than {LEAST}" if _few(n) else n for label, n in sizes.items()}
        for name, sizes in groups.items()
    }

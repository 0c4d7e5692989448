"""What a mined group is called: its shortest rule in words, and how well that rule catches it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditkit.values.report import GroupEntry, Report


def details_of(entry: GroupEntry, report: Report) -> dict[str, Any]:
    """Return the details of all findings of its step about a group, the first findings' before the others'."""
    merged: dict[str, Any] = {}
    for finding in report.findings:
        if finding.group == entry.name and finding.step == entry.step:
            merged = {**finding.details, **merged}
    return merged


def shortest_rule(entry: GroupEntry, details: Mapping[str, Any]) -> tuple[str, str]:
    """Return the shortest rule that a step gives, and how well it fits; the group's own rule where there is none."""
    if isinstance(details.get("rule"), str) and details["rule"]:
        return str(details["rule"]), _fit(details.get("f1"))
    shallow = details.get("shallow")
    if isinstance(shallow, Mapping) and isinstance(shallow.get("rule"), str) and shallow["rule"]:
        return str(shallow["rule"]), _fit(shallow.get("f1"))
    return entry.rule, ""


def _fit(f1: Any) -> str:
    if not isinstance(f1, int | float) or isinstance(f1, bool):
        return ""
    return "exact" if f1 >= 1 else f"F1 {min(f1, 0.99):.2f}"

"""The report as strict JSON, for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.store.report_text import indented_text
from auditkit.values.shown.hidden import without_marks

if TYPE_CHECKING:
    from auditkit.values.report import Report


def render(report: Report) -> str:
    """Return the whole report as JSON: fixed key order, no NaN or Infinity, a newline at the end."""
    return "".join(map(without_marks, indented_text(report)))

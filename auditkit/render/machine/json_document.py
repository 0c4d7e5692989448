"""The report as strict JSON, for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.store.json_text import json_text
from auditkit.store.report_json import to_dict

if TYPE_CHECKING:
    from auditkit.values.report import Report


def render(report: Report) -> str:
    """Return the whole report as JSON: fixed key order, no NaN or Infinity, a newline at the end."""
    return json_text(to_dict(report)) + "\n"

"""The report as strict JSON, for machines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from auditkit.store.report_json import to_dict

if TYPE_CHECKING:
    from auditkit.values.report import Report


def render(report: Report) -> str:
    """Return the whole report as JSON: fixed key order, no NaN or Infinity, a newline at the end."""
    return json.dumps(to_dict(report), ensure_ascii=False, indent=2, allow_nan=False) + "\n"

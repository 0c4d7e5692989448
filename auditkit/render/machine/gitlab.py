"""The gates as a code quality report of GitLab, which merge requests show: the worst first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from auditkit.render.machine.issues import issues
from auditkit.values.shown.hidden import without_marks

if TYPE_CHECKING:
    from auditkit.values.report import Report

SEVERITIES = {"error": "blocker", "warning": "major", "notice": "info"}


def render(report: Report) -> str:
    """Return a JSON list with one object for each issue; each has a fingerprint that no other has."""
    seen: set[str] = set()
    found = []
    for one in issues(report):
        if one.fingerprint in seen:
            continue
        seen.add(one.fingerprint)
        found.append(
            {
                "description": f"{one.title}: {one.text}",
                "check_name": one.title,
                "fingerprint": one.fingerprint,
                "severity": SEVERITIES[one.level],
                "location": {"path": one.file, "lines": {"begin": one.line}},
            }
        )
    return without_marks(json.dumps(found, ensure_ascii=False, indent=1)) + "\n"

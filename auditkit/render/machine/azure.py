"""The gates as issues of Azure Pipelines' logging commands, the worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.render.machine.issues import issues

if TYPE_CHECKING:
    from auditkit.values.report import Report

LEVELS = {"error": "error", "warning": "warning"}
"""What Azure knows; the rest is printed as a line."""


def render(report: Report) -> str:
    """Return one command a line for what fails or warns, and a plain line for what is for review or accepted."""
    lines = []
    for one in issues(report):
        text = _escaped(f"{one.title}: {one.text}")
        if one.level in LEVELS:
            place = f"sourcepath={_escaped(one.file)};linenumber={one.line}"
            lines.append(f"##vso[task.logissue type={LEVELS[one.level]};{place}]{text}")
        else:
            lines.append(f"##[section]{text}")
    return "".join(f"{line}\n" for line in lines)


def _escaped(text: str) -> str:
    told = text.replace("%", "%AZP25").replace("\r", "%0D").replace("\n", "%0A")
    return told.replace("]", "%5D").replace(";", "%3B").replace("##", "# #")

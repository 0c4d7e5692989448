"""The report as a text file: the first screen, then every table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.render.text import terminal

if TYPE_CHECKING:
    from auditkit.values.report import Report


def render(report: Report) -> str:
    """Return the whole report as text."""
    return terminal.render(report, verbose=True)

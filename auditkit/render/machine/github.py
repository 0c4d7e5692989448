"""The gates as annotations of GitHub's workflow commands: as many of each kind as a step may show, worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.render.machine.issues import LEVELS, issues

if TYPE_CHECKING:
    from auditkit.values.report import Report

MOST = 10
"""Annotations of one level that GitHub keeps of a step."""


def render(report: Report) -> str:
    """Return one command a line, and one that counts what was left out."""
    found, lines = issues(report), list[str]()
    for level in LEVELS:
        mine = [issue for issue in found if issue.level == level]
        kept = mine if len(mine) <= MOST else mine[: MOST - 1]
        lines += [
            f"::{level} file={_property(one.file)},line={one.line},title={_property(one.title)}::{_data(one.text)}"
            for one in kept
        ]
        if len(kept) < len(mine):
            more = f"{len(mine) - len(kept):,} more; the report lists them"
            lines.append(f"::{level} title=auditkit::{more}")
    return "".join(f"{line}\n" for line in lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

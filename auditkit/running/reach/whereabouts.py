"""A report says nothing of the machine it was made on: paths are told from the working folder, or by their names."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditkit.values.report import Report

FULL = "AUDITKIT_FULL_PATHS"
"""The variable by which somebody asks for paths as they are."""
_QUOTED = re.compile(r"'(/[^'\n]+)'")
_PLAIN = re.compile(r"(?<![\w.~/…])/[^\s'\",;()]*[^\s'\",.;:()]")


def without_whereabouts(report: Report) -> Report:
    """Return the report with no absolute path in what it says of its data, recipe, command, steps and exhibits.

    A path below the working folder is told from there, one below the home folder from `~`, any other by its name.
    """
    if os.environ.get(FULL):
        return report
    return replace(
        report,
        name=told(report.name),
        recipe=_within(report.recipe),
        subject=_within(report.subject),
        provenance=_within(report.provenance),
        notes=tuple(map(told, report.notes)),
        skipped=tuple(replace(item, what=told(item.what), why=told(item.why)) for item in report.skipped),
        answers=tuple(replace(item, text=told(item.text), basis=told(item.basis)) for item in report.answers),
        steps=tuple(replace(step, params=_within(step.params)) for step in report.steps),
        tables=tuple(
            replace(
                table,
                rows=tuple(tuple(_within(cell) for cell in row) for row in table.rows),
                caption=told(table.caption),
            )
            for table in report.tables
        ),
    )


def _within(value: Any) -> Any:
    """Return the value with every text in it told; keys stay, for they are columns and groups."""
    match value:
        case str():
            return told(value)
        case Path():
            return told(str(value))
        case Mapping():
            return {key: _within(item) for key, item in value.items()}
        case list() | tuple():
            return type(value)(_within(item) for item in value) if type(value) in {list, tuple} else value
    return value


def told(text: str) -> str:
    """Return a text with its absolute paths shortened; what leads nowhere on this machine is no path of it."""
    if "/" not in text:
        return text
    if _is_path(text):
        return _short(text)
    quoted = _QUOTED.sub(lambda found: f"'{_short(found[1])}'" if _is_path(found[1]) else found[0], text)
    return _PLAIN.sub(lambda found: _short(found[0]) if _is_path(found[0]) else found[0], quoted)


def _is_path(text: str) -> bool:
    """Whether a text is an absolute path to a file, or to one that could be made in its folder."""
    if not text.startswith("/") or "\n" in text or "\0" in text or len(text) > 4096 or text == "/":
        return False
    try:
        path = Path(text)
        return path.exists() or (len(path.parts) > 2 and path.parent.is_dir())
    except OSError:
        return False


def _short(text: str) -> str:
    path = Path(text)
    for folder, sign in ((Path.cwd(), Path()), (Path.home(), Path("~"))):
        if folder != Path("/") and path.is_relative_to(folder):
            return str(sign / path.relative_to(folder))
    return f"…/{path.name}"

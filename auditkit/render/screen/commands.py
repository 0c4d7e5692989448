"""The commands that a reader may want next."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditkit.render.screen.cards import Card
    from auditkit.values.report import Report


def next_commands(report: Report, cards: tuple[Card, ...], *, run: str = "") -> tuple[str, ...]:
    """Return commands, the most useful first. `run` is the id under which the report is kept, "" if it is not."""
    found = []
    if run:
        found += ["auditkit report -o report.html", "auditkit report -v"]
    failed = next((gate.id for gate in report.gates if gate.outcome == "fail"), "")
    if failed:
        found.append(f"auditkit explain {shlex.quote(failed)}")
    named = _named_recipe(report)
    if any(gate.outcome in {"not_shown", "insufficient"} for gate in report.gates) and named:
        found.append(f"auditkit power {named}")
    if any(card.confirmed for card in cards) and (line := _line(report)) and line[1:2] == ["mine"]:
        found.append(f"{shlex.join(line)} --save-groups groups.yaml")
    return tuple(found)


def _line(report: Report) -> list[str]:
    """Return the words of the command that made the report; none where they are unknown."""
    try:
        return shlex.split(str(report.provenance.get("command", "")))
    except ValueError:
        return []


def _named_recipe(report: Report) -> str:
    """Return the recipe that `auditkit run` was given, "" where another command made the report."""
    line = _line(report)
    named = line[2] if len(line) > 2 and line[1] == "run" else ""
    return "" if named.startswith("-") else shlex.quote(named) if named else ""

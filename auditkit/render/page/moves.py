"""A repair's own picture: for each metric, who moved from where to where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.render import words
from auditkit.render.page import marks

if TYPE_CHECKING:
    from auditkit.render.outline import Section
    from auditkit.render.screen.names import Names
    from auditkit.values.finding import Finding

ROWS = 40
"""Moves of one metric that are drawn; the tables in the appendix have all."""


@dataclass(frozen=True)
class Move:
    """One group's number before and after, as texts, with its drawing."""

    group: str
    n: int
    before: str
    after: str
    drawing: str


@dataclass(frozen=True)
class Moves:
    """One metric's moves; `direction` says which way is worse."""

    title: str
    direction: str
    rows: tuple[Move, ...]
    hidden: int


def moves_of(section: Section, names: Names) -> tuple[Moves, ...]:
    """Return the metrics of a repair that it measured before and after, each with its groups."""
    if section.step.kind != "repair":
        return ()
    made = []
    for table in section.tables:
        pairs = _pairs([cell for row in table.rows for cell in row.findings])
        moved = table.metric.direction != "neither" or any(a.value != b.value for a, b in pairs)
        if not (pairs and moved):
            continue
        scale = marks.span_of(one.value or 0.0 for pair in pairs for one in pair)
        made.append(
            Moves(
                title=words.title(table.metric),
                direction=words.DIRECTIONS[table.metric.direction],
                rows=tuple(_move(before, after, scale, names) for before, after in pairs[:ROWS]),
                hidden=max(len(pairs) - ROWS, 0),
            )
        )
    return tuple(made)


def _pairs(cells: list[Finding]) -> list[tuple[Finding, Finding]]:
    """Return the numbers that a place has once before and once after a repair, where both were measured."""
    held: dict[tuple[str, str, str], list[Finding]] = {}
    for cell in cells:
        held.setdefault((cell.group, cell.compare, str(cell.details.get("attribute", ""))), []).append(cell)
    found = []
    for same in held.values():
        ordered = sorted(same, key=lambda cell: cell.stage)
        if len({cell.stage for cell in same}) == len(same) == 2 and all(
            cell.value is not None for cell in same
        ):
            found.append((ordered[0], ordered[1]))
    return found


def _move(before: Finding, after: Finding, scale: marks.Scale, names: Names) -> Move:
    first, last = (words.number(one.value or 0.0, unit=one.unit) for one in (before, after))
    group = names.group(before.group)
    change = (after.value or 0.0) - (before.value or 0.0)
    worse = {"higher_is_worse": change > 0, "lower_is_worse": change < 0}.get(after.direction)
    tone = "open" if worse is None or not change else "bad" if worse else "good"
    drawing = marks.move(
        scale,
        before=before.value or 0.0,
        after=after.value or 0.0,
        said=f"{group}: {first} to {last}",
        tone=tone,
    )
    return Move(group, after.n, first, last, drawing)

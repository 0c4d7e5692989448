"""Group by metric, in points against the rest: at most fifteen rows, worst first; the rest folded."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING

from auditkit.render import by_metric, outline, words
from auditkit.render.screen.amounts import Amounts
from auditkit.render.screen.names import sentence
from auditkit.values.shown.said import AND, percent, plain_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from auditkit.render.screen.names import Names
    from auditkit.render.screen.screen import Screen
    from auditkit.values.compare import Compare
    from auditkit.values.finding import Finding

OPEN_ROWS = 15
GAPS: tuple[Compare, ...] = ("to_rest", "to_reference", "to_best", "change")
AGAINST = {
    "to_rest": "the rest",
    "to_reference": "the reference group",
    "to_best": "the best group",
    "change": "what it was before",
}
TINTS = (0.02, 0.05, 0.10, 0.20, 0.40)
"""Sizes of a gap between shares from which a certain harm is tinted more strongly; of other units, all tint alike."""


@dataclass(frozen=True)
class Cell:
    """One number of the grid: its text, its tint (`bad3`, `grey`, "") and its interval for whoever asks."""

    text: str
    tint: str = ""
    title: str = ""


@dataclass(frozen=True)
class Row:
    """One group; `single` where one attribute names it, `alike` intersections that say what it says."""

    group: str
    n: int
    cells: tuple[Cell, ...]
    single: bool
    alike: int = 0


@dataclass(frozen=True)
class Grid:
    """The groups of one step. `heads` are the metrics that somebody was measured by, `overall` those of all rows."""

    step: str
    against: str
    heads: tuple[str, ...]
    overall: tuple[str, ...]
    n: int
    rows: tuple[Row, ...]
    folded: tuple[Row, ...]
    hidden: int
    in_points: bool


@dataclass(frozen=True)
class _Line:
    """One group's gaps while the grid is made; `certain` goes with them."""

    group: str
    stage: int
    n: int
    gaps: tuple[Finding | None, ...]
    certain: tuple[bool, ...]
    harm: float


def grid_of(section: outline.Section, screen: Screen, *, room: int) -> Grid | None:
    """Return a step's grid, or None where fewer than two groups have a gap; at most `room` rows are on the page.

    A harm is certain where the correction for all gaps of the step says so, or that of a gate which it breaks.
    """
    names = screen.names
    if section.step.kind == "repair":  # its changes have a picture of their own
        return None
    for compare in GAPS:
        tables = [table for table in section.tables if compare in table.columns and _measured(table, compare)]
        lines = _lines(tables, compare, _broken(screen, section.step.id, compare))
        if len(lines) > 1:
            break
    else:
        return None
    parents = _parents(lines)
    alike = {line.group: _repeated(line, parents) for line in lines}
    first = [line for line in lines if not alike[line.group]][:OPEN_ROWS]
    rest = [line for line in lines if line not in first]
    shown = [
        _row(line, names, sum(parent == line.group != "" for parent in alike.values())) for line in first
    ]
    folded = [_row(line, names, 0) for line in rest[: max(room - len(first), 0)]]
    whole = [table.overall for table in tables]
    return Grid(
        step=section.step.id,
        against=AGAINST[compare],
        heads=tuple(sentence(names.metric(section.step.id, table.metric.name)) for table in tables),
        overall=tuple(_level(one) for one in whole) if any(whole) else (),
        n=max((one.n for one in whole if one), default=0),
        rows=tuple(shown),
        folded=tuple(folded),
        hidden=len(rest) - len(folded),
        in_points=all(_amounts(line.gaps).in_points for line in lines),
    )


def _measured(table: by_metric.Table, compare: Compare) -> bool:
    place = table.columns.index(compare)
    return any(
        cell is not None and cell.value is not None for cell in (row.cells[place] for row in table.rows)
    )


def _broken(screen: Screen, step: str, compare: Compare) -> frozenset[tuple[str, str]]:
    """Return the metrics and groups that a gate's corrected bound shows to be worse off."""
    return frozenset(
        (block.gate.metric, one.group)
        for block in screen.gates
        if block.gate.on == step and block.gate.compare == compare and block.gate.harm != "either"
        for one in block.gate.comparisons
        if one.outcome == "breaks" and not one.note and (block.gate.limit or 0.0) >= 0
    )


def _lines(
    tables: Sequence[by_metric.Table], compare: Compare, broken: frozenset[tuple[str, str]]
) -> list[_Line]:
    """Return the groups by how far they are certainly worse off, then by the size of their worst gap."""
    found: dict[tuple[str, int], dict[int, tuple[Finding, bool]]] = {}
    for i, table in enumerate(tables):
        place = table.columns.index(compare)
        for row in table.rows:
            cell = row.cells[place]
            if cell is not None:
                sure = row.certain[place] or (cell.metric, cell.group) in broken
                found.setdefault((cell.group, cell.stage), {})[i] = (cell, sure and cell.value is not None)
    lines = []
    for (group, stage), cells in found.items():
        gaps = tuple(cells[i][0] if i in cells else None for i in range(len(tables)))
        certain = tuple(i in cells and cells[i][1] for i in range(len(tables)))
        harms = [by_metric.harm(gap, 0.0) for gap, yes in zip(gaps, certain, strict=True) if gap and yes]
        n = max(gap.n for gap in gaps if gap)
        lines.append(_Line(group, stage, n, gaps, certain, max(harms, default=-math.inf)))
    alike = by_metric.ALIKE
    return sorted(
        lines, key=lambda line: (-round(line.harm, alike), -round(_worst(line.gaps), alike), -line.n)
    )


def _worst(gaps: Sequence[Finding | None]) -> float:
    directed = [gap for gap in gaps if gap and gap.value is not None and gap.direction != "neither"]
    return max((abs(gap.value or 0.0) for gap in directed if _harms(gap)), default=-math.inf)


def _harms(gap: Finding) -> bool:
    return gap.value is not None and (gap.value > 0) == (gap.direction == "higher_is_worse")


def _parents(lines: Sequence[_Line]) -> dict[str, list[tuple[int, _Line]]]:
    """Return the lines with a certain harm, each with its rank, by one part of their group's name: the least."""
    found: dict[str, list[tuple[int, _Line]]] = {}
    for rank, line in enumerate({line.group: line for line in lines}.values()):
        if any(line.certain):
            found.setdefault(min(line.group.split(AND)), []).append((rank, line))
    return found


def _repeated(line: _Line, parents: Mapping[str, list[tuple[int, _Line]]]) -> str:
    """Return the group of fewer attributes whose certain harms an intersection repeats within its intervals, or ""."""
    parts = set(line.group.split(AND))
    certain = [(i, own) for i, own in enumerate(line.gaps) if line.certain[i]]
    if not certain:
        return ""
    for _, parent in sorted(chain.from_iterable(parents.get(part, ()) for part in parts), key=itemgetter(0)):
        repeats = all(parent.certain[i] and _holds(own, parent.gaps[i]) for i, own in certain)
        if repeats and set(parent.group.split(AND)) < parts:
            return parent.group
    return ""


def _holds(own: Finding | None, other: Finding | None) -> bool:
    """Whether a gap's interval holds another group's gap."""
    if own is None or own.interval is None or other is None or other.value is None:
        return False
    return own.interval.low <= other.value <= own.interval.high


def _row(line: _Line, names: Names, alike: int) -> Row:
    cells = tuple(_cell(gap, certain=sure) for gap, sure in zip(line.gaps, line.certain, strict=True))
    stage = f" (after {line.stage} repair{'' if line.stage == 1 else 's'})" if line.stage else ""
    return Row(names.group(line.group) + stage, line.n, cells, AND not in line.group, alike)


def _cell(gap: Finding | None, *, certain: bool) -> Cell:
    if gap is None:
        return Cell("")
    if gap.value is None:
        return Cell("too few", "few", words.visible(gap.reason, limit=160))
    said = _amounts((gap,)).number(gap.value)
    text = said if gap.value < 0 or said == "0" else f"+{said}"
    tint = ""
    if certain:
        size = abs(gap.value)
        tint = f"bad{sum(size >= edge for edge in TINTS)}" if gap.unit == "share" else "bad3"
    elif gap.direction == "neither" and gap.interval and not gap.interval.low <= 0 <= gap.interval.high:
        tint = "grey"
    return Cell(text, tint, words.estimate(gap))


def _amounts(gaps: Sequence[Finding | None]) -> Amounts:
    known = next((gap for gap in gaps if gap and gap.value is not None), None)
    return Amounts("to_rest", known.unit if known else "share")


def _level(whole: Finding | None) -> str:
    if whole is None or whole.value is None:
        return ""
    return percent(whole.value) if whole.unit == "share" else plain_number(whole.value)

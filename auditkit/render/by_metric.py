"""What a step says of a metric as a table: the groups, worst off first, each with its findings by comparison."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from auditkit.render import words
from auditkit.values.compare import COMPARISONS
from auditkit.values.metric import Metric

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from auditkit.values.compare import Compare
    from auditkit.values.finding import Finding
    from auditkit.values.report import Report, StepEntry

GROUP_COLUMNS = tuple(name for name, kind in COMPARISONS.items() if not kind.between)
ATTRIBUTE_COLUMNS = tuple(name for name, kind in COMPARISONS.items() if kind.between)
_MOST_TELLING = (*(name for name in COMPARISONS if name != "absolute"), "absolute")
ALIKE = 12
"""Decimals to which harms are told apart where they are sorted."""


@dataclass(frozen=True)
class Row:
    """One group at one stage; `cells` go with the table's columns.

    `harm` is how far the group is worse off even at the kinder end of its interval; below zero where the
    interval leaves room for no harm, and minus infinity where nothing was measured.
    """

    label: str
    n: int
    cells: tuple[Finding | None, ...]
    harm: float
    certain: tuple[bool, ...] = ()
    """Which cells are harm even after correction for all that the report shows."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The cells that are filled."""
        return tuple(cell for cell in self.cells if cell is not None)

    @property
    def measured(self) -> bool:
        """Whether any cell has a value."""
        return any(cell.value is not None for cell in self.findings)

    @property
    def reason(self) -> str:
        """Why a cell has no value, or ""."""
        return next((cell.reason for cell in self.findings if cell.value is None), "")


@dataclass(frozen=True)
class Table:
    """One metric of one step: columns by comparison, rows by group, worst off first."""

    metric: Metric
    columns: tuple[Compare, ...]
    rows: tuple[Row, ...]
    overall: Finding | None

    @property
    def by_group(self) -> bool:
        """Whether rows are groups; else they are attributes such as sex."""
        return not any(COMPARISONS[column].between for column in self.columns)

    def reference(self, column: Compare) -> float | None:
        """Return the value of no disadvantage: 0 for a gap, 1 for a ratio, else the value of all rows."""
        if column == "absolute":
            return 0.0 if self.metric.signed else self.overall.value if self.overall else None
        return COMPARISONS[column].no_harm


def tables_of(step: StepEntry, report: Report, certain: frozenset[int]) -> tuple[Table, ...]:
    """Return the step's tables in the order of its findings; `certain` are the ids of those that are surely harm."""
    items = [item for item in report.findings if item.step == step.id]
    known = {metric.name: metric for metric in step.metrics}
    made: list[Table] = []
    for name in dict.fromkeys(item.metric for item in items):
        of_metric = [item for item in items if item.metric == name]
        metric = known.get(name) or Metric(name=name, title="", formula="", unit=of_metric[0].unit)
        made += [
            _table(metric, [item for item in of_metric if item.compare in columns], columns, certain)
            for columns in (GROUP_COLUMNS, ATTRIBUTE_COLUMNS)
        ]
    return tuple(table for table in made if table.rows or table.overall)


def harm(finding: Finding, reference: float | None) -> float:
    """Return how far the finding is on the bad side of the reference at the kinder end of its interval."""
    if finding.value is None or reference is None:
        return -math.inf
    interval = finding.interval
    low, high = (interval.low, interval.high) if interval else (finding.value, finding.value)
    match finding.direction:
        case "higher_is_worse":
            return low - reference
        case "lower_is_worse":
            return reference - high
        case _:
            return max(low - reference, reference - high)


def _table(
    metric: Metric, items: Sequence[Finding], columns: tuple[Compare, ...], certain: frozenset[int]
) -> Table:
    present = tuple(column for column in columns if any(item.compare == column for item in items))
    whole = [item for item in items if _is_overall(item)]
    # One value for all rows is the reference of the groups' values, unless repairs gave several.
    overall = whole[0] if len(whole) == 1 and len(items) > 1 else None
    places: dict[tuple[str, int, int], dict[Compare, Finding]] = {}
    seen: dict[tuple[str, int, Compare], int] = {}
    for item in items:
        if item is overall:
            continue
        slot = (label_of(item), item.stage, item.compare)
        # A metric may speak about one group several times, say per k: each gets its own row.
        seen[slot] = seen.get(slot, -1) + 1
        places.setdefault((label_of(item), item.stage, seen[slot]), {})[item.compare] = item
    alike: dict[tuple[str, int], list[Finding]] = {}
    for (label, stage, _), cells in places.items():
        alike.setdefault((label, stage), []).append(next(iter(cells.values())))
    table = Table(metric, present, (), overall)
    rows = (
        replace(row, certain=tuple(id(cell) in certain for cell in row.cells))
        for row in (
            _row(table, cells, telling=_telling(alike[label, stage]))
            for (label, stage, _), cells in places.items()
        )
    )
    return replace(table, rows=_ordered(rows, places))


def _telling(alike: Sequence[Finding]) -> tuple[str, ...]:
    """Return the details that tell findings of one group apart: one if it does, else the first few that do."""
    if len(alike) == 1:
        return ()
    plain = (
        key for item in alike for key, value in item.details.items() if isinstance(value, str | int | float)
    )
    keys = list(dict.fromkeys(plain))
    candidates = [(key,) for key in keys] + [tuple(keys[:count]) for count in range(2, len(keys) + 1)]
    for chosen in candidates:
        told = {words.details({key: item.details.get(key) for key in chosen}) for item in alike}
        if len(told) == len(alike):
            return chosen
    return tuple(keys)


def _row(table: Table, cells: dict[Compare, Finding], *, telling: tuple[str, ...]) -> Row:
    first = next(iter(cells.values()))
    label = label_of(first)
    if first.stage:
        label += f" (after {first.stage} repair{'' if first.stage == 1 else 's'})"
    if telling:
        label += f" ({words.details({key: first.details.get(key) for key in telling})})"
    measured = (cells[column] for column in _MOST_TELLING if column in cells)
    worst = next((cell for cell in measured if cell.value is not None), None)
    worst_off = harm(worst, table.reference(worst.compare)) if worst else -math.inf
    return Row(label, first.n, tuple(cells.get(column) for column in table.columns), worst_off)


def _ordered(rows: Iterable[Row], places: Iterable[tuple[str, int, int]]) -> tuple[Row, ...]:
    """Sort groups by harm, unmeasured last, and keep a group's stages together and in order.

    Of two groups, either's gap to the other is as large: the last digits of sums must not say which comes first.
    """
    paired = list(zip(places, rows, strict=True))
    most: dict[str, tuple[bool, float]] = {}
    for (label, _, _), row in paired:
        rank = (not row.measured, -round(row.harm, ALIKE))
        most[label] = min(most.get(label, rank), rank)
    paired.sort(key=lambda pair: (most[pair[0][0]], pair[0]))
    return tuple(row for _, row in paired)


def _is_overall(finding: Finding) -> bool:
    return not finding.group and finding.compare == "absolute" and finding.value is not None


def label_of(finding: Finding) -> str:
    """Return whom a finding speaks of: a group, an attribute, or all."""
    if finding.group:
        return finding.group
    attribute = finding.details.get("attribute")
    return str(attribute) if attribute else "all rows" if finding.compare == "absolute" else "all groups"

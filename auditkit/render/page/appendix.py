"""Everything that is folded: all numbers, the data, methods, the recipe, and where the report comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditkit.recipe.scalars import yaml_text
from auditkit.render import by_metric, outline, words
from auditkit.values.compare import COMPARISONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit.values.finding import Finding
    from auditkit.values.metric import Metric
    from auditkit.values.report import GroupEntry, Report, Skipped, StepEntry

ALL_ROWS, FEWEST = 2400, 20
"""Rows of all tables of numbers on a page, and of one of them at least."""
LIST_ROWS = 400
"""Rows of a list of groups, or of what was not assessed."""
SUBJECT_LABELS = {
    "title": "Data",
    "source": "Source",
    "rows": "Rows",
    "columns": "Columns",
    "target": "Target",
    "outcome": "Outcome that is counted",
    "task": "Kind of target",
    "classes": "Classes",
    "predictions": "Predictions",
    "caution": "Caution",
    "groups": "Groups, with their rows",
    "sensitive": "Sensitive attributes",
    "features": "Features",
    "split": "Split column",
    "weight": "Weight column",
    "cluster": "Column of rows that belong together",
}
NEEDED = frozenset({"source", "rows", "target", "predictions"})
"""Facts that are told even when there is none: their absence matters."""


@dataclass(frozen=True)
class Numbers:
    """One metric's table: heads, and rows of (label, n, cells, note); `hidden` rows are only in the JSON."""

    title: str
    note: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[str, ...], str], ...]
    has_notes: bool
    hidden: int


@dataclass(frozen=True)
class StepNumbers:
    """One step's tables."""

    title: str
    id: str
    tables: tuple[Numbers, ...]


@dataclass(frozen=True)
class Appendix:
    """What the appendix holds, in its order."""

    numbers: tuple[StepNumbers, ...]
    facts: tuple[tuple[str, Any], ...]
    named: tuple[GroupEntry, ...]
    named_hidden: int
    missing: tuple[Skipped, ...]
    missing_hidden: int
    methods: tuple[tuple[StepEntry, tuple[Metric, ...]], ...]
    recipe: str
    provenance: tuple[tuple[str, Any], ...]
    confidence: str


def appendix_of(report: Report, sections: Sequence[outline.Section]) -> Appendix:
    """Return the folded part of a page."""
    named, missing = outline.named(report), outline.not_assessed(report)
    tables = sum(len(section.tables) for section in sections)
    limit = max(FEWEST, ALL_ROWS // max(tables, 1))
    return Appendix(
        numbers=tuple(
            StepNumbers(
                section.step.title,
                section.step.id,
                tuple(_numbers(t, section, limit) for t in section.tables),
            )
            for section in sections
            if section.tables
        ),
        facts=tuple(_facts(dict(report.subject))),
        named=named[:LIST_ROWS],
        named_hidden=max(len(named) - LIST_ROWS, 0),
        missing=missing[:LIST_ROWS],
        missing_hidden=max(len(missing) - LIST_ROWS, 0),
        methods=tuple(_methods(report)),
        recipe=yaml_text(dict(report.recipe)) if report.recipe else "",
        provenance=tuple(words.flatten(report.provenance)),
        confidence=_confidence(report),
    )


def _methods(report: Report) -> Iterator[tuple[StepEntry, tuple[Metric, ...]]]:
    """Yield each step with the metrics that it reports here; with all of them, where it reports none."""
    told = {(finding.step, finding.metric) for finding in report.findings}
    for step in report.steps:
        yield step, tuple(metric for metric in step.metrics if (step.id, metric.name) in told) or step.metrics


def _numbers(table: by_metric.Table, section: outline.Section, limit: int) -> Numbers:
    title = words.title(table.metric) + (" between groups" if section.is_second(table) else "")
    said = [words.DIRECTIONS[table.metric.direction] if table.by_group else ""]
    if table.overall:
        said.insert(0, f"all rows {words.estimate(table.overall)}, n {table.overall.n:,}")
    if table.metric.unit != "share":
        said.append(f"unit {words.visible(table.metric.unit, limit=80)}")
    text = "; ".join(filter(None, said))
    rows = tuple(_row(row, by_group=table.by_group) for row in table.rows[:limit])
    return Numbers(
        title=title,
        note=text[:1].upper() + text[1:],
        heads=(
            "Group" if table.by_group else "Attribute",
            "n",
            *(COMPARISONS[c].head for c in table.columns),
        ),
        rows=rows,
        has_notes=any(row[3] for row in rows),
        hidden=len(table.rows) - len(rows),
    )


def _row(row: by_metric.Row, *, by_group: bool) -> tuple[str, str, tuple[str, ...], str]:
    cells = tuple(_cell(cell) for cell in row.cells)
    told = next((words.details(cell.details) for cell in row.findings if cell.details), "")
    note = words.visible(row.reason, limit=300) if not row.measured else told if not by_group else ""
    return words.visible(row.label, limit=160), f"{row.n:,}", cells, note


def _cell(cell: Finding | None) -> str:
    return "" if cell is None else words.estimate(cell)


def _facts(subject: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the subject's facts with headings: the known ones first and in order, then the rest."""
    places = {key: place for place, key in enumerate(SUBJECT_LABELS)}
    for key in sorted(subject, key=lambda key: places.get(key, len(places))):
        value = subject[key]
        if key not in NEEDED and words.is_empty(value):
            continue
        label = SUBJECT_LABELS.get(key, key.replace("_", " ").capitalize())
        yield label, _fact(key, value)


def _fact(key: str, value: Any) -> Any:
    if words.is_empty(value):
        return "none named"
    if key == "outcome":
        return words.counted({"outcome": value})
    return f"{value:,}" if key == "rows" and isinstance(value, int) else value


def _confidence(report: Report) -> str:
    """Return the levels of the report's intervals, such as `95 %`."""
    levels = {item.interval.confidence for item in report.findings if item.interval}
    return " and ".join(f"{level * 100:g} %" for level in sorted(levels)) or "95 %"

"""The report as one HTML file that needs no network, no scripts and no other file."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from auditkit.render import outline, words
from auditkit.render.page import charts, gallery
from auditkit.values.compare import COMPARISONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Template

    from auditkit.values.compare import Compare
    from auditkit.values.finding import Finding
    from auditkit.values.gate import GateComparison, GateResult
    from auditkit.values.report import Report

CHART_ROWS = 40
CHARTS, ALL_CHART_ROWS = 40, 600
"""Rows of one chart, the worst off; charts and their rows on one page. Later ones have their table only."""
TABLE_ROWS = 400
ALL_ROWS = 2400
COMPARISONS_SHOWN = 1500
"""Rows of one table and of all tables: together with the charts these keep the file below two megabytes."""
NAME, TEXT, PARAGRAPH = 160, 600, 4000
"""Letters of a name in a cell, of a sentence and of a paragraph; the JSON has the whole."""

HEADS: dict[Compare, str] = {
    name: kind.title[0].upper() + kind.title[1:] for name, kind in COMPARISONS.items()
}
SUBJECT_LABELS = {
    "title": "Data",
    "source": "Source",
    "rows": "Rows",
    "columns": "Columns",
    "target": "Target",
    "task": "Kind of target",
    "classes": "Classes",
    "outcome": "Outcome that is counted",
    "predictions": "Predictions",
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
class Figure:
    """One metric's table as the page shows it, with its chart where one says more than the table."""

    anchor: str
    table: outline.Table
    rows: tuple[outline.Row, ...]
    svg: str
    has_details: bool

    @property
    def charted(self) -> int:
        """Rows in the chart."""
        return min(CHART_ROWS, sum(row.measured for row in self.table.rows))

    @property
    def measured(self) -> int:
        """Rows with a value."""
        return sum(row.measured for row in self.table.rows)


def render(report: Report) -> str:
    """Return the page; the same report gives the same bytes."""
    from markupsafe import Markup

    style = files(__package__).joinpath("style.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = _template().render(
        report=report,
        style=Markup(style),  # noqa: S704  our own file, not data
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        verdict_reason=words.verdict_reason(report),
        subject=_labelled(dict(report.subject)),
        named=outline.named(report),
        found=outline.found(report),
        missing=outline.not_assessed(report),
        parts=tuple(_parts(report)),
        provenance=tuple(words.flatten(report.provenance)),
        confidence=_confidence(report),
        table_rows=TABLE_ROWS,
        heads=HEADS,
        comparisons=tuple(_comparisons(report)),
    )
    return page.rstrip() + "\n"


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    room = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    room.globals.update(words=words, signs=words.SIGNS, outcomes=words.OUTCOMES, directions=words.DIRECTIONS)
    room.filters.update(
        name=lambda text: words.visible(str(text), limit=NAME),
        text=lambda text: words.visible(str(text), limit=TEXT),
        paragraph=lambda text: words.visible(str(text), limit=PARAGRAPH),
        plain=lambda value: words.plain(value, TEXT),
        count=lambda n: "" if n is None else f"{n:,}",
        number=words.number,
        drawn=Markup,
        estimate=words.estimate,
    )
    source = files(__package__).joinpath("report.html.j2").read_text(encoding="utf-8")
    return room.from_string(source)


def _comparisons(report: Report) -> Iterator[tuple[GateResult, tuple[GateComparison, ...], int]]:
    """Yield each gate's comparisons, as long as the page has room, and how many are left out."""
    room = COMPARISONS_SHOWN
    for gate in report.gates:
        shown = gate.comparisons[:room]
        room -= len(shown)
        if len(gate.comparisons) > 1:
            yield gate, shown, len(gate.comparisons) - len(shown)


@dataclass(frozen=True)
class Part:
    """One step's section as the page shows it."""

    section: outline.Section
    anchor: str
    shown: gallery.Gallery
    figures: tuple[Figure, ...]


def _parts(report: Report) -> Iterator[Part]:
    found = outline.sections(report)
    shown = gallery.galleries(found)
    tables = sum(len(section.tables) for section in found)
    rows = max(20, min(TABLE_ROWS, ALL_ROWS // max(tables, 1)))
    charted: list[int] = []
    for index, section in enumerate(found, start=1):
        figures = []
        for number, table in enumerate(section.tables, start=1):
            room = len(charted) < CHARTS and sum(charted) < ALL_CHART_ROWS
            figure = _figure(table, f"finding-{index}-{number}", rows, draw=room)
            charted += [figure.charted] if figure.svg else []
            figures.append(figure)
        yield Part(section, f"step-{index}", next(shown), tuple(figures))


def _figure(table: outline.Table, anchor: str, limit: int, *, draw: bool) -> Figure:
    from markupsafe import Markup

    rows = table.rows[:limit]
    svg = _forest(table) if draw and table.by_group else ""
    details = any(cell.details for row in rows for cell in row.findings) and table.by_group
    return Figure(anchor, table, rows, Markup(svg), details)  # noqa: S704  every text in it is escaped


def _forest(table: outline.Table) -> str:
    """Return a forest plot of the measured rows, or "" where there is nothing to compare or no interval."""
    rows = [row for row in table.rows if row.measured][:CHART_ROWS]
    has_interval = any(cell.interval for row in rows for cell in row.findings)
    if len(rows) < 2 or not has_interval:
        return ""
    labels = tuple(words.visible(row.label, limit=NAME) for row in rows)
    counts = tuple(f"{row.n:,}" for row in rows)
    panels = tuple(_panel(table, rows, column) for column in table.columns[:2])  # a page is two panels wide
    name = (
        f"Forest plot of {words.title(table.metric)} for {len(rows)} groups; the table holds the same numbers"
    )
    return charts.to_svg(charts.forest(labels, counts, panels=panels), label=name)


def _panel(table: outline.Table, rows: list[outline.Row], column: Compare) -> charts.Panel:
    place = table.columns.index(column)
    reference = table.reference(column)
    marks = tuple(_mark(row.cells[place], alarming=row.certain[place]) for row in rows)
    return charts.Panel(HEADS[column], marks, reference)


def _mark(cell: Finding | None, *, alarming: bool) -> charts.Mark | None:
    if cell is None or cell.value is None:
        return None
    low, high = (cell.interval.low, cell.interval.high) if cell.interval else (cell.value, cell.value)
    return charts.Mark(float(cell.value), float(low), float(high), words.estimate(cell), alarming=alarming)


def _labelled(subject: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Return the subject's facts with headings: the known ones first and in order, then the rest."""
    places = {key: place for place, key in enumerate(SUBJECT_LABELS)}
    return tuple(
        (SUBJECT_LABELS.get(key, key.replace("_", " ").capitalize()), _fact(key, subject[key]))
        for key in sorted(subject, key=lambda key: places.get(key, len(places)))
        if key in NEEDED or not words.is_empty(subject[key])
    )


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

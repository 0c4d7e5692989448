"""Every table of a report as text, for -v and for text files: gates, groups found, the most telling rows, the rest."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from auditkit.render import by_metric, outline, verdicts, words
from auditkit.render.text.layout import cells
from auditkit.values.compare import COMPARISONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console, RenderableType
    from rich.table import Table

    from auditkit.values.gate import GateResult
    from auditkit.values.report import Report, Skipped
    from auditkit.values.shown import exhibit as exhibits
    from auditkit.values.shown.exhibit import Chart

STYLES = {
    "pass": "bold green",
    "warn": "bold yellow",
    "fail": "bold red",
    "not_shown": "bold magenta",
    "insufficient": "bold magenta",
    "not_run": "dim",
    "no gates": "bold",
    "error": "red",
}
COMPARED = 12
"""Comparisons of one gate."""
ROWS = 6
"""Rows of one table; the rest are counted."""
LISTED = 12
"""Rows of a step's own table."""
CHARTS = 2
"""Charts of one step: a screen is no page."""
ENTRIES = 8
"""Entries of the list of what was not assessed."""
NARROW = 50
"""Below this width interval columns would leave no room for names."""
ROOMY, RULE = 110, 400
"""From this width on a table has room for sentences; and the letters of a group's rule."""
LABEL, ESTIMATE = 28, 25
"""Columns of the screen that a row's name and n, and each value with its interval, ask for."""

SPACE, FEW_CELLS = 3, 10
"""Columns of the screen between those of a table, and those that a text in it needs."""


def details(report: Report, *, width: int = 100, colour: bool = False) -> str:
    """Return a report's tables as text of at most `width` columns, with ANSI colours only if asked for."""
    from rich.console import Console

    page = io.StringIO()
    screen = Console(
        file=page,
        width=max(width, NARROW),
        force_terminal=colour,
        color_system="standard" if colour else None,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        _environ={},  # the caller has decided about width and colour; NO_COLOR and COLUMNS are its business
    )
    _gates(screen, report)
    _found(screen, report)
    for section in outline.sections(report):
        _section(screen, section)
    _not_assessed(screen, outline.not_assessed(report))
    _notes(screen, report)
    _provenance(screen, report)
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines()) + "\n"


def _gates(screen: Console, report: Report) -> None:
    if not report.gates:
        return
    _heading(screen, "Gates")
    roomy = screen.width >= ROOMY
    table = _table("Outcome", "Gate", "Looks at" if roomy else "", "Fails if" if roomy else "", "Found")
    for gate in report.gates:
        table.add_row(*_gate_cells(gate, roomy=roomy))
    screen.print(table)
    screen.print()
    for gate in report.gates:
        _comparisons(screen, gate)


def _comparisons(screen: Console, gate: GateResult) -> None:
    """List the comparisons of a gate that did not hold, the worst first."""
    open_ones = [one for one in gate.comparisons if one.outcome not in {"holds", "waived"}]
    if gate.outcome in {"pass", "not_run"} or len(gate.comparisons) < 2 or not open_ones:
        return
    table = _table(
        f"{words.visible(gate.id, limit=24)}: {verdicts.compare(gate)}", ">n", ">Value and bounds", ""
    )
    for one in open_ones[:COMPARED]:
        what = f"{verdicts.JUDGED_SIGNS[one.kind]} {verdicts.JUDGED[one.kind]}"
        table.add_row(verdicts.compared(one), f"{one.n:,}", verdicts.harm(gate, one), what)
    screen.print(table)
    _more(screen, len(open_ones) - COMPARED, "comparison")


def _gate_cells(gate: GateResult, *, roomy: bool) -> list[RenderableType]:
    from rich.text import Text

    outcome = Text(
        f"{verdicts.SIGNS[gate.outcome]} {verdicts.OUTCOMES[gate.outcome]}", style=STYLES[gate.outcome]
    )
    found = words.visible(gate.message, limit=300)
    asked = [verdicts.compare(gate), words.visible(gate.rule, limit=60)] if roomy else []
    return [outcome, words.visible(gate.id, limit=24), *asked, found]


def _found(screen: Console, report: Report) -> None:
    from rich.padding import Padding
    from rich.text import Text

    entries = outline.found(report)
    if not entries:
        return
    _heading(screen, "Groups found")
    roomy = screen.width >= ROOMY
    table = _table("Group", "Rule" if roomy else "", ">n", ">Share", "Confirmed", ">Gap")
    for item in entries[:ROWS]:
        entry = item.entry
        rule = [words.visible(entry.rule, limit=RULE)] if roomy else []
        gap = words.found_gap(item.finding)
        numbers = (f"{entry.n:,}", words.number(entry.share), words.confirmed(entry), gap)
        table.add_row(words.visible(entry.name, limit=24), *rule, *numbers)
    screen.print(table)
    for item in (
        () if roomy else entries[:ROWS]
    ):  # beside the numbers a rule would be a column of single words
        name, rule_alone = (words.visible(text, limit=RULE) for text in (item.entry.name, item.entry.rule))
        screen.print(Padding(Text(f"{name}: {rule_alone}"), (0, 0, 0, 2)))
    if any(item.entry.confirmed is not None for item in entries):
        screen.print(Text(words.FOUND_NOTE, style="dim"))
    _more(screen, len(entries) - ROWS, "group")


def _section(screen: Console, section: outline.Section) -> None:
    _heading(
        screen, f"{words.visible(section.step.title, limit=60)} ({words.visible(section.step.id, limit=24)})"
    )
    for table in section.tables:
        _metric(screen, table, second=section.is_second(table))
    for listing in section.listings:
        _listing(screen, listing)
    for chart in section.charts[:CHARTS]:
        _chart(screen, chart)
    if len(section.charts) > CHARTS:
        _more(screen, len(section.charts) - CHARTS, "chart")


def _chart(screen: Console, chart: Chart) -> None:
    """Print a chart in letters under its title."""
    from rich.text import Text

    from auditkit.render.text.text_plot import draw

    lines = draw(chart, width=screen.width)
    if lines:
        screen.print(Text(words.visible(chart.title, limit=screen.width), style="bold"))
        for line in lines:
            screen.print(Text(line), no_wrap=True, overflow="crop")
        screen.print()


def _listing(screen: Console, listing: exhibits.Table) -> None:
    """Print the first rows of a step's own table."""
    from rich.text import Text

    screen.print(Text(words.visible(listing.title, limit=screen.width), style="bold"))
    numeric = [
        all(cell is None or isinstance(cell, int | float) for cell in column)
        for column in zip(*listing.rows, strict=True)
    ] or [False] * len(listing.columns)
    heads = [words.visible(head, limit=30) for head in listing.columns]
    rows = [[words.visible(words.cell(cell), limit=120) for cell in row] for row in listing.rows[:LISTED]]
    fit = _columns_that_fit(heads, rows, numeric, screen.width)
    grid = _table(
        *(f">{head}" if number else head for head, number in zip(heads[:fit], numeric, strict=False))
    )
    for row in rows:
        grid.add_row(*row[:fit])
    screen.print(grid)
    if fit < len(heads):
        screen.print(Text(f"  {', '.join(heads[fit:])}: in the HTML report and the JSON", style="dim"))
    _more(screen, len(listing.rows) - LISTED, "row")


def _columns_that_fit(
    heads: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool], width: int
) -> int:
    """Return how many columns fit from the left, two at the fewest: numbers whole, texts in a few cells.

    A grid too wide gives numbers their place at the cost of texts, and rows without their names say nothing.
    """
    room = width + SPACE
    for place, (head, number) in enumerate(zip(heads, numeric, strict=True)):
        needed = max(map(cells, (head, *(row[place] for row in rows))))
        room -= SPACE + (needed if number else min(needed, FEW_CELLS))
        if room < 0:
            return max(place, 2)
    return len(heads)


def _metric(screen: Console, table: by_metric.Table, *, second: bool) -> None:
    from rich.text import Text

    measured = [row for row in table.rows if row.measured]
    line = Text(words.title(table.metric), style="bold")
    if table.overall:
        line.append(f"  all rows {words.estimate(table.overall)}", style="not bold dim")
    if second:
        line.append("  between the groups of an attribute", style="not bold dim")
    screen.print(line, no_wrap=True, overflow="ellipsis")
    if measured:
        shown = max(1, (screen.width - LABEL) // ESTIMATE)
        heads = (f">{COMPARISONS[column].head}" for column in table.columns[:shown])
        grid = _table("Group" if table.by_group else "Attribute", ">n", *heads)
        for row in measured[:ROWS]:
            cells = (words.estimate(cell) if cell else "" for cell in row.cells[:shown])
            grid.add_row(words.visible(row.label, limit=100), f"{row.n:,}", *cells)
        screen.print(grid)
    _more(screen, len(measured) - ROWS, "row", missing=len(table.rows) - len(measured))


def _more(screen: Console, hidden: int, noun: str, *, missing: int = 0) -> None:
    from rich.text import Text

    parts = []
    if hidden > 0:
        parts.append(f"{hidden:,} more {noun}{'' if hidden == 1 else 's'} in the HTML report and the JSON")
    if missing:
        parts.append(f"{missing:,} not measured, see below")
    if parts:
        screen.print(Text(f"  {'; '.join(parts)}", style="dim"), no_wrap=True, overflow="ellipsis")
    screen.print()


def _not_assessed(screen: Console, entries: tuple[Skipped, ...]) -> None:
    if not entries:
        return
    _heading(screen, "Not assessed")
    table = _table("What", "Why", ">n", ">Rows needed")
    for item in entries[:ENTRIES]:
        table.add_row(
            words.visible(item.what, limit=100),
            words.visible(item.why, limit=160),
            "" if item.n is None else f"{item.n:,}",
            "" if item.rows_needed is None else f"{item.rows_needed:,}",
        )
    screen.print(table)
    _more(screen, len(entries) - ENTRIES, "entry" if len(entries) - ENTRIES == 1 else "item")


def _notes(screen: Console, report: Report) -> None:
    from rich.table import Table
    from rich.text import Text

    if not report.notes:
        return
    _heading(screen, "Notes")
    for note in report.notes:
        grid = Table.grid(padding=(0, 1))
        grid.add_row("•", Text(words.visible(note, limit=500)))
        screen.print(grid)
    screen.print()


def _provenance(screen: Console, report: Report) -> None:
    from rich.text import Text

    line = words.provenance(report.provenance)
    if line:
        screen.print(Text(line, style="dim"), no_wrap=True, overflow="ellipsis")


def _heading(screen: Console, title: str) -> None:
    from rich.text import Text

    screen.rule(Text(title, style="bold"), align="left", style="dim")


def _table(*heads: str) -> Table:
    """Return a table with a line under its heads; a head that starts with > is a column of numbers."""
    from rich import box
    from rich.table import Table

    table = Table(
        box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim", padding=(0, 2, 0, 0)
    )
    for head in filter(None, heads):
        number = head.startswith(">")
        table.add_column(head.lstrip(">"), justify="right" if number else "left", no_wrap=number)
    return table

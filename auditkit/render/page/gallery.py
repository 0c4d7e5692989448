"""A step's charts and tables as a page shows them: drawn, with a legend, and the numbers behind each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.render import words
from auditkit.render.page import marks, plots
from auditkit.values.shown.exhibit import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from auditkit.render.outline import Section
    from auditkit.values.shown.exhibit import Cell, Chart, Layer

ROWS, FEW, OPEN_BARS = 60, 5, 15
"""Rows of one table where the page has room, and where it has none; the JSON has all."""
ALL_TEXT = 200_000
"""Characters of all these tables of a page; a cell has at most LETTERS, and its marks count as CELL."""
CELL, LETTERS = 32, 300
ALL_SVG = 400_000
"""Bytes of all charts of a page; those after it have their table only."""
SERIES_COLUMNS = ("Series", "Label", "x", "y", "Low", "High")


@dataclass(frozen=True)
class Listing:
    """A table's heading and cells as text; `numeric` says which columns hold numbers only."""

    title: str
    caption: str
    heads: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    hidden: int

    @property
    def size(self) -> int:
        """Characters that the table takes on the page."""
        return _size(self.rows)


@dataclass(frozen=True)
class Bars:
    """A table of shares beside a reference: per row a label, the reference, and for each column a number and a bar."""

    title: str
    answer: str
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]
    folded: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True)
class Picture:
    """A chart: its SVG, or "" where the page has no room; legend entries; the numbers behind it.

    `answer` is what the chart shows in a sentence, "" where its step says none.
    """

    title: str
    answer: str
    caption: str
    svg: str
    legend: tuple[tuple[str, str], ...]
    listing: Listing
    left_out: int


@dataclass(frozen=True)
class Gallery:
    """What one step shows: its pictures line by line, its tables, and those of shares beside a reference."""

    pictures: tuple[tuple[Picture, ...], ...]
    listings: tuple[Listing, ...]
    bars: tuple[Bars, ...] = ()


def galleries(sections: Iterable[Section], answers: Mapping[tuple[str, str], str]) -> Iterator[Gallery]:
    """Yield what each section shows, as long as the page has room; `answers` are sentences by step and title."""
    svg, text = 0, 0
    for section in sections:
        lines = []
        for line in section.gallery:
            pictures = tuple(
                _picture(
                    chart,
                    answers.get((section.step.id, chart.title), ""),
                    narrow=len(line) > 1,
                    draw=svg < ALL_SVG,
                    room=ALL_TEXT - text,
                )
                for chart in line
            )
            svg += sum(len(picture.svg) for picture in pictures)
            text += sum(picture.listing.size for picture in pictures)
            lines.append(pictures)
        listings = []
        for table in section.listings:
            if table.reference:
                continue
            listings.append(listing(table, room=ALL_TEXT - text))
            text += listings[-1].size
        bars = tuple(
            bars_of(table, answers.get((section.step.id, table.title), ""))
            for table in section.listings
            if table.reference
        )
        yield Gallery(tuple(lines), tuple(listings), bars)


def listing(table: Table, *, room: int) -> Listing:
    """Return a table's cells as text: as many rows as go into the room, in characters, but a few always."""
    columns = list(zip(*table.rows, strict=True)) if table.rows else [() for _ in table.columns]
    rows = [tuple(words.cell(cell)[:LETTERS] for cell in row) for row in table.rows[:ROWS]]
    while len(rows) > FEW and _size(rows) > room:
        rows = rows[: max(len(rows) // 2, FEW)]
    return Listing(
        title=table.title,
        caption=table.caption,
        heads=table.columns,
        numeric=tuple(bool(column) and all(_is_number(cell) for cell in column) for column in columns),
        rows=tuple(rows),
        hidden=len(table.rows) - len(rows),
    )


def behind(chart: Chart) -> Table:
    """Return the numbers that a chart draws, one row for each mark, without columns that no layer uses."""
    rows = [row for layer in chart.layers for row in _rows(layer)]
    used = [i for i in range(len(SERIES_COLUMNS)) if i == 0 or any(row[i] is not None for row in rows)]
    heads = {"x": chart.x_title, "y": chart.y_title}
    return Table(
        title=chart.title,
        columns=tuple(heads.get(SERIES_COLUMNS[i], SERIES_COLUMNS[i]) for i in used),
        rows=tuple(tuple(row[i] for i in used) for row in rows),
    )


def bars_of(table: Table, answer: str) -> Bars:
    """Return a table with each number as a bar and a tick at the row's reference; `answer` says what it shows."""
    place = table.columns.index(table.reference)
    drawn = [i for i in range(1, len(table.columns)) if i != place]
    numbers = [cell for row in table.rows for cell in row[1:] if isinstance(cell, int | float)]
    scale = marks.scale_of(numbers)
    rows = [_bar_row(row, place, drawn, scale) for row in table.rows[:ROWS]]
    return Bars(
        title=table.title,
        answer=answer,
        caption=table.caption,
        heads=(table.columns[0], table.reference, *(table.columns[i] for i in drawn)),
        rows=tuple(rows[:OPEN_BARS]),
        folded=tuple(rows[OPEN_BARS:]),
    )


def _bar_row(
    row: tuple[Cell, ...], place: int, drawn: list[int], scale: marks.Scale
) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    label, beside = words.cell(row[0])[:LETTERS], words.cell(row[place])
    reference = _as_number(row[place])
    cells = []
    for i in drawn:
        text, value = words.cell(row[i])[:LETTERS], _as_number(row[i])
        said = f"{text}, reference {beside}"
        cells.append(
            (text, "" if value is None else marks.bar(scale, value=value, reference=reference, said=said))
        )
    return label, beside, tuple(cells)


def _as_number(cell: Cell) -> float | None:
    return float(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else None


def _picture(chart: Chart, answer: str, *, narrow: bool, draw: bool, room: int) -> Picture:
    name = f"{words.visible(answer or chart.title, limit=300)}; the table holds the same numbers"
    drawing = plots.draw(chart, label=name, narrow=narrow)
    return Picture(
        title=chart.title,
        answer=answer,
        caption=chart.caption,
        svg=drawing.svg if draw else "",
        legend=tuple((plots.swatch(layer), layer.name) for layer in _distinct(chart.layers)),
        listing=listing(behind(chart), room=room),
        left_out=drawing.left_out,
    )


def _distinct(layers: tuple[Layer, ...]) -> list[Layer]:
    """Return one layer for each look and name; a legend of one entry says nothing."""
    found = {(layer.name, layer.kind, layer.colour): layer for layer in layers if layer.name}
    return list(found.values()) if len(found) > 1 else []


def _rows(layer: Layer) -> Iterator[tuple[Cell, ...]]:
    marks = max(len(layer.y), len(layer.x) - (layer.kind == "bars"))
    for i in range(marks):
        series = (layer.texts, layer.x, layer.y, layer.low, layer.high)
        yield (layer.name, *(values[i] if i < len(values) else None for values in series))


def _size(rows: Iterable[tuple[str, ...]]) -> int:
    return sum(len(cell) + CELL for row in rows for cell in row)


def _is_number(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool))

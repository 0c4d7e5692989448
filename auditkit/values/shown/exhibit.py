"""What a step shows beside its findings: tables and charts as plain data, drawn by the renderers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Cell = str | int | float | bool | None
"""What a table holds; None is an empty cell."""

MarkKind = Literal["line", "band", "points", "bars", "vertical", "horizontal"]
Colour = Literal["accent", "alarm", "second", "third", "ink", "faint"]
"""A role, not a hue: renderers choose hues that stand apart for every eye, on light and on dark."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows that a report shows as they are, each with one cell per column.

    `personal` marks rows about single persons, which `--redact` leaves out. `reference` names a column of shares that
    the numbers of the others are measured against: pages draw those as bars with a tick at it.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    personal: bool = False
    step: str = ""
    reference: str = ""

    def __post_init__(self) -> None:
        if self.reference and self.reference not in self.columns[1:]:
            message = f"table '{self.title}' has no column '{self.reference}' to measure the others against"
            raise ValueError(message)
        if any(len(row) != len(self.columns) for row in self.rows):
            message = f"table '{self.title}' has {len(self.columns)} columns, and a row of another length"
            raise ValueError(message)


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One series of a chart.

    | kind | x | y | low, high |
    |---|---|---|---|
    | line | [m] ascending | [m] | optional: a band around it [m] |
    | band | [m] | empty | its edges [m] |
    | points | [m] | [m] | optional: error bars along y [m] |
    | bars | [m + 1] edges, ascending | [m] heights | none |
    | vertical | [m] places of rules | empty | none |
    | horizontal | empty | [m] places of rules | none |

    `name` stands in the legend and in the table behind the chart; `texts` [m] label points.
    """

    kind: MarkKind
    name: str
    x: tuple[float, ...] = ()
    y: tuple[float, ...] = ()
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    texts: tuple[str, ...] = ()
    colour: Colour = "accent"
    thin: bool = False

    def __post_init__(self) -> None:
        expected = {
            "line": (len(self.x), len(self.x)),
            "band": (len(self.x), 0),
            "points": (len(self.x), len(self.x)),
            "bars": (len(self.y) + 1, len(self.y)),
            "vertical": (len(self.x), 0),
            "horizontal": (0, len(self.y)),
        }[self.kind]
        ends = {len(self.low), len(self.high)}
        fits = (len(self.x), len(self.y)) == expected and len(self.texts) in {0, len(self.x)}
        if not fits or ends not in ({0}, {len(self.x)}) or (self.kind == "band" and ends != {len(self.x)}):
            message = f"layer '{self.name}' of kind {self.kind} has series of lengths that do not go together"
            raise ValueError(message)


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Layers on two axes, with a caption that says what to see. Charts of one `row` stand side by side."""

    title: str
    layers: tuple[Layer, ...]
    x_title: str
    y_title: str
    caption: str = ""
    row: str = ""
    square: bool = False
    x_log: bool = False
    personal: bool = False
    step: str = ""

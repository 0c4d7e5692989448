"""A chart in letters, for a terminal: one sign for each series, the axes' ends, and a legend."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from auditkit.render import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditkit.values.shown.exhibit import Chart, Layer

SIGNS = "●x+o*#%@"
HEIGHT = 12
MOST_COLUMNS = 72

Point = tuple[float, float]


def draw(chart: Chart, *, width: int) -> list[str]:
    """Return the lines of the chart, at most `width` columns; none if its layers have nothing to place.

    Later layers are drawn over earlier ones. A line is drawn column by column; a bar is a column of its sign.
    """
    placed = [(layer, list(_points(layer))) for layer in chart.layers if layer.kind not in {"band"}]
    reach_x = _reach([x for _, points in placed for x, _ in points])
    reach_y = _reach([y for layer, points in placed for _, y in points if layer.kind != "vertical"])
    if reach_x is None or reach_y is None:
        return []
    signs = _signs(chart)
    low, high = (words.cell(float(f"{end:.3g}")) for end in reach_y)
    margin = max(len(low), len(high))
    columns = min(width - margin - 4, MOST_COLUMNS)
    grid = [[" "] * columns for _ in range(HEIGHT)]
    for layer, points in placed:
        sign = signs.get(layer.name, "·")
        for column, row in _cells(layer, points, reach_x, reach_y, columns):
            grid[HEIGHT - 1 - row][column] = sign
    heads = {0: high, HEIGHT - 1: low}
    body = [f"  {heads.get(i, ''):>{margin}} ┤{''.join(line)}".rstrip() for i, line in enumerate(grid)]
    left, right = (words.cell(float(f"{end:.3g}")) for end in reach_x)
    middle = words.visible(chart.x_title, limit=max(columns - len(left) - len(right) - 2, 1))
    axis = f"{left}{middle:^{max(columns - len(left) - len(right), 0)}}{right}"
    return [
        f"  {words.visible(chart.y_title, limit=width - 2)}",
        *body,
        f"  {'':>{margin}} └{'─' * columns}",
        f"  {'':>{margin}}  {axis}",
        *_legend(signs, width),
    ]


def _signs(chart: Chart) -> dict[str, str]:
    """Return a sign for each name; rules look like rules."""
    rules = {"vertical": "│", "horizontal": "─"}
    free = iter(SIGNS)
    signs: dict[str, str] = {}
    for layer in chart.layers:
        if layer.name not in signs and layer.kind != "band":
            signs[layer.name] = rules.get(layer.kind) or next(free, "·")
    return signs


def _legend(signs: dict[str, str], width: int) -> list[str]:
    if len(signs) < 2:
        return []
    text = "   ".join(f"{sign} {words.visible(name, limit=30)}" for name, sign in signs.items())
    return [f"  {text[: width - 2]}"]


def _points(layer: Layer) -> Iterator[Point]:
    """Yield the places of a layer; a rule has only one coordinate, and not-a-number stands for the other."""
    match layer.kind:
        case "bars":
            for (left, right), height in zip(pairwise(layer.x), layer.y, strict=True):
                yield from ((left, height), (right, 0.0))
        case "vertical":
            yield from ((x, math.nan) for x in layer.x)
        case "horizontal":
            yield from ((math.nan, y) for y in layer.y)
        case _:
            yield from zip(layer.x, layer.y, strict=True)


def _reach(values: list[float]) -> tuple[float, float] | None:
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return None
    low, high = min(finite), max(finite)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _cells(
    layer: Layer,
    points: list[Point],
    reach_x: tuple[float, float],
    reach_y: tuple[float, float],
    columns: int,
) -> Iterator[tuple[int, int]]:
    """Yield the column and the row, from the bottom, of everything the layer draws."""

    def column(x: float) -> int:
        return round((x - reach_x[0]) / (reach_x[1] - reach_x[0]) * (columns - 1))

    def row(y: float) -> int:
        return round((y - reach_y[0]) / (reach_y[1] - reach_y[0]) * (HEIGHT - 1))

    match layer.kind:
        case "vertical":
            yield from ((column(x), i) for x, _ in points for i in range(HEIGHT))
        case "horizontal":
            yield from ((i, row(y)) for _, y in points for i in range(columns))
        case "bars":
            for (left, height), (right, _) in zip(points[::2], points[1::2], strict=True):
                across = range(column(left), max(column(right), column(left) + 1))
                yield from ((i, j) for i in across for j in range(row(height) + 1 if height > 0 else 0))
        case "line" if len(points) > 1:
            for (x0, y0), (x1, y1) in pairwise(points):
                first, last = column(x0), column(x1)
                for i in range(first, last + 1):
                    share = 0.0 if last == first else (i - first) / (last - first)
                    yield i, row(y0 + share * (y1 - y0))
        case _:
            yield from ((column(x), row(y)) for x, y in points)

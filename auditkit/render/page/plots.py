"""A step's charts as Vega-Lite specs: layers on two axes, told apart by shape and dash as well as by colour."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from auditkit.render import words
from auditkit.render.page.charts import (
    ACCENT,
    ALARM,
    BASE,
    CONFIG,
    FAINT,
    INK,
    PAPER,
    SECOND,
    THIRD,
    Spec,
    fitted,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditkit.values.exhibit import Chart, Colour, Layer

HUES: dict[Colour, str] = {
    "accent": ACCENT,
    "alarm": ALARM,
    "second": SECOND,
    "third": THIRD,
    "ink": INK,
    "faint": FAINT,
}
SHAPES: dict[Colour, str] = {
    "accent": "circle",
    "alarm": "diamond",
    "second": "square",
    "third": "triangle-up",
    "ink": "cross",
    "faint": "circle",
}
DASHES: dict[Colour, list[int]] = {
    "accent": [],
    "alarm": [7, 3],
    "second": [2, 2],
    "third": [7, 2, 2, 2],
    "ink": [],
    "faint": [4, 3],
}
WIDTH, HALF_WIDTH, HEIGHT, SQUARE = 620, 330, 260, 300
MOST_MARKS = 1000
"""Points of one layer that are drawn, evenly taken; a page of more would grow past two megabytes."""


@dataclass(frozen=True)
class Drawing:
    """A chart that is ready to be drawn, and how many of its points were left out."""

    spec: Spec
    left_out: int


def draw(chart: Chart, *, narrow: bool = False) -> Drawing:
    """Return the chart's spec; `narrow` is for one that stands beside others."""
    layers = [_thinned(layer) for layer in chart.layers]
    width = SQUARE if chart.square else HALF_WIDTH if narrow else WIDTH
    height = SQUARE if chart.square else HEIGHT
    axes = {
        "x": _axis(_shown(chart.x_title, width), _extent(layers, "x", log=chart.x_log), log=chart.x_log),
        "y": _axis(_shown(chart.y_title, height), _extent(layers, "y"), log=False),
    }
    parts = [part for layer in layers for part in _parts(layer, axes)]
    spec = BASE | {"width": width, "height": height, "layer": parts, "config": CONFIG}
    return Drawing(spec, sum(len(a.x) - len(b.x) for a, b in zip(chart.layers, layers, strict=True)))


def _thinned(layer: Layer) -> Layer:
    """Return the layer with at most MOST_MARKS points, evenly taken from the first to the last."""
    m = len(layer.x)
    if m <= MOST_MARKS or layer.kind == "bars":
        return layer
    chosen = [round(i * (m - 1) / (MOST_MARKS - 1)) for i in range(MOST_MARKS)]
    series: dict[str, Any] = {
        name: tuple(getattr(layer, name)[i] for i in chosen)
        for name in ("x", "y", "low", "high", "texts")
        if getattr(layer, name)
    }
    return replace(layer, **series)


def _extent(layers: list[Layer], axis: str, *, log: bool = False) -> tuple[float, float]:
    """Return the range of an axis with a little air; bars stand on zero."""
    values = [value for layer in layers for value in (layer.x if axis == "x" else layer.y)]
    if axis == "y":
        values += [value for layer in layers for value in (*layer.low, *layer.high)]
        values += [0.0] if any(layer.kind == "bars" for layer in layers) else []
    if log:
        values = [value for value in values if value > 0]
    low, high = min(values, default=0.0), max(values, default=1.0)
    if log:
        return low / 1.1, high * 1.1
    air = 0.04 * (high - low) or 0.05 * max(abs(high), 1.0)
    return low - (0.0 if low == 0 and axis == "y" else air), high + air


def _axis(title: str, extent: tuple[float, float], *, log: bool) -> Spec:
    scale: Spec = {"domain": list(extent), "nice": False, "zero": False}
    if log:
        scale["type"] = "log"
    return {
        "type": "quantitative",
        "scale": scale,
        "axis": {"title": title, "tickCount": 6},
    }


def _parts(layer: Layer, axes: Spec) -> Iterator[Spec]:
    """Yield what one layer draws, back to front."""
    hue = HUES[layer.colour]
    x, y = axes["x"] | {"field": "x"}, axes["y"] | {"field": "y"}
    match layer.kind:
        case "line" | "band":
            if layer.low:
                area = {"type": "area", "color": hue, "fillOpacity": 0.16, "line": False}
                yield _unit(_rows(layer), area, x=x, y=y | {"field": "low"}, y2={"field": "high"})
            if layer.kind == "line":
                stroke = {
                    "type": "line",
                    "color": hue,
                    "strokeDash": _dash(layer),
                    "strokeWidth": 0.7 if layer.thin else 2,
                    "strokeOpacity": 0.45 if layer.thin else 1,
                }
                yield _unit(_rows(layer), stroke, x=x, y=y, order={"field": "x", "type": "quantitative"})
        case "points":
            yield from _points(layer, x, y, hue)
        case "bars":
            bar = {"type": "rect", "fill": hue, "fillOpacity": 0.45, "stroke": PAPER, "strokeWidth": 0.5}
            rows = [
                {"x": a, "end": b, "y": h, "base": 0}
                for a, b, h in zip(layer.x, layer.x[1:], layer.y, strict=False)
            ]
            yield _unit(rows, bar, x=x, x2={"field": "end"}, y=y, y2={"field": "base"})
        case "vertical":
            yield _unit([{"x": value} for value in layer.x], _rule(layer, hue), x=x)
        case "horizontal":
            yield _unit([{"y": value} for value in layer.y], _rule(layer, hue), y=y)


def _points(layer: Layer, x: Spec, y: Spec, hue: str) -> Iterator[Spec]:
    rows = _rows(layer)
    if layer.low:
        bar = {"type": "rule", "color": hue, "strokeWidth": 1.5}
        yield _unit(rows, bar, x=x, y=y | {"field": "low"}, y2={"field": "high"})
    many = len(layer.x) > 150
    mark = {
        "type": "point",
        "shape": SHAPES[layer.colour],
        "stroke": hue,
        "fill": PAPER if not many else hue,
        "filled": many,
        "size": 12 if many else 55,
        "strokeWidth": 0 if many else 1.5,
        "fillOpacity": 0.5 if many else 1,
        "opacity": 1,
    }
    yield _unit(rows, mark, x=x, y=y)
    if layer.texts:
        low, high = x["scale"]["domain"]
        for side, dx in (("left", 8), ("right", -8)):  # a text at the right edge would be cut
            near = [row for row in rows if (row["x"] > low + 0.7 * (high - low)) == (side == "right")]
            mark = {"type": "text", "align": side, "dx": dx, "dy": -6, "color": INK, "fontSize": 11.5}
            yield _unit(near, mark, x=x, y=y, text={"field": "text", "type": "nominal"})


def _rule(layer: Layer, hue: str) -> Spec:
    return {"type": "rule", "color": hue, "strokeDash": _dash(layer), "strokeWidth": 1.5}


def _dash(layer: Layer) -> list[int]:
    """Return the dash of a line; a rule is never a plain line."""
    return DASHES[layer.colour] or ([4, 3] if layer.kind in {"vertical", "horizontal"} else [])


def _rows(layer: Layer) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [{"x": value} for value in layer.x]
    for name, values in (("y", layer.y), ("low", layer.low), ("high", layer.high), ("text", layer.texts)):
        for row, value in zip(rows, values, strict=False):  # a series that is not given is empty
            row[name] = _shown(value, 160) if isinstance(value, str) else value
    return rows


def _shown(text: str, width: int) -> str:
    return fitted(words.visible(text, limit=200), width)


def _unit(rows: list[dict[str, Any]], mark: Spec, **encoding: Spec) -> Spec:
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}


def swatch(layer: Layer) -> str:
    """Return a small `<svg>` that looks like the layer, for a legend; it says nothing of its own."""
    hue = HUES[layer.colour]
    dash = " ".join(map(str, _dash(layer)))
    stroke = f'stroke="{hue}" stroke-width="2"' + (f' stroke-dasharray="{dash}"' if dash else "")
    match layer.kind:
        case "bars" | "band":
            body = f'<rect x="3" y="1" width="18" height="10" fill="{hue}" fill-opacity="0.45"/>'
        case "points":
            body = f'<path d="{_OUTLINES[SHAPES[layer.colour]]}" fill="{PAPER}" stroke="{hue}" stroke-width="1.5"/>'
        case "vertical":
            body = f'<path d="M12 0v12" {stroke}/>'
        case _:
            body = f'<path d="M0 6h24" {stroke}/>'
    return f'<svg aria-hidden="true" width="24" height="12" viewBox="0 0 24 12">{body}</svg>'


_OUTLINES = {
    "circle": "M8 6a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z",
    "diamond": "M12 1l5 5l-5 5l-5 -5Z",
    "square": "M8 2h8v8h-8Z",
    "triangle-up": "M12 1l5 9h-10Z",
    "cross": "M10 2h4v2h2v4h-2v2h-4v-2h-2v-4h2Z",
}

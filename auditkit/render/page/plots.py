"""A step's charts as inline SVG: layers on two axes, told apart by shape and dash as well as by colour.

Colours are classes that style.css knows, so that dark pages and print need no other drawing; no text is measured, none
comes in but escaped, and there are no ids, so that many charts share a page.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from auditkit.render import words
from auditkit.render.page import axes
from auditkit.render.page.axes import BOTTOM, LEFT, RIGHT, TOP, Axis, fitted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditkit.values.shown.exhibit import Chart, Colour, Layer

WIDTH, HALF_WIDTH, HEIGHT, SQUARE = 620.0, 330.0, 260.0, 300.0
"""Pixels of the plot itself."""
MOST_MARKS, MANY = 1000, 150
"""Points of one layer that are drawn, evenly taken; from MANY on they are small."""
TEXT_WIDTH = 160.0

RULE = {"accent", "ink"}
"""Colours whose lines are plain; a rule of these is dashed all the same."""
SHAPES: dict[Colour, str] = {
    "accent": "m-{r} 0a{r} {r} 0 1 0 {w} 0a{r} {r} 0 1 0-{w} 0",
    "faint": "m-{r} 0a{r} {r} 0 1 0 {w} 0a{r} {r} 0 1 0-{w} 0",
    "alarm": "m0-{d}l{d} {d}l-{d} {d}l-{d}-{d}z",
    "second": "m-{r}-{r}h{w}v{w}h-{w}z",
    "third": "m0-{d}l{d} {t}h-{q}z",
    "ink": "m-{s}-{s}l{d} {d}m0-{d}l-{d} {d}",
}
"""A point's outline from its middle, in multiples of `s`: `r` 1.6, `d` 2, `t` 3, `w` 3.2, `q` 4."""


@dataclass(frozen=True)
class Drawing:
    """A chart's SVG, and how many of its points were left out."""

    svg: str
    left_out: int


def draw(chart: Chart, *, label: str, narrow: bool = False) -> Drawing:
    """Return the chart as an image named `label`; `narrow` is for one that stands beside others."""
    layers = [_thinned(layer) for layer in chart.layers]
    wide = SQUARE if chart.square else HALF_WIDTH if narrow else WIDTH
    high = SQUARE if chart.square else HEIGHT
    x = Axis(*_extent(layers, "x", log=chart.x_log), LEFT, LEFT + wide, log=chart.x_log)
    y = Axis(*_extent(layers, "y", log=False), TOP + high, TOP)
    titles = _shown(chart.x_title, wide), _shown(chart.y_title, wide)
    body = [*axes.drawn(x, y, titles=titles), *(part for layer in layers for part in _parts(layer, x, y))]
    size = f"{LEFT + wide + RIGHT:.0f} {TOP + high + BOTTOM:.0f}"
    width, height = size.split()
    name = html.escape(label, quote=True)
    return Drawing(
        f'<svg role="img" aria-label="{name}" width="{width}" height="{height}" viewBox="0 0 {size}">'
        f"{''.join(body)}</svg>",
        sum(len(a.x) - len(b.x) for a, b in zip(chart.layers, layers, strict=True)),
    )


def swatch(layer: Layer) -> str:
    """Return a small `<svg>` that looks like the layer, for a legend; it says nothing of its own."""
    match layer.kind:
        case "bars" | "band":
            body = '<path class="area" d="M3 1h18v10h-18z"/>'
        case "points":
            body = f'<path class="point" d="M12 6{_shape(layer.colour, 2.2)}"/>'
        case "vertical":
            body = f'<path class="{_line_class(layer)}" d="M12 0v12"/>'
        case _:
            body = f'<path class="{_line_class(layer)}" d="M0 6h24"/>'
    return f'<svg class="{layer.colour}" aria-hidden="true" width="24" height="12" viewBox="0 0 24 12">{body}</svg>'


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


def _extent(layers: list[Layer], axis: str, *, log: bool) -> tuple[float, float]:
    """Return the range of an axis with a little air; bars stand on zero."""
    values = [value for layer in layers for value in (layer.x if axis == "x" else layer.y)]
    if axis == "y":
        values += [value for layer in layers for value in (*layer.low, *layer.high)]
        values += [0.0] if any(layer.kind == "bars" for layer in layers) else []
    if log:
        values = [value for value in values if value > 0]
    low, high = min(values, default=1.0 if log else 0.0), max(values, default=10.0 if log else 1.0)
    if log:
        return low / 1.1, high * 1.1
    air = 0.04 * (high - low) or 0.05 * max(abs(high), 1.0)
    return low - (0.0 if low == 0 and axis == "y" else air), high + air


def _parts(layer: Layer, x: Axis, y: Axis) -> Iterator[str]:
    """Yield what one layer draws, back to front, in a group of its colour."""
    body = "".join(_marks(layer, x, y))
    if body:
        yield f'<g class="{layer.colour}">{body}</g>'


def _marks(layer: Layer, x: Axis, y: Axis) -> Iterator[str]:
    match layer.kind:
        case "line" | "band":
            if layer.low:
                yield _path("area", _band(layer, x, y))
            if layer.kind == "line":
                yield _path(_line_class(layer), _joined(zip(layer.x, layer.y, strict=True), x, y))
        case "points":
            yield from _points(layer, x, y)
        case "bars":
            base = y.at(0.0)
            edges = zip(layer.x, layer.x[1:], layer.y, strict=False)
            yield _path(
                "area",
                "".join(
                    f"M{x.at(a):.1f} {base:.1f}V{y.at(h):.1f}H{x.at(b):.1f}V{base:.1f}z" for a, b, h in edges
                ),
            )
        case "vertical":
            places = (x.at(value) for value in layer.x if x.holds(value))
            yield _path(_line_class(layer), "".join(f"M{p:.1f} {y.end:.0f}V{y.start:.0f}" for p in places))
        case "horizontal":
            places = (y.at(value) for value in layer.y)
            yield _path(_line_class(layer), "".join(f"M{x.start:.0f} {p:.1f}H{x.end:.0f}" for p in places))


def _band(layer: Layer, x: Axis, y: Axis) -> str:
    """Return the outline of the area between a layer's edges."""
    lower = _joined(zip(layer.x, layer.low, strict=True), x, y)
    upper = _joined(reversed(list(zip(layer.x, layer.high, strict=True))), x, y)
    return f"{lower}L{upper[1:]}z" if lower else ""


def _joined(points: Iterable[tuple[float, float]], x: Axis, y: Axis) -> str:
    """Return a line through points; those that do not stand on the axes are left out."""
    places = [f"{x.at(a):.1f} {y.at(b):.1f}" for a, b in points if x.holds(a)]
    return f"M{'L'.join(places)}" if places else ""


def _points(layer: Layer, x: Axis, y: Axis) -> Iterator[str]:
    places = [(x.at(a), y.at(b)) for a, b in zip(layer.x, layer.y, strict=True) if x.holds(a)]
    if layer.low:
        ends = zip(layer.x, layer.low, layer.high, strict=True)
        bars = (f"M{x.at(a):.1f} {y.at(low):.1f}V{y.at(high):.1f}" for a, low, high in ends if x.holds(a))
        yield _path("whisker", "".join(bars))
    many = len(layer.x) > MANY
    shape = _shape(layer.colour, 0.9 if many else 2.2)
    yield _path("dot" if many else "point", "".join(f"M{a:.1f} {b:.1f}{shape}" for a, b in places))
    kept = [text for a, text in zip(layer.x, layer.texts, strict=False) if x.holds(a)]
    for (a, b), text in zip(places, kept, strict=False):
        right = a > x.start + 0.7 * (x.end - x.start)  # a text at the right edge would be cut
        side = ' class="end"' if right else ""
        if text:
            said = html.escape(_shown(text, TEXT_WIDTH))
            yield f'<text{side} x="{a + (-8 if right else 8):.1f}" y="{b - 6:.1f}">{said}</text>'


def _shape(colour: Colour, half: float) -> str:
    sides = {"s": half, "r": 1.6 * half, "d": 2 * half, "t": 3 * half, "w": 3.2 * half, "q": 4 * half}
    return SHAPES[colour].format(**{name: f"{side:g}" for name, side in sides.items()})


def _line_class(layer: Layer) -> str:
    """Return the class of a line: a rule is never a plain line."""
    if layer.kind in {"vertical", "horizontal"}:
        return "line rule" if layer.colour in RULE else "line"
    return "line thin" if layer.thin else "line"


def _path(kind: str, d: str) -> str:
    return f'<path class="{kind}" d="{d}"/>' if d else ""


def _shown(text: str, width: float) -> str:
    return fitted(words.visible(text, limit=200), width)

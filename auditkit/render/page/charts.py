"""Charts as Vega-Lite specs, and their conversion to SVG that sits inside a page with a strict policy.

A chart kind is one function that returns a spec with all text under the keys `text` and `title`. That text is
taken out before the chart engine runs and set into the SVG afterwards: the engine never sees a word from
data, and does not measure it, which costs it 30 microseconds a letter and several times that to shorten.
Colours are the light theme's; style.css maps each of them for dark pages.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

INK, FAINT, GRID, PAPER = "#1c2430", "#5c6673", "#e3e6ea", "#ffffff"
ACCENT, ALARM, SECOND, THIRD = "#1f5f99", "#b3261e", "#a05a00", "#1d7f63"
COLOURS = (INK, FAINT, GRID, PAPER, ACCENT, ALARM, SECOND, THIRD)
LABEL_WIDTH, COUNT_WIDTH, PLOT_WIDTH, TEXT_WIDTH, ROW_HEIGHT = 280, 54, 190, 158, 24

Spec = dict[str, Any]


@dataclass(frozen=True)
class Mark:
    """A point with its interval [low, high]; `alarming` where the corrected bound excludes no harm."""

    value: float
    low: float
    high: float
    text: str
    alarming: bool = False


@dataclass(frozen=True)
class Panel:
    """One column of a forest plot; `marks` go with the plot's labels, None where nothing was measured."""

    title: str
    marks: tuple[Mark | None, ...]
    reference: float | None = None


def forest(labels: tuple[str, ...], counts: tuple[str, ...], *, panels: tuple[Panel, ...]) -> Spec:
    """Return a forest plot: one row per label with its n, and per panel a point, its interval and text."""
    columns = [
        _text_column("Group", labels, width=LABEL_WIDTH, align="left"),
        _text_column("n", counts, width=COUNT_WIDTH, align="right"),
    ]
    for panel in panels:
        columns.append(_interval_column(panel))
        columns.append(_text_column("", _texts(panel), width=TEXT_WIDTH, align="right"))
    return BASE | {"spacing": 14, "hconcat": columns, "config": CONFIG}


def _texts(panel: Panel) -> tuple[str, ...]:
    return tuple("" if mark is None else mark.text for mark in panel.marks)


def to_svg(spec: Spec, *, label: str) -> str:
    """Return the spec drawn as one inline `<svg>` that is an image named `label`, without outside references.

    The same spec gives the same bytes, and there are no ids, so that many charts can share a page.
    """
    import vl_convert

    texts: list[str] = []
    bare = json.dumps(_take_out(spec, texts), allow_nan=False)
    svg: str = vl_convert.vegalite_to_svg(bare, allowed_base_urls=[])
    head, body = svg[svg.index("<svg") :].split(">", 1)
    size = " ".join(re.findall(r'(?:width|height|viewBox)="[^"]*"', head))
    body = _TAG.sub(lambda tag: _DROPPED.sub("", tag[0]), body)
    body = _LONG_NUMBER.sub(lambda found: f"{float(found[0]):.1f}", _EMPTY_PATH.sub("", body))
    body = _TOKEN.sub(lambda found: f">{html.escape(texts[int(found[1])])}</text>", body)
    name = html.escape(label)
    return f'<svg role="img" aria-label="{name}" {size}><title>{name}</title>{body}'


def _take_out(node: Any, texts: list[str]) -> Any:
    """Return the spec with a token in place of every text, and append each text once, in the tokens' order.

    One text keeps one token: the engine joins the titles of layers unless they are the same.
    """
    if isinstance(node, list):
        return [_take_out(item, texts) for item in node]
    if not isinstance(node, dict):
        return node
    taken: Spec = {}
    for key, value in node.items():
        if key in {"text", "title"} and isinstance(value, str) and value:
            if value not in texts:
                texts.append(value)
            taken[key] = f"q{texts.index(value)}"
        else:
            taken[key] = _take_out(value, texts)
    return taken


def fitted(text: str, width: int) -> str:
    """Return the text, shortened so that it takes about `width` pixels at most."""
    room = width / 7.1
    for index, char in enumerate(text):
        room -= _char_width(char)
        if room < 0:
            return text[: max(index - 1, 0)].rstrip() + "…"
    return text


def _char_width(char: str) -> float:
    """Return a letter's width in units of a common small letter of the sans-serif faces in use."""
    if unicodedata.combining(char):
        return 0.0
    if unicodedata.east_asian_width(char) in {"W", "F"} or char in "mwMW@%…—":
        return 1.7
    return 1.25 if char.isupper() else 0.55 if char in "iljtfr.,:;'|! ()[]" else 1.0


# Vega writes < and > in values as entities, so that <...> is always a tag.
_TAG = re.compile(r"<[^>]*>")
_DROPPED = re.compile(
    r' (?:xmlns(?::\w+)?|version|class|role|aria-[a-z]+|pointer-events|opacity|font-family)="[^"]*"'
    r'| (?:font-weight="normal"|text-anchor="start")'
)
_EMPTY_PATH = re.compile(r'<path(?: display="none"| d="M0,0h\d+v\d+h-?\d+Z"| d="")+/>')
_LONG_NUMBER = re.compile(r'(?<=[(,"])-?\d+\.\d{4,}(?=[,)"])')
_TOKEN = re.compile(r">q(\d+)</text>")

BASE: Spec = {
    "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
    "background": None,
    "padding": {"left": 0, "right": 1, "top": 2, "bottom": 2},
}
CONFIG: Spec = {
    "aria": False,
    "view": {"stroke": None},
    "axis": {
        "domain": False,
        "ticks": False,
        "grid": True,
        "gridColor": GRID,
        "labelColor": FAINT,
        "labelFontSize": 11,
        "labelPadding": 6,
        "labelFlush": False,
        "labelOverlap": False,
        "titleColor": FAINT,
        "titleFontSize": 11.5,
        "titlePadding": 12,
        "titleFontWeight": "normal",
    },
    "title": {"color": FAINT, "fontSize": 11.5, "fontWeight": "normal", "anchor": "start", "offset": 6},
    "text": {"color": INK, "fontSize": 12.5},
}


def _row_scale(rows: int) -> Spec:
    """Return the y of row numbers; a plain number line keeps columns level where some lack a mark."""
    scale = {"domain": [rows - 0.5, -0.5], "nice": False, "zero": False}
    return {"field": "row", "type": "quantitative", "axis": None, "scale": scale}


def _text_column(title: str, texts: tuple[str, ...], *, width: int, align: str) -> Spec:
    right = align == "right"
    values = [{"row": row, "text": fitted(text, width)} for row, text in enumerate(texts)]
    mark = {"type": "text", "align": align, "x": width if right else 0}
    return {
        "width": width,
        "height": ROW_HEIGHT * len(texts),
        "title": {"text": title, "anchor": "end" if right else "start"},
        "data": {"values": values},
        "mark": mark,
        "encoding": {"y": _row_scale(len(texts)), "text": {"field": "text", "type": "nominal"}},
    }


def _interval_column(panel: Panel) -> Spec:
    values = [
        {"row": row, "value": mark.value, "low": mark.low, "high": mark.high, "alarming": mark.alarming}
        for row, mark in enumerate(panel.marks)
        if mark is not None
    ]
    x = {
        "field": "low",
        "type": "quantitative",
        "scale": {"domain": _domain(panel), "nice": False},
        "axis": {"title": None, "tickCount": 4, "orient": "bottom"},
    }
    layers = _interval_layers(x, _row_scale(len(panel.marks)))
    if panel.reference is not None:
        layers.insert(0, _reference_line(panel.reference, x))
    return {
        "width": PLOT_WIDTH,
        "height": ROW_HEIGHT * len(panel.marks),
        "title": fitted(panel.title, PLOT_WIDTH),
        "data": {"values": values},
        "layer": layers,
    }


def _interval_layers(x: Spec, y: Spec) -> list[Spec]:
    """Return a line from low to high and a point at the value, of another colour and shape where it alarms."""
    stroke = {"condition": {"test": "datum.alarming", "value": ALARM}, "value": ACCENT}
    fill = {"condition": {"test": "datum.alarming", "value": ALARM}, "value": PAPER}
    shape = {"condition": {"test": "datum.alarming", "value": "diamond"}, "value": "circle"}
    return [
        {
            "mark": {"type": "rule", "strokeWidth": 1.5},
            "encoding": {"x": x, "x2": {"field": "high"}, "y": y, "color": stroke},
        },
        {
            "mark": {"type": "point", "filled": False, "size": 52, "strokeWidth": 1.5, "opacity": 1},
            "encoding": {
                "x": {**x, "field": "value"},
                "y": y,
                "stroke": stroke,
                "fill": fill,
                "shape": shape,
            },
        },
    ]


def _reference_line(value: float, x: Spec) -> Spec:
    return {
        "data": {"values": [{"at": value}]},
        "mark": {"type": "rule", "strokeDash": [4, 3], "color": FAINT},
        "encoding": {"x": {**x, "field": "at"}},
    }


def _domain(panel: Panel) -> list[float]:
    """Return the panel's range with a little air, so that a single value still has a scale."""
    marks = [mark for mark in panel.marks if mark is not None]
    ends = [end for mark in marks for end in (mark.low, mark.high, mark.value)]
    ends += [] if panel.reference is None else [panel.reference]
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    air = 0.06 * (high - low) or 0.05 * max(abs(high), 1.0)
    return [low - air, high + air]

"""Exhibits without numbers that no report can hold: infinities and NaN are left out, not drawn."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from auditkit.store.report_json import plain

if TYPE_CHECKING:
    from auditkit.values.shown.exhibit import Chart, Layer, Table

_NOT_FINITE = ("inf", "-inf", "nan")
"""How `plain` writes them."""


def finite_table(table: Table) -> Table:
    """Return the table with an empty cell where a number is not finite.

    Raises TypeError for a cell that a report has no word for.
    """
    rows = tuple(tuple(_cell(cell, table.title) for cell in row) for row in table.rows)
    return replace(table, rows=rows)


def finite_chart(chart: Chart) -> tuple[Chart | None, tuple[str, ...]]:
    """Return the chart with the layers that are finite, None if no layer is, and the names of those left out."""
    whole = tuple(layer for layer in chart.layers if _is_finite(layer))
    left_out = tuple(layer.name for layer in chart.layers if not _is_finite(layer))
    return (replace(chart, layers=whole) if whole or not left_out else None), left_out


def _cell(value: Any, title: str) -> Any:
    held = plain(value, f"table '{title}'")
    if isinstance(held, list | dict):
        message = f"table '{title}' has a cell that holds a {type(value).__name__}"
        raise TypeError(message)
    return None if not isinstance(value, str) and held in _NOT_FINITE else value


def _is_finite(layer: Layer) -> bool:
    return all(map(math.isfinite, chain(layer.x, layer.y, layer.low, layer.high)))

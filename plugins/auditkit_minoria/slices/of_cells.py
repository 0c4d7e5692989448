"""Slices of rows that an engine counted: each cell of them, by the levels of all columns, stands for as many rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import DataError, class_codes
from auditkit_minoria.features.levels import LevelColumn, Levels, category_levels
from auditkit_minoria.slices.find import best_slices
from auditkit_minoria.slices.slice import Slice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit import Cells, Subject
    from auditkit_minoria.slices.cells import Limits

INFINITE = float("inf")


def edges_of(levels: Levels) -> tuple[dict[str, tuple[float, ...]], list[tuple[str, str]]]:
    """Return the ends of each column's bins, none of a category, and which columns an engine cannot count, and why."""
    edges: dict[str, tuple[float, ...]] = {}
    apart: list[tuple[str, str]] = []
    for column in levels.columns:
        if column.kind == "date":
            apart.append((column.name, "dates are not cut into bins by an engine"))
        elif column.edges is None:
            edges[column.name] = ()
        elif column.edges[0] - 1.0 < column.edges[0]:
            edges[column.name] = (-INFINITE, *column.edges.tolist(), INFINITE)
        else:
            apart.append(
                (column.name, f"numbers as small as {column.edges[0]:g} have no bin that an engine tells")
            )
    return edges, apart


def levels_of_cells(subject: Subject, columns: Sequence[LevelColumn]) -> Levels:
    """Return the levels of cells [c]: categories as they were counted, numbers by the bins of these columns."""
    found: list[LevelColumn] = []
    dropped: list[tuple[str, str]] = []
    for column in columns:
        values = subject.column(column.name)
        one: LevelColumn | tuple[str, str]
        if column.edges is None:
            one = category_levels(column.name, values)
        else:
            numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
            missing = np.isnan(numbers)
            codes = np.searchsorted(column.edges, numbers, side="right").astype(np.int32)
            codes[missing] = len(column.edges) + 1
            one = replace(column, codes=codes, values=numbers, gaps=bool(missing.any()))
        if isinstance(one, LevelColumn):
            found.append(one)
        else:
            dropped.append(one)
    return Levels(tuple(found), len(subject), tuple(dropped))


def slices_of_cells(
    subject: Subject, levels: Levels, limits: Limits, *, top: int, found_by: str
) -> tuple[Slice, ...]:
    """Return at most `top` slices that explain most of the loss, which is 1 for a wrong prediction; best first."""
    cells = subject.cells
    if cells is None or subject.pred is None:
        message = f"{subject.source}: cells have predictions, and say what they stand for"
        raise DataError(message)
    predicted, _ = class_codes(subject.column(subject.pred), subject.classes)
    loss = (subject.truth != predicted).astype(np.float64)
    found, _ = best_slices(levels, loss, limits, top=top, weight=_weight(cells), rows=cells.rows)
    return tuple(Slice(conditions=one.rule, found_by=found_by, wider=one.wider) for one in found)


def _weight(cells: Cells) -> NDArray[np.float64]:
    """Return what each cell weighs, scaled so that all sum to the rows that they are worth (Kish)."""
    whole, squares = float(cells.weights.sum()), float(cells.squares.sum())
    weight: NDArray[Any] = cells.weights * (whole / squares)
    return weight

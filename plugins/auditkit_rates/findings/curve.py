"""The calibration curve of an attribute's groups: observed share beside mean score, bin by bin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit import Chart, Layer, Table
from auditkit.measures import wilson

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit import Cell, Colour, Context
    from auditkit.measures import Bins
    from auditkit_rates.rows.cuts import Cut

    Floats = NDArray[np.float64]

COLOURS: tuple[Colour, ...] = ("accent", "alarm", "second", "third")
"""Groups that a chart holds: more would hide each other. The table has every group."""


def show_curve(cut: Cut, bins: Bins, context: Context) -> None:
    """Show an attribute's calibration curves as a chart of its largest groups and a table of all."""
    x = bins.cases * bins.effective
    low, high = wilson(x, bins.effective, context.stats.confidence)
    title = f"Calibration by {cut.name}"
    rows: list[tuple[Cell, ...]] = [
        (
            cut.groups[group], int(bins.rows[i]), round(float(bins.score[i]), 3), round(float(bins.cases[i]), 3),
            f"[{low[i]:.3f}, {high[i]:.3f}]",
        )
        for i, group in enumerate(bins.group.tolist())
    ]  # fmt: skip
    caption = "Bins of equal weight along the score, as many as the rarer class allows; Wilson's intervals."
    columns = ("Group", "n", "Mean score", "Observed share", "Interval")
    context.show(Table(title=title, columns=columns, rows=tuple(rows), caption=caption))
    largest = np.argsort(
        -np.bincount(bins.group, weights=bins.rows, minlength=len(cut.groups)), kind="stable"
    )
    layers = [Layer(kind="line", name="calibrated", x=(0.0, 1.0), y=(0.0, 1.0), colour="faint", thin=True)]
    for colour, group in zip(COLOURS, largest.tolist(), strict=False):
        layers.append(_curve(cut.groups[group], bins, bins.group == group, (low, high), colour=colour))
    said = f"Above the line the class occurs more often than the score says; the {len(layers) - 1} largest groups."
    context.show(
        Chart(
            title=title, layers=tuple(layers), x_title="mean score", y_title="observed share", caption=said, square=True
        )
    )  # fmt: skip


def _curve(
    name: str, bins: Bins, mine: NDArray[np.bool_], ends: tuple[Floats, Floats], *, colour: Colour
) -> Layer:
    """Return one group's bins as points with their intervals."""
    low, high = (tuple(end[mine].tolist()) for end in ends)
    x, y = tuple(bins.score[mine].tolist()), tuple(bins.cases[mine].tolist())
    return Layer(kind="points", name=name, x=x, y=y, low=low, high=high, colour=colour)

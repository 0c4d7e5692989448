"""A metric against the cut, by group: a table of every cut, and a chart of the largest groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit import Chart, Layer, Table
from auditkit_rates.metrics.reported import METRICS
from auditkit_rates.scan.limits import kept, surely_kept

if TYPE_CHECKING:
    from auditkit import Cell, Colour, Context
    from auditkit_rates.scan.params import ScanParams
    from auditkit_rates.scan.scanned import AtPlace, Scanned

COLOURS: tuple[Colour, ...] = ("accent", "alarm", "second", "third")
"""Groups that a chart holds: more would hide each other. The table has every group."""


def show_scan(one: Scanned, params: ScanParams, context: Context) -> None:
    """Show an attribute's groups at every cut."""
    title = f"{METRICS[one.metric].title} against the cut, by {one.cut.name}"
    labels = [group.removeprefix(f"{one.cut.name}=") for group in one.cut.groups]
    rows = tuple(_row(at, params) for at in one.places)
    caption = (
        f"Difference: largest minus smallest, with an interval for all pairs. Kept: at most {params.limit:g}; shown: "
        "so for all cuts at once. An empty cell: too few rows."
    )
    columns = ("Cut", *labels, "Difference", "Limit")
    context.show(Table(title=title, columns=columns, rows=rows, caption=caption))
    largest = np.argsort(-one.rows, kind="stable").tolist()
    layers = [
        layer
        for colour, i in zip(COLOURS, largest, strict=False)
        if (layer := _curve(one, i, labels[i], colour)) is not None
    ]
    if layers:
        said = f"Bands: {context.stats.confidence:.0%} intervals at each cut."
        context.show(
            Chart(
                title=title, layers=tuple(layers), x_title="cut of the score", y_title=METRICS[one.metric].title,
                caption=said, row=f"scan by {one.cut.name}",
            )
        )  # fmt: skip


def _row(at: AtPlace, params: ScanParams) -> tuple[Cell, ...]:
    values = tuple(
        round(float(value), 3) if enough else None
        for value, enough in zip(at.own.value, at.enough, strict=True)
    )
    if at.apart is None:
        return (_place(at.place), *values, None, "not measured")
    interval = at.apart.interval
    apart = f"{at.apart.value:.3f} [{interval.low:.3f}, {interval.high:.3f}]"
    return (
        _place(at.place),
        *values,
        apart,
        "shown" if surely_kept(at, params) else "kept" if kept(at, params) else "",
    )


def _place(place: float) -> str:
    return f"{place:g}"


def _curve(one: Scanned, i: int, name: str, colour: Colour) -> Layer | None:
    """Return one group's metric against the cut with its band, where it has rows enough; None with fewer than two."""
    known = [at for at in one.places if at.enough[i] and np.isfinite(at.own.value[i])]
    if len(known) < 2:
        return None
    x = tuple(at.place for at in known)
    y, low, high = (tuple(float(getattr(at.own, end)[i]) for at in known) for end in ("value", "low", "high"))
    return Layer(kind="line", name=name, x=x, y=y, low=low, high=high, colour=colour)

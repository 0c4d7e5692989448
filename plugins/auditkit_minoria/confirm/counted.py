"""Whether the error gaps of tails hold on rows that were only counted: cells of them, by what is wrong and where."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures import gap_of_counts, p_value
from auditkit_minoria.confirm.held_out import HeldOut
from auditkit_minoria.confirm.weighted import gap_to_all, of_weighted_counts, share_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit import Cells, Interval
    from auditkit_minoria.confirm.standard import Standard

    Rows = NDArray[np.bool_]


def counted_gaps(
    wrong: Rows, tails: Sequence[Rows], standard: Standard, *, cells: Cells, weighted: bool
) -> list[HeldOut]:
    """Return what `held_out_gaps` returns of the rows behind the cells: their loss is 1 where `wrong` bool [c], else 0.

    tails are bool [c]; where rows weigh differently (`weighted`), they count as much as they weigh.
    """
    loss = wrong.astype(np.float64)
    found = [_enough(tail, standard, cells=cells, weighted=weighted) for tail in tails]
    places = [i for i, one in enumerate(found) if not one.reason]
    some = [tails[i] for i in places]
    if weighted and some:
        tested = of_weighted_counts(loss, some, (0.0, 1.0), standard, weight=cells)
    else:
        tested = [_of_rows(wrong, tail, standard, cells=cells) for tail in some]
    mass = cells.weights if weighted else cells.rows
    for i, (gap, interval) in zip(places, tested, strict=True):
        inside = tails[i]
        found[i] = replace(
            found[i],
            tail_loss=float(np.average(loss[inside], weights=mass[inside])),
            gap=gap,
            interval=interval,
            p=p_value(gap, interval, standard.tau, "above"),
        )
    return found


def _enough(tail: Rows, standard: Standard, *, cells: Cells, weighted: bool) -> HeldOut:
    """Return how many rows are in the tail, and the reason if they, or the others, are too few or worth too few."""
    here, there = (_worth(cells[part], weighted=weighted) for part in (tail, ~tail))
    fewest, needed = min(here, there), max(standard.min_n, 2)
    found = HeldOut(
        n=int(cells.rows[tail].sum()),
        rows=int(cells.rows.sum()),
        weighs=share_of(tail, cells.weights) if weighted else None,
    )
    if fewest >= needed:
        return found
    where = "in" if here <= there else "outside"
    counted = "other rows' worth of weight" if weighted else "other rows"
    return replace(
        found, reason=f"insufficient evidence: {int(fewest)} {counted} {where} the tail, {needed} needed"
    )


def _worth(cells: Cells, *, weighted: bool) -> float:
    """Return how many rows of equal weight carry as much information, (sum w)^2 / sum w^2 (Kish, 1965)."""
    if not weighted:
        return float(cells.rows.sum())
    squares = float(cells.squares.sum())
    return float(cells.weights.sum()) ** 2 / squares if squares > 0 else 0.0


def _of_rows(wrong: Rows, tail: Rows, standard: Standard, *, cells: Cells) -> tuple[float, Interval]:
    """Return the gap to all rows and its interval."""
    counts = [int(cells.rows[part].sum()) for part in (tail & wrong, tail, ~tail & wrong, ~tail)]
    interval = gap_of_counts(*counts, confidence=standard.confidence)
    return gap_to_all(wrong.astype(np.float64), tail, cells.rows.astype(np.float64)), interval

"""Machine code for contingency cubes: rows and losses by the cells of a conjunction, and the best part of each line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.kernels.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]
    Floats = NDArray[np.float64]
    Counts = NDArray[np.int64]


@compiled
def tally(cells: Codes, codes: Codes, loss: Floats, rows: Counts, total: Floats) -> None:
    """Add each row to rows [p, c] and its loss [n] to total [p, c]: p by its cell [n], c by its level [n].

    A row whose cell or level is negative counts nowhere.
    """
    levels = rows.shape[1]
    flat_rows, flat_total = rows.reshape(-1), total.reshape(-1)
    for i in range(len(cells)):
        if cells[i] >= 0 and codes[i] >= 0:
            place = cells[i] * levels + codes[i]
            flat_rows[place] += 1
            flat_total[place] += loss[i]


@compiled
def tally_weighted(
    cells: Codes, codes: Codes, loss: Floats, weight: Floats, rows: Counts, mass: Floats, total: Floats
) -> None:
    """Do as `tally`, and add each row's weight [n] to mass [p, c]; loss [n] is that times the weight."""
    levels = rows.shape[1]
    flat_rows, flat_mass, flat_total = rows.reshape(-1), mass.reshape(-1), total.reshape(-1)
    for i in range(len(cells)):
        if cells[i] >= 0 and codes[i] >= 0:
            place = cells[i] * levels + codes[i]
            flat_rows[place] += 1
            flat_mass[place] += weight[i]
            flat_total[place] += loss[i]


@compiled
def tally_cells(cells: Codes, codes: Codes, each: Counts, rows: Counts) -> None:
    """Add what each cell of rows stands for, each [n], to rows [p, c], as `tally` adds 1 for a row."""
    levels = rows.shape[1]
    flat_rows = rows.reshape(-1)
    for i in range(len(cells)):
        if cells[i] >= 0 and codes[i] >= 0:
            flat_rows[cells[i] * levels + codes[i]] += each[i]


@compiled
def narrowed(cells: Codes, codes: Codes, place: Codes, levels: int, found: Codes) -> None:
    """Fill found [n] with the new cell of each row: place[cell * levels + code], -1 for a row in none."""
    for i in range(len(cells)):
        found[i] = place[cells[i] * levels + codes[i]] if cells[i] >= 0 and codes[i] >= 0 else -1


@compiled
def strength(mass: float, excess: float, whole: float) -> float:
    """Return excess^2 / (mass (1 - mass / whole)): what parting these rows from the others explains of the squares.

    `excess` is the part's loss less its mass times the mean loss; 0 where it is not positive or no row is outside.
    """
    if excess <= 0 or mass <= 0 or mass >= whole:
        return 0.0
    return excess * excess / (mass * (1 - mass / whole))


@compiled
def best_sets(
    mass: Floats,
    excess: Floats,
    rows: Counts,
    limits: Counts,
    whole: float,
    price: Floats,
    found: Floats,
    size: Counts,
) -> None:
    """Find the best set of levels of each line of mass, excess, rows [p, c]: found [p] is its worth, size [p] its size.

    Worth is strength less price[size]. The set is the `size` levels of largest excess / mass: strength is convex in
    (mass, excess), so without a price the best of all sets is such a prefix (Fisher, JASA 53, 1958), unless it is all
    levels, which is no condition. Of prefixes, those count that have limits[0] to limits[1] rows and leave a level
    with rows out. size is 0 where none does.
    """
    lines, levels = mass.shape
    ratio = np.empty(levels)
    for p in range(lines):
        present = 0
        for c in range(levels):
            present += rows[p, c] > 0
            ratio[c] = -excess[p, c] / mass[p, c] if mass[p, c] > 0 else np.inf
        order = np.argsort(ratio, kind="mergesort")
        m, e, n = 0.0, 0.0, 0
        found[p], size[p] = -np.inf, 0
        for taken in range(1, present):
            c = order[taken - 1]
            m += mass[p, c]
            e += excess[p, c]
            n += rows[p, c]
            value = strength(m, e, whole) - price[taken]
            if limits[0] <= n <= limits[1] and e > 0 and value > found[p]:
                found[p], size[p] = value, taken


@compiled
def best_intervals(
    mass: Floats,
    excess: Floats,
    rows: Counts,
    limits: Counts,
    whole: float,
    found: Floats,
    ends: Counts,
) -> None:
    """Find the strongest half-line and the strongest interval inside of the bins of each line [p, c].

    found [p, 2] holds their strengths, ends [p, 2, 2] the first bin of each and the one after its last, both 0 where
    none has limits[0] to limits[1] rows.
    """
    lines, levels = mass.shape
    for p in range(lines):
        found[p, :], ends[p, :, :] = 0.0, 0
        for first in range(levels):
            m, e, n = 0.0, 0.0, 0
            for last in range(first, levels if first > 0 else levels - 1):
                m += mass[p, last]
                e += excess[p, last]
                n += rows[p, last]
                if n > limits[1]:
                    break
                if n < limits[0]:
                    continue
                value = strength(m, e, whole)
                kind = 0 if first == 0 or last == levels - 1 else 1
                if value > found[p, kind]:
                    found[p, kind] = value
                    ends[p, kind, 0], ends[p, kind, 1] = first, last + 1

"""A certificate of absence: a rate that, with confidence, no group of a fixed family exceeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betaincinv

from auditkit_minoria.slices.conditions import plain
from auditkit_minoria.slices.cubes import counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_minoria.features.levels import Levels
    from auditkit_minoria.slices.cells import Cells, Limits


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """With `confidence` none of `groups` groups has a rate above `rate`, nor one above the rest's by more than `gap`.

    `columns` says, per number of conditions, of how many columns the groups are: the first so many. `small` more groups
    have rows, but fewer than `least` of the `rows` judged: nothing is said of them. `worst` says in words the group
    whose bound is the highest; `worst_rate` is its observed rate.
    """

    groups: int
    columns: dict[int, int]
    small: int
    least: int
    rows: int
    rate: float
    gap: float
    confidence: float
    worst: str
    worst_rate: float


def certificate(
    levels: Levels, wrong: NDArray[np.bool_], limits: Limits, *, confidence: float
) -> Certificate | None:
    """Return the certificate for every conjunction of plain conditions that has enough of the rows; None if none has.

    levels are those of the n judged rows, wrong is bool [n]. Which groups there are, and how many rows they need, must
    not depend on `wrong`. The bound is the largest of the groups' exact one-sided bounds (Clopper and Pearson): the
    group of the highest true rate is one and the same whatever was drawn, and its own bound fails in at most 1 -
    confidence of all samples, so no correction for the number of groups is needed. For the gap to the other rows, half
    of the error goes to each of the two rates.
    """
    found = counted(levels, wrong.astype(np.float64), limits)
    tables = [cells for cells in found.cells.values() if len(cells.rows)]
    if not tables:
        return None
    rows = np.concatenate([cells.rows for cells in tables])
    hits = np.concatenate([np.rint(cells.total).astype(np.int64) for cells in tables])
    upper = highest(hits, rows, confidence)
    half = (1 + confidence) / 2
    others, other_hits = levels.n - rows, int(wrong.sum()) - hits
    lower = np.where(others > 0, lowest(other_hits, np.maximum(others, 1), half), 0.0)
    place = int(upper.argmax())
    return Certificate(
        groups=len(rows),
        columns={k: len(columns) for k, columns in found.columns.items()},
        small=sum(cells.small for cells in found.cells.values()),
        least=limits.least,
        rows=levels.n,
        rate=float(upper[place]),
        gap=float((highest(hits, rows, half) - lower).max()),
        confidence=confidence,
        worst=_said(tables, place, levels),
        worst_rate=float(hits[place] / rows[place]),
    )


def highest(hits: NDArray[np.int64], rows: NDArray[np.int64], confidence: float) -> NDArray[np.float64]:
    """Return the exact one-sided upper bound of each rate: the largest that gives so few hits a chance of 1 - c."""
    inner = betaincinv(np.minimum(hits, rows - 1) + 1.0, np.maximum(rows - hits, 1), confidence)
    found: NDArray[np.float64] = np.where(hits >= rows, 1.0, inner)
    return found


def lowest(hits: NDArray[np.int64], rows: NDArray[np.int64], confidence: float) -> NDArray[np.float64]:
    """Return the exact one-sided lower bound of each rate."""
    found: NDArray[np.float64] = 1.0 - highest(rows - hits, rows, confidence)
    return found


def _said(tables: list[Cells], place: int, levels: Levels) -> str:
    """Return the conjunction at a place of the joined tables in words."""
    for cells in tables:
        if place < len(cells.rows):
            chosen = zip(cells.columns[place].tolist(), cells.levels[place].tolist(), strict=True)
            return " and ".join(plain(levels.columns[c], v).in_words() for c, v in chosen)
        place -= len(cells.rows)
    message = "no table holds the place"
    raise IndexError(message)

"""Rows that count as much as they weigh: how many they are worth, and rows repeated in proportion to their weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit import Subject

    Floats: TypeAlias = NDArray[np.float64]


def weights_of(subject: Subject) -> Floats | None:
    """Return the rows' weights float64 [n], None where there are none or all are alike."""
    if subject.weight is None:
        return None
    found = subject.column(subject.weight).to_numpy(dtype=np.float64)
    return found if len(found) and (found != found[0]).any() else None


def worth(weight: Floats | None, rows: int) -> float:
    """Return how many rows of equal weight carry as much information, (sum w)^2 / sum w^2 (Kish, 1965)."""
    if weight is None:
        return float(rows)
    scaled = weight / weight.max(initial=0.0) if weight.any() else weight
    squares = float(np.square(scaled).sum())
    return float(scaled.sum()) ** 2 / squares if squares > 0 else 0.0


def as_rows(weight: Floats | None) -> Floats | None:
    """Return the weights [n] scaled so that they sum to the rows that they are worth; None where all are alike."""
    if weight is None or not len(weight) or not (weight != weight[0]).any():
        return None
    return weight * (worth(weight, len(weight)) / float(weight.sum()))


def repeated(weight: Floats) -> NDArray[np.int64]:
    """Return as many places [n] as there are weights [n], ascending, each in proportion to its weight.

    Systematic sampling (Madow, 1949) of the rows in a random but fixed order: a row stands there as often as its share
    of the weights asks for, rounded up or down.
    """
    n = len(weight)
    order = np.random.default_rng(n).permutation(n)
    ends = np.cumsum(weight[order])
    wanted = (np.arange(n) + 0.5) * (float(ends[-1]) / n)
    return np.sort(order[np.minimum(np.searchsorted(ends, wanted, side="right"), n - 1)])

"""A trial's training rows: two classes and two groups drawn out of balance, as the paper does with UTKFace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit import DataError, Division, UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_shasam.mining import Cells


def unbalanced(division: Division, cells: Cells, *, imbalance: float, rng: np.random.Generator) -> Division:
    """Return as many of the rows as make two classes and two groups planted (SHaSaM's UTKFace, section 4).

    Of the training rows each group keeps one class `imbalance` times as often as the other, the first group the first
    class; of the other parts every cell keeps the same number. Raises UsageError unless classes and groups are two.
    """
    if cells.counts.shape != (2, 2):
        classes, groups = cells.counts.shape
        message = f"imbalance needs two classes and two groups, there are {classes} and {groups}; see versus"
        raise UsageError(message)
    own = np.array([[imbalance, 1.0], [1.0, imbalance]])
    return Division(
        train=_keep(division.train, cells, own, rng),
        validation=_keep(division.validation, cells, np.ones((2, 2)), rng),
        test=_keep(division.test, cells, np.ones((2, 2)), rng),
    )


def _keep(
    rows: NDArray[np.intp], cells: Cells, shares: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.intp]:
    """Return, ascending, the most rows whose cells are as large as the shares [2, 2], to within one row."""
    counts = cells.take(rows).counts
    wanted = np.floor(shares * float((counts / shares).min()) + 1e-9).astype(int)
    if wanted.min() < 1:
        message = "imbalance cannot be drawn: a target class and sensitive group have no rows in some part"
        raise DataError(message)
    found = []
    for i, j in np.ndindex(2, 2):
        cell = rows[(cells.target[rows] == i) & (cells.sensitive[rows] == j)]
        found.append(rng.choice(cell, size=wanted[i, j], replace=False))
    return np.sort(np.concatenate(found))

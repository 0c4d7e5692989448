"""Weights that make groups count the same, and the gap between groups that they are meant to close."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_shasam.mining import Cells


def even_weights(cells: Cells, *, strength: float, classes: bool) -> NDArray[np.float64]:
    """Return each row's weight, float64 [n], sum 1: at strength 0 all rows, at 1 all groups of a class the same.

    Classes keep their shares, so that the target does not depend on the group in the weighted rows (Kamiran and
    Calders, 2012, with even groups); with `classes` they too become even. In between weights are the geometric mean.
    Rows of unknown group are a group of their own.
    """
    found, cell = np.unique(np.stack([cells.target, cells.sensitive]), axis=1, return_inverse=True)
    even = 1.0 / np.bincount(cell)[cell]
    if not classes:
        groups = np.bincount(found[0])
        even = even * np.bincount(cells.target)[cells.target] / groups[cells.target]
    weights = even**strength
    shares: NDArray[np.float64] = weights / weights.sum()
    return shares


def equalized_odds(predicted: NDArray[np.int64], cells: Cells) -> float:
    """Return, averaged over true classes, the largest difference between groups in how often they are predicted right.

    For two classes this is the mean of the largest TPR and FPR differences. Cells without rows are left out.
    """
    gaps = []
    for i in range(len(cells.target_names)):
        right = [
            float((predicted[rows] == i).mean())
            for j in range(len(cells.sensitive_names))
            if len(rows := np.flatnonzero((cells.target == i) & (cells.sensitive == j)))
        ]
        gaps.append(max(right) - min(right) if right else 0.0)
    return float(np.mean(gaps))

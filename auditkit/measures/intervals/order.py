"""Whether a score's order is against the class that it is said to speak for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

QUANTILE = 1.959964
"""Of the normal distribution at 97.5 %."""


def points_away(
    scores: NDArray[np.float64], positive: NDArray[np.bool_], *, clusters: int | None = None
) -> float | None:
    """Return the area under the ROC curve [0, 1] if it is below 1/2 beyond chance, else None.

    Mann and Whitney's test at 2.5 % with its correction for ties and for continuity, of `scores` float64 [n] between
    the classes bool [n]; None too where a class is not there. With fewer independent `clusters` than rows the standard
    error is that of as many rows.
    """
    _, place, sizes = np.unique(scores, return_inverse=True, return_counts=True)
    return points_away_by_score(sizes, np.bincount(place[positive], minlength=len(sizes)), clusters=clusters)


def points_away_by_score(
    sizes: NDArray[np.int64], positives: NDArray[np.int64], *, clusters: int | None = None
) -> float | None:
    """Return the same of rows that were counted by their score: all of them, and the positive ones, ascending [v]."""
    n, m = int(sizes.sum()), int(positives.sum())
    if m in {0, n}:
        return None
    ranks = np.cumsum(sizes) - (sizes - 1) / 2
    area = (float((ranks * positives).sum()) - m * (m + 1) / 2) / (m * (n - m))
    tied = float((sizes.astype(np.float64) ** 3 - sizes).sum()) / (n * (n - 1.0))
    error = np.sqrt(max(n + 1 - tied, 0.0) / (12.0 * m * (n - m))) * np.sqrt(n / max(clusters or n, 1))
    return area if area + QUANTILE * error + 0.5 / (m * (n - m)) < 0.5 else None

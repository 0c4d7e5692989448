"""The 1-D perceptron of the theorems, run on drawn rows, to set beside the closed forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from auditkit_mime.theory.theorems import TwoClasses


@dataclass(frozen=True)
class Simulated:
    """A mean over drawn rows and its standard error."""

    mean: float
    error: float


def simulate_update(
    classes: TwoClasses, threshold: float, *, prior: float, rows: int, rng: np.random.Generator
) -> Simulated:
    """Return the mean downward move of the threshold, in learning rates, by one row (eq. 4).

    A row is of class 2 with probability `prior`. A row of class 2 below the threshold moves it down, a row of
    class 1 at or above it moves it up; others leave it.
    """
    second = rng.random(rows) < prior
    place = np.where(second, classes.mean2, classes.mean1)
    x = place + np.where(second, classes.sd2, classes.sd1) * rng.standard_normal(rows)
    moves = (second & (x < threshold)).astype(np.float64) - (~second & (x >= threshold))
    return Simulated(float(moves.mean()), float(moves.std(ddof=1) / np.sqrt(rows)))

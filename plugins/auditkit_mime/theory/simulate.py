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


def learn(
    majority: TwoClasses, minority: TwoClasses, *, start: float, share: float, rate: float, rows: int,
    runs: int, rng: np.random.Generator,
) -> Simulated:  # fmt: skip
    """Return the threshold after `rows` rows, each of the minority with probability `share`, over many runs.

    Classes are equally likely. Every run starts at `start`.
    """
    threshold = np.full(runs, start)
    for _ in range(rows):
        minor, second = rng.random(runs) < share, rng.random(runs) < 0.5
        mean = np.where(
            minor,
            np.where(second, minority.mean2, minority.mean1),
            np.where(second, majority.mean2, majority.mean1),
        )
        sd = np.where(
            minor,
            np.where(second, minority.sd2, minority.sd1),
            np.where(second, majority.sd2, majority.sd1),
        )
        x = mean + sd * rng.standard_normal(runs)
        threshold -= rate * ((second & (x < threshold)).astype(np.float64) - (~second & (x >= threshold)))
    return Simulated(float(threshold.mean()), float(threshold.std(ddof=1) / np.sqrt(runs)))

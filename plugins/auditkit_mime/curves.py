"""Accuracy against the share of minority rows: its mean over trials, and the spread of its trend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def average_accuracy(accuracy: Floats) -> Floats:
    """Return the mean over trials, float64 [betas], of accuracies in [0, 1], [trials, betas] (eq. 46)."""
    return np.asarray(accuracy.mean(axis=0), dtype=np.float64)


def error_bound(accuracy: Floats) -> Floats:
    """Return zeta, float64 [betas]: the deviation over trials of accuracy minus its trial's mean (eq. 47).

    `accuracy` is [trials, betas]. Trials that differ by a constant have zeta 0: it is the spread of the
    trend, not of the level. Divisor: the number of trials.
    """
    return np.asarray((accuracy - accuracy.mean(axis=1, keepdims=True)).std(axis=0), dtype=np.float64)

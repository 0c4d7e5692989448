"""Accuracy against the share of minority rows: its mean over trials, its interval, and the spread of its trend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

WHOLE = ("majority", "minority", "overall")


def curves(accuracy: Floats) -> dict[str, Floats]:
    """Return accuracies [trials, betas] of majority, minority and both together, from [trials, betas, 2]."""
    return dict(zip(WHOLE, (accuracy[..., 0], accuracy[..., 1], accuracy.mean(axis=2)), strict=True))


def average_accuracy(accuracy: Floats) -> Floats:
    """Return the mean over trials, float64 [betas], of accuracies in [0, 1], [trials, betas] (eq. 46)."""
    return np.asarray(accuracy.mean(axis=0), dtype=np.float64)


def error_bound(accuracy: Floats) -> Floats:
    """Return zeta, float64 [betas]: the deviation over trials of accuracy minus its trial's mean (eq. 47).

    `accuracy` is [trials, betas]. Trials that differ by a constant have zeta 0: it is the spread of the
    trend, not of the level. Divisor: the number of trials.
    """
    return np.asarray((accuracy - accuracy.mean(axis=1, keepdims=True)).std(axis=0), dtype=np.float64)


def mean_interval(curve: Floats, step: float, shared: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Return the ends [betas] of t intervals of the mean over trials, within [0, 1].

    Rounding to whole test rows adds to the variance, and so does `shared` [betas], of test rows in common.
    """
    trials = len(curve)
    error = np.sqrt((curve.var(axis=0, ddof=1) + step**2 / 12) / trials + shared)
    reach = float(stdtrit(trials - 1, (1 + confidence) / 2)) * error
    mean = curve.mean(axis=0)
    return np.clip(mean - reach, 0, 1), np.clip(mean + reach, 0, 1)

"""The gain at the best share: tested against the largest gain that chance alone would have found.

Which share is best is picked from the data, so an ordinary test at that share would claim too much. The statistic
here is the largest over the shares of Student's t of the trials' differences to share 0. Its distribution without
an effect comes from turning the trials around: if no share has an effect, a trial's differences are as likely with
the opposite sign (all shares together, which keeps their correlation). With 10 trials or more that is a permutation
test by sign flips. With fewer there are too few flips to reach a small p-value, and the trials are rotated instead:
exact for normal differences, and the same test with random directions in place of the corners of a cube
(Langsrud, Statistics and Computing 15, 2005). The bounds of the interval use the same distribution.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DRAWS = 9999
FLIPS_FROM, ALL_FLIPS_UP_TO = 10, 13


@dataclass(frozen=True)
class Gain:
    """The largest mean gain over share 0 with its interval and p-value; `best` is its place among the shares.

    `critical` is the number of standard errors within which the largest gain of no effect stays.
    """

    best: int
    value: float
    low: float
    high: float
    p_value: float
    critical: float
    method: str

    @property
    def shown(self) -> bool:
        """Whether the interval excludes 0."""
        return self.low > 0

    @property
    def verdict(self) -> str:
        """The same in words."""
        return "effect shown" if self.shown else "no effect shown"


def gain(
    accuracy: Floats,
    *,
    step: float,
    shared: Floats,
    confidence: float,
    rng: np.random.Generator,
    base: int = 0,
) -> Gain:
    """Return the gain of accuracies [trials, betas] over their column `base`; at least two of each.

    `step` is the smallest difference of accuracies that can be seen: 1 / test rows. `shared` [betas - 1] is what test
    rows that trials have in common add to the variance of each mean difference to the base (`shared_variance`).
    The interval is two-sided: one side holds for all shares at once, as does the one-sided p-value.
    """
    trials = len(accuracy)
    others = np.delete(np.arange(accuracy.shape[1]), base)
    difference = accuracy[:, others] - accuracy[:, [base]]
    mean, error = difference.mean(axis=0), _standard_error(difference, step, shared)
    largest = float((mean / error).max())
    chance, method = _chance(difference, step, rng)
    critical = float(np.quantile(chance, (1 + confidence) / 2, method="higher"))
    plain = float(stdtrit(trials - 1, (1 + confidence) / 2))
    best = int(mean.argmax())
    return Gain(
        best=int(others[best]) if mean[best] > 0 else base,
        value=max(float(mean[best]), 0.0),
        low=max(float((mean - critical * error).max()), 0.0),
        high=max(float((mean + plain * error).max()), 0.0),
        p_value=float(((chance >= largest - 1e-9).sum() + 1) / (len(chance) + 1)),
        critical=critical,
        method=method,
    )


def band(
    accuracy: Floats, *, step: float, shared: Floats, confidence: float, rng: np.random.Generator
) -> Floats:
    """Return half-widths [betas - 1] of intervals of the mean differences to column 0 that hold all at once."""
    difference = accuracy[:, 1:] - accuracy[:, :1]
    chance, _ = _chance(np.concatenate([difference, -difference], axis=1), step, rng)
    critical = np.quantile(chance, confidence, method="higher")
    return np.asarray(critical * _standard_error(difference, step, shared))


def _standard_error(difference: Floats, step: float, shared: Floats) -> Floats:
    """Return the standard errors [betas] of the mean over trials of [trials, betas], with that of rows they share."""
    trials = len(difference)
    own = _error(difference, difference.mean(axis=0) * np.sqrt(trials), step)
    return np.asarray(np.sqrt(own**2 / trials + shared))


def directions(trials: int, rng: np.random.Generator) -> tuple[Floats, str]:
    """Return unit vectors [draws, trials] to project the trials on, and what they are in words."""
    if trials < FLIPS_FROM:
        turned = rng.standard_normal((DRAWS, trials))
        return turned / np.linalg.norm(turned, axis=1, keepdims=True), "rotations of the trials"
    if trials <= ALL_FLIPS_UP_TO:
        # The observed signs are left out: they are the one that is added to every count.
        every = np.array(list(product((1.0, -1.0), repeat=trials)))[1:]
        return every / np.sqrt(trials), "all sign flips of the trials"
    flips = rng.integers(0, 2, (DRAWS, trials)) * 2.0 - 1.0
    return flips / np.sqrt(trials), "random sign flips of the trials"


def _chance(difference: Floats, step: float, rng: np.random.Generator) -> tuple[Floats, str]:
    """Return the largest t over the shares, float64 [draws], as it falls without an effect."""
    along, method = directions(len(difference), rng)
    projected = along @ difference
    return np.asarray((projected / _error(difference, projected, step)).max(axis=1)), method


def _error(difference: Floats, projected: Floats, step: float) -> Floats:
    """Return the standard deviation across trials that is left beside the projection on one direction.

    Rounding to whole test rows adds step^2 / 12 to the variance of each of the two accuracies; without it,
    trials that agree by chance would have no error at all.
    """
    rest = np.maximum((difference**2).sum(axis=0) - projected**2, 0.0) / (len(difference) - 1)
    return np.asarray(np.sqrt(rest + step**2 / 6))

"""The loss of each row, and the error of a regression per group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.intervals import mean_interval
from auditkit.measures.moments import Moments, moments

if TYPE_CHECKING:
    from numpy.typing import NDArray

EPS = float(np.finfo(np.float64).eps)
"""Probabilities below this count as this (scikit-learn's rule), so no row's log loss exceeds 36.05 nats."""


def zero_one(truth: NDArray[np.int64], predicted: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return 1 where the predicted class is wrong, else 0, float64 [n]; NaN where either code is -1."""
    return np.where((truth < 0) | (predicted < 0), np.nan, (truth != predicted).astype(np.float64))


def log_loss(truth: NDArray[np.int64], probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return -ln of the probability of the true class in nats, float64 [n]; NaN where the truth is -1.

    `probabilities` is float [n, k], clipped below at EPS.
    """
    of_truth = probabilities[np.arange(len(truth)), np.maximum(truth, 0)]
    return np.where(truth < 0, np.nan, -np.log(np.clip(of_truth, EPS, 1.0)))


def squared(truth: NDArray[np.float64], predicted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (predicted - truth)² in squared units of the target, float64 [n]; NaN where either is."""
    return (np.asarray(predicted, dtype=np.float64) - truth) ** 2


def absolute(truth: NDArray[np.float64], predicted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return |predicted - truth| in units of the target, float64 [n]; NaN where either is."""
    return np.abs(np.asarray(predicted, dtype=np.float64) - truth)


@dataclass(frozen=True, eq=False, kw_only=True)
class RegressionErrors:
    """Moments per group of the signed, absolute and squared error of a regression."""

    signed: Moments
    absolute: Moments
    squared: Moments

    def rmse(
        self, confidence: float = 0.95
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Return the root mean squared error of each group and its interval, float64 [g] each.

        The interval is the root of Student's interval of the mean squared error; NaN where n < 2. Take
        `intervals.hybrid` of a group's and its rest's for the gap.
        """
        mean = self.squared.mean
        low, high, _ = mean_interval(mean, self.squared.variance, self.squared.n, confidence)
        return np.sqrt(mean), np.sqrt(np.maximum(low, 0.0)), np.sqrt(high)

    def rest(self) -> RegressionErrors:
        """Return, for each group, the errors of the rows of all the other groups."""
        parts = {name: getattr(self, name).rest() for name in ("signed", "absolute", "squared")}
        return RegressionErrors(**parts)


def regression_errors(
    codes: NDArray[np.int64],
    truth: NDArray[np.float64],
    predicted: NDArray[np.float64],
    *,
    n_groups: int,
    weights: NDArray[np.float64] | None = None,
) -> RegressionErrors:
    """Return the error moments per group; rows with code -1 or a NaN are left out.

    The signed error is predicted - truth, so a positive mean is an overestimate.
    """
    signed = np.asarray(predicted, dtype=np.float64) - truth
    terms = {"signed": signed, "absolute": np.abs(signed), "squared": signed**2}
    return RegressionErrors(
        **{name: moments(codes, term, n_groups=n_groups, weights=weights) for name, term in terms.items()}
    )

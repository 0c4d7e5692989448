"""How many rows it takes to show what is true, by the very p-value that a gate reads.

A claim such as 'the gap lies above 0.1' is shown where its p-value is below the level. With n rows it is shown with a
given power if it still is for the estimate that is so unlucky: among all estimates whose chance of something worse is
1 - power, the likeliest, by the normal distribution of both sides' rates (their deviations are shared out in proportion
to their variances). Whatever rule makes the p-value, its rows follow. Events come in whole numbers, so that where few
are expected the power of the rows that are told is off by what one event is worth.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from auditkit.errors import PluginError, nearest
from auditkit.measures.bounds.at_level import p_value
from auditkit.measures.special import ndtri
from auditkit.values.finding import Interval

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditkit.measures.exact.sides import Side

MOST_ROWS = 10**9
"""Rows beyond which no number is said to be enough."""
WIDEST = 1e100
"""A standard error beyond which none is told apart, such as that of a heavy tail, whose interval has no end."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """That a number lies above a threshold, or below it, to be shown at a one-sided level with this power."""

    threshold: float
    side: Side
    level: float
    power: float


class Sampling(ABC):
    """How the estimate of a number varies with the rows."""

    @property
    def limits(self) -> tuple[float, float]:
        """The range of true values that there can be."""
        return -math.inf, math.inf

    @abstractmethod
    def unlucky(self, value: float, n: int, deviation: float) -> tuple[float, Interval]:
        """Return the estimate from n rows that lies `deviation` standard errors off a true value, with its interval."""


@dataclass(frozen=True)
class RateSampling(Sampling):
    """A rate of n rows."""

    @property
    def limits(self) -> tuple[float, float]:
        """A rate lies in [0, 1]."""
        return 0.0, 1.0

    def unlucky(self, value: float, n: int, deviation: float) -> tuple[float, Interval]:
        """Return the rate as a rate of whole rows."""
        found = _within(value + deviation * math.sqrt(value * (1.0 - value) / n))
        return found, Interval(found, found, method="rate", basis=(round(found * n), n))


@dataclass(frozen=True)
class GapSampling(Sampling):
    """The gap of a rate of n rows to the others' rate, which is that of everybody, in `rest_rows` rows."""

    pooled: float
    rest_rows: float

    @property
    def limits(self) -> tuple[float, float]:
        """The gaps of a rate of 0 and of a rate of 1."""
        return -self.pooled, 1.0 - self.pooled

    def unlucky(self, value: float, n: int, deviation: float) -> tuple[float, Interval]:
        """Return the gap of whole rows; each side's deviation is in proportion to its variance."""
        rate, rest = _within(self.pooled + value), self.pooled
        own, other = rate * (1.0 - rate) / n, rest * (1.0 - rest) / self.rest_rows
        step = deviation / math.sqrt(own + other) if own + other > 0 else 0.0
        rate, rest = _within(rate + step * own), _within(rest - step * other)
        basis = (round(rate * n), n, round(rest * self.rest_rows), self.rest_rows)
        return rate - rest, Interval(rate - rest, rate - rest, method="rate_gap", basis=basis)


@dataclass(frozen=True)
class MeanSampling(Sampling):
    """A number whose standard error is spread / sqrt(n), beside `rest_error` of what it is compared with."""

    spread: float
    rest_error: float = 0.0

    def unlucky(self, value: float, n: int, deviation: float) -> tuple[float, Interval]:
        """Return the number with a normal interval."""
        error = math.hypot(self.spread / math.sqrt(n), self.rest_error)
        found, reach = value + deviation * error, -float(ndtri(0.025)) * error
        return found, Interval(found - reach, found + reach)


def sampling_of(
    interval: Interval, n: float, *, own: Interval | None = None
) -> tuple[Sampling, float] | None:
    """Return how a measured number varies with its group's rows, and the rows behind it now; None where unknown.

    `n` are the group's rows, for intervals that do not hold their own; `own` is the interval of the group's own number
    where a gap is read: what it leaves of the gap's width is that of what it is compared with.
    """
    if interval.method in UNTOLD:
        return None
    if interval.method not in READERS:
        message = f"an interval's method '{interval.method}' is unknown{nearest(interval.method, READERS)}"
        raise PluginError(message)
    return READERS[interval.method](interval, n, own)


def _rate(interval: Interval, n: float, own: Interval | None) -> tuple[Sampling, float]:  # noqa: ARG001  one signature for all
    return RateSampling(), interval.basis[1]


def _gap(interval: Interval, n: float, own: Interval | None) -> tuple[Sampling, float]:  # noqa: ARG001
    # x and n of each side, and their degrees of freedom where rows have weights or clusters
    half = len(interval.basis) // 2
    (x, rows, *_), (rest_x, rest_rows, *_) = interval.basis[:half], interval.basis[half:]
    return GapSampling((x + rest_x) / (rows + rest_rows), rest_rows), rows


def _mean(interval: Interval, n: float, own: Interval | None) -> tuple[Sampling, float]:
    unit = -2.0 * float(ndtri((1.0 - interval.confidence) / 2.0))
    whole = min((interval.high - interval.low) / unit, WIDEST)
    mine = whole if own is None else min((own.high - own.low) / unit, whole)
    return MeanSampling(mine * math.sqrt(n), math.sqrt(whole**2 - mine**2)), n


Reader: TypeAlias = "Callable[[Interval, float, Interval | None], tuple[Sampling, float]]"

READERS: dict[str, Reader] = {
    "rate": _rate,
    "wilson": _rate,
    "rate_gap": _gap,
    "newcombe": _gap,
    "f1": _mean,
    "f1_gap": _mean,
    "hybrid": _mean,
    "in_the_large": _mean,
    "in_the_large_gap": _mean,
    "logit": _mean,
    "logit_gap": _mean,
    "normal": _mean,
    "permutation": _mean,
    "rate_ratio": _mean,
    "recalls": _mean,
    "recalls_gap": _mean,
    "root_mean": _mean,
    "root_mean_gap": _mean,
    "score": _mean,
    "student": _mean,
    "welch": _mean,
}
"""What an interval tells about its sampling, by its method."""

UNTOLD = frozenset(
    {
        "calibration_error",
        "difference_of_means",
        "gap_of_counts",
        "gap_of_means",
        "paired_rows",
        "paired_span",
        "ratio_of_means",
        "simultaneous",
        "simultaneous_below",
        "simultaneous_ratio",
        "tabulated",
    }
)
"""Methods whose intervals stand for many groups, pairs or draws that are gone, and tell nothing about one group."""


def shows(sampling: Sampling, value: float, n: int, claim: Claim) -> bool:
    """Return whether n rows show the claim with its power where `value` is true."""
    against = -1.0 if claim.side == "above" else 1.0
    found, interval = sampling.unlucky(value, n, against * float(ndtri(claim.power)))
    return p_value(found, interval, claim.threshold, claim.side) < claim.level


def rows_to_show(sampling: Sampling, value: float, claim: Claim) -> int | None:
    """Return the rows at which the claim is shown with its power where `value` is true; None if none are enough."""
    lowest, highest = sampling.limits
    if not lowest <= value <= highest or not shows(sampling, value, MOST_ROWS, claim):
        return None
    high = 1
    while not shows(sampling, value, high, claim):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if shows(sampling, value, middle, claim) else (middle, high)
    return high


def least_shown(sampling: Sampling, n: int, claim: Claim) -> float | None:
    """Return the true value nearest to the threshold of which n rows show the claim; None if there is none."""
    near = claim.threshold
    step = 1.0 if claim.side == "above" else -1.0
    far = sampling.limits[step > 0]
    if math.isinf(far):
        far = near + step
        while not shows(sampling, far, n, claim) and abs(far - near) < MOST_ROWS:
            far = near + 2.0 * (far - near)
    if (far - near) * step <= 0 or not shows(sampling, far, n, claim):
        return None
    while abs(far - near) > 1e-5 * max(abs(far), 1e-3):
        middle = (near + far) / 2.0
        near, far = (near, middle) if shows(sampling, middle, n, claim) else (middle, far)
    return far


def _within(rate: float) -> float:
    return min(max(rate, 0.0), 1.0)

"""How many rows it takes to show what is true, by the very bound that a gate reads.

A claim such as 'the gap lies above 0.1' is shown where the one-sided bound at a level lies beyond the threshold. With
n rows it is shown with a given power if the bound is still beyond it for the estimate that is so unlucky: among all
estimates whose chance of something worse is 1 - power, the likeliest, by the normal distribution of both sides' rates
(their deviations are shared out in proportion to their variances). Whatever rule makes the bound, its rows follow.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from scipy.special import ndtri

from auditkit.measures.intervals.bounds import bound_at
from auditkit.values.finding import Interval

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditkit.measures.intervals.bounds import Side

MOST_ROWS = 1e9
"""A number of rows beyond which none is said to be enough."""


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
    def unlucky(self, value: float, n: float, deviation: float) -> tuple[float, Interval]:
        """Return the estimate from n rows that lies `deviation` standard errors off a true value, with its interval."""


@dataclass(frozen=True)
class RateSampling(Sampling):
    """A rate of n rows."""

    @property
    def limits(self) -> tuple[float, float]:
        """A rate lies in [0, 1]."""
        return 0.0, 1.0

    def unlucky(self, value: float, n: float, deviation: float) -> tuple[float, Interval]:
        """Return the rate with Wilson's interval."""
        found = _within(value + deviation * math.sqrt(value * (1.0 - value) / n))
        return found, Interval(found, found, method="wilson", basis=(found * n, n))


@dataclass(frozen=True)
class GapSampling(Sampling):
    """The gap of a rate of n rows to the others' rate, which is that of everybody, in `rest_rows` rows."""

    pooled: float
    rest_rows: float

    @property
    def limits(self) -> tuple[float, float]:
        """The gaps of a rate of 0 and of a rate of 1."""
        return -self.pooled, 1.0 - self.pooled

    def unlucky(self, value: float, n: float, deviation: float) -> tuple[float, Interval]:
        """Return the gap with Newcombe's interval; each side's deviation is in proportion to its variance."""
        rate, rest = _within(self.pooled + value), self.pooled
        own, other = rate * (1.0 - rate) / n, rest * (1.0 - rest) / self.rest_rows
        step = deviation / math.sqrt(own + other) if own + other > 0 else 0.0
        rate, rest = _within(rate + step * own), _within(rest - step * other)
        basis = (rate * n, n, rest * self.rest_rows, self.rest_rows)
        return rate - rest, Interval(rate - rest, rate - rest, method="newcombe", basis=basis)


@dataclass(frozen=True)
class MeanSampling(Sampling):
    """A number whose standard error is spread / sqrt(n), beside `rest_error` of what it is compared with."""

    spread: float
    rest_error: float = 0.0

    def unlucky(self, value: float, n: float, deviation: float) -> tuple[float, Interval]:
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
    if interval.method not in READERS:
        return None
    return READERS[interval.method](interval, n, own)


def _rate(interval: Interval, n: float, own: Interval | None) -> tuple[Sampling, float]:  # noqa: ARG001  one signature for all
    return RateSampling(), interval.basis[1]


def _gap(interval: Interval, n: float, own: Interval | None) -> tuple[Sampling, float]:  # noqa: ARG001
    half = (
        len(interval.basis) // 2
    )  # x, n and, where rows have weights or clusters, degrees of freedom of each side
    (x, rows, *_), (rest_x, rest_rows, *_) = interval.basis[:half], interval.basis[half:]
    return GapSampling((x + rest_x) / (rows + rest_rows), rest_rows), rows


def _mean(interval: Interval, n: float, own: Interval | None) -> tuple[Sampling, float]:
    unit = -2.0 * float(ndtri((1.0 - interval.confidence) / 2.0))
    whole = (interval.high - interval.low) / unit
    mine = whole if own is None else min((own.high - own.low) / unit, whole)
    return MeanSampling(mine * math.sqrt(n), math.sqrt(whole**2 - mine**2)), n


Reader: TypeAlias = "Callable[[Interval, float, Interval | None], tuple[Sampling, float]]"

READERS: dict[str, Reader] = {
    "wilson": _rate,
    "newcombe": _gap,
    "hybrid": _mean,
    "normal": _mean,
    "score": _mean,
    "welch": _mean,
}
"""What an interval tells about its sampling, by its method. Those made for many groups at once tell none."""


def shows(sampling: Sampling, value: float, n: float, claim: Claim) -> bool:
    """Return whether n rows show the claim with its power where `value` is true."""
    against = -1.0 if claim.side == "above" else 1.0
    found, interval = sampling.unlucky(value, n, against * float(ndtri(claim.power)))
    bound = bound_at(found, interval, claim.level, claim.side)
    return bound > claim.threshold if claim.side == "above" else bound < claim.threshold


def rows_to_show(sampling: Sampling, value: float, claim: Claim) -> float | None:
    """Return the rows at which the claim is shown with its power where `value` is true; None if none are enough."""
    lowest, highest = sampling.limits
    if not lowest <= value <= highest or not shows(sampling, value, MOST_ROWS, claim):
        return None
    high = 1.0
    while not shows(sampling, value, high, claim):
        high *= 2.0
    low = high / 2.0
    while high - low > 1e-4 * low:
        middle = (low + high) / 2.0
        low, high = (low, middle) if shows(sampling, value, middle, claim) else (middle, high)
    return high


def least_shown(sampling: Sampling, n: float, claim: Claim) -> float | None:
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

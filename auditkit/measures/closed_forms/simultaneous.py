"""Bounds that hold for all pairs of groups at once, so that the largest gap may be picked afterwards.

Everything here speaks of pairs of groups, `high` being the group with the higher rate. A side of the interval
that claims a disparity reads each pair at a `critical` value made for all pairs; the other side needs to hold
for one pair only (the truly largest), so it reads them at the plain normal quantile.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from auditkit.measures.special import ndtr

if TYPE_CHECKING:
    from numpy.typing import NDArray

Kind: TypeAlias = Literal["difference", "ratio"]
Critical: TypeAlias = "float | NDArray[np.float64]"
"""A critical value, or several as a column [c, 1]."""

LARGEST = np.linspace(-9.0, 9.0, 401)
"""Where the largest of some normals may lie, in standard deviations."""
GRID = np.concatenate([np.arange(0.0, 8.5, 0.5), [16.0, 36.0]])
"""Critical values at which a pair may be the decisive one."""
AT_ONCE = 1_000_000
"""Numbers held at once: pairs of a thousand groups at every critical value would be gigabytes."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """Rates and standard errors of both groups of each pair, float64 [p] each; errors are above 0."""

    high: NDArray[np.float64]
    high_error: NDArray[np.float64]
    low: NDArray[np.float64]
    low_error: NDArray[np.float64]

    def upper(self, kind: Kind, critical: Critical) -> NDArray[np.float64]:
        """Return each pair's upper bound of high - low, or of low / high, at this critical value [p or c, p]."""
        if kind == "difference":
            return self._gap + critical * self._error
        return self._over(self._root(critical), critical)

    def lower(self, kind: Kind, critical: Critical) -> NDArray[np.float64]:
        """Return each pair's lower bound of high - low, or of low / high, at this critical value [p or c, p]."""
        if kind == "difference":
            return self._gap - critical * self._error
        return self._under(self._root(critical), critical)

    def ends(self, kind: Kind, critical: Critical) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return `lower` and `upper`, which have the longer part of their way in common."""
        if kind == "difference":
            reach = critical * self._error
            return self._gap - reach, self._gap + reach
        root = self._root(critical)
        return self._under(root, critical), self._over(root, critical)

    @cached_property
    def _gap(self) -> NDArray[np.float64]:
        return self.high - self.low

    @cached_property
    def _error(self) -> NDArray[np.float64]:
        return np.hypot(self.high_error, self.low_error)

    def _over(self, root: NDArray[np.float64], critical: Critical) -> NDArray[np.float64]:
        steep = self.high**2 - (critical * self.high_error) ** 2
        # Where the higher rate may itself be 0, the ratio may be anything.
        return np.divide(root, steep, out=np.full_like(root, np.inf), where=steep > 0)

    def _under(self, root: NDArray[np.float64], critical: Critical) -> NDArray[np.float64]:
        steep = self.low**2 - (critical * self.low_error) ** 2
        # Over a rate of 0 without an error any ratio is infinite, and never the smallest.
        apart = np.where(steep > 0, np.inf, 0.0)
        return np.divide(steep, root, out=apart, where=(steep > 0) & (root > 0))

    def _root(self, critical: Critical) -> NDArray[np.float64]:
        """Return high low + critical s of Fieller's limits of a ratio: (low - r high)² = critical² (variance of it)."""
        squares = (self.low_error * self.high) ** 2 + (self.high_error * self.low) ** 2
        spread = np.sqrt(np.maximum(squares - (critical * self.low_error * self.high_error) ** 2, 0.0))
        return self.high * self.low + critical * spread

    def decisive(self, kind: Kind) -> Pairs:
        """Return the few pairs that set a bound at some critical value, found once."""
        return self._decisive_differences if kind == "difference" else self._decisive_ratios

    @cached_property
    def _decisive_differences(self) -> Pairs:
        return self._found("difference")

    @cached_property
    def _decisive_ratios(self) -> Pairs:
        return self._found("ratio")

    def _found(self, kind: Kind) -> Pairs:
        chosen: set[int] = set()
        step = max(AT_ONCE // len(self.high), 1)
        for start in range(0, GRID.size, step):
            for bound in self.ends(kind, GRID[start : start + step, None]):
                chosen.update(
                    (bound.argmax(axis=1) if kind == "difference" else bound.argmin(axis=1)).tolist()
                )
        index = sorted(chosen)
        return Pairs(self.high[index], self.high_error[index], self.low[index], self.low_error[index])


@dataclass(frozen=True, eq=False)
class Extremes:
    """What bounds a largest difference or smallest ratio at any critical value.

    `sets` has one set of pairs per metric whose extremes are averaged (one, unless a mean is bounded). `most` is the
    largest that a difference can be: 1 of rates, infinite of means.
    """

    kind: Kind
    sets: tuple[Pairs, ...]
    most: float = 1.0

    def bounds(self, critical: float, plain: float) -> tuple[float, float]:
        """Return (low, high), within [0, most]: the side that claims a gap at `critical`, the other at `plain`."""
        if self.kind == "difference":
            lows = [float(pairs.lower(self.kind, critical).max()) for pairs in self.sets]
            highs = [float(pairs.upper(self.kind, plain).max()) for pairs in self.sets]
        else:
            lows = [float(pairs.lower(self.kind, plain).min()) for pairs in self.sets]
            highs = [float(pairs.upper(self.kind, critical).min()) for pairs in self.sets]
        most = self.most if self.kind == "difference" else 1.0
        return _mean_within(lows, most), _mean_within(highs, most)

    def basis(self, critical: float, plain: float) -> tuple[float, ...]:
        """Return an interval's basis: both critical values, then each set's size and its pairs' numbers."""
        flat = [critical, plain]
        for pairs in self.sets:
            columns = (pairs.high, pairs.high_error, pairs.low, pairs.low_error)
            flat.append(float(len(pairs.high)))
            flat.extend(chain.from_iterable(zip(*(column.tolist() for column in columns), strict=True)))
        return tuple(flat)

    @classmethod
    def from_basis(cls, kind: Kind, basis: tuple[float, ...], *, most: float = 1.0) -> Extremes:
        """Return the extremes that `basis` was made from."""
        sets, rest = [], list(basis[2:])
        while rest:
            stop = 1 + 4 * int(rest[0])
            columns = np.array(rest[1:stop]).reshape(-1, 4).T
            sets.append(Pairs(*columns))
            rest = rest[stop:]
        return cls(kind, tuple(sets), most)


def _mean_within(ends: list[float], most: float) -> float:
    """Return the mean of numbers brought into [0, most]."""
    return sum(min(max(end, 0.0), most) for end in ends) / len(ends)


@lru_cache(maxsize=256)
def pairwise_critical(g: int, level: float) -> float:
    """Return c that the largest of |z_i - z_j| / √2 over g independent normals exceeds with chance `level`.

    Tukey's studentised range with known variances; for unequal variances it errs on the safe side (Hayter,
    Annals of Statistics 12, 1984).
    """
    z = LARGEST
    # Evenly spaced: of a smooth integrand that dies out at both ends the error falls faster than any power of the step.
    density = g * (z[1] - z[0]) * np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    low, high = 0.0, 12.0
    while high - low > 1e-10:
        middle = (low + high) / 2.0
        # All g lie within the span below the largest, integrated over where the largest is.
        within = float(density @ (ndtr(z) - ndtr(z - middle * np.sqrt(2.0))) ** (g - 1))
        low, high = (middle, high) if 1.0 - within > level else (low, middle)
    return high

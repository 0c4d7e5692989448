"""Bounds that hold for all pairs of groups at once, so that the largest gap may be picked afterwards.

Everything here speaks of pairs of groups, `high` being the group with the higher rate. A side of the interval
that claims a disparity reads each pair at a `critical` value made for all pairs; the other side needs to hold
for one pair only (the truly largest), so it reads them at the plain normal quantile.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from auditkit.measures.special import ndtr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Kind: TypeAlias = Literal["difference", "ratio"]
Critical: TypeAlias = "float | NDArray[np.float64]"
"""A critical value, or several as a column [..., 1]."""

LARGEST = np.linspace(-9.0, 9.0, 401)
"""Where the largest of some normals may lie, in standard deviations."""
GRID = np.concatenate([np.arange(0.0, 8.5, 0.5), [16.0, 36.0]])
"""Critical values at which a pair may be the decisive one."""
AT_ONCE = 1_000_000
"""Numbers held at once: pairs of a thousand groups at every critical value would be gigabytes."""


def places_of(chosen: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each set has its chosen ones, int64 [..., m] ascending, and how many they are, int64 [...].

    `chosen` is [..., n], m the size of the largest set; a smaller one is filled up with copies of its first place.
    """
    sizes = np.count_nonzero(chosen, axis=-1)
    most = max(int(sizes.max(initial=1)), 1)
    places = np.argsort(~chosen, axis=-1, kind="stable")[..., :most]
    return np.where(np.arange(most) < sizes[..., None], places, places[..., :1]), sizes


@dataclass(frozen=True, eq=False)
class Pairs:
    """Rates and standard errors of both groups of each pair, float64 [p] each; errors are above 0.

    Several sets stand side by side as [s, p]: `sizes` int64 [s] says how many are each set's own, the others are copies
    of its first, which move no bound. Without, all are.
    """

    high: NDArray[np.float64]
    high_error: NDArray[np.float64]
    low: NDArray[np.float64]
    low_error: NDArray[np.float64]
    sizes: NDArray[np.int64] | None = field(default=None, kw_only=True)

    def __getitem__(self, sets: NDArray[np.int64]) -> Pairs:
        """Return some of the sets."""
        sizes = None if self.sizes is None else self.sizes[sets]
        return Pairs(*(column[sets] for column in self._columns), sizes=sizes)

    @property
    def own(self) -> NDArray[np.bool_]:
        """Which pairs are no copies, bool [..., p]."""
        if self.sizes is None:
            return np.ones(self.high.shape, dtype=np.bool_)
        return np.arange(self.high.shape[-1]) < self.sizes[..., None]

    def only(self, chosen: NDArray[np.bool_]) -> Pairs:
        """Return the chosen pairs [..., p] of each set."""
        places, sizes = places_of(chosen)
        return Pairs(*(np.take_along_axis(one, places, axis=-1) for one in self._columns), sizes=sizes)

    def numbers(self) -> list[list[float]]:
        """Return, for each of s sets, its size and the four numbers of each of its pairs, as a basis holds them."""
        columns = np.stack(self._columns, axis=-1)
        flat = columns.reshape(-1, 4 * columns.shape[-2]).tolist()
        sizes = np.count_nonzero(self.own, axis=-1).ravel().tolist()
        return [[float(size), *row[: 4 * size]] for size, row in zip(sizes, flat, strict=True)]

    @property
    def _columns(self) -> tuple[NDArray[np.float64], ...]:
        return self.high, self.high_error, self.low, self.low_error

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
        chosen = np.zeros(self.high.shape, dtype=np.bool_)
        grid = GRID.reshape(-1, *(1,) * self.high.ndim)
        step = max(AT_ONCE // self.high.size, 1)
        for start in range(0, GRID.size, step):
            for bound in self.ends(kind, grid[start : start + step]):
                # Of equal ones the first, so that a copy is none.
                decisive = bound.argmax(axis=-1) if kind == "difference" else bound.argmin(axis=-1)
                np.put_along_axis(chosen, np.moveaxis(decisive, 0, -1), values=True, axis=-1)
        return self.only(chosen & self.own)


def joined(parts: Sequence[Pairs]) -> Pairs:
    """Return the pairs of several parts as one, set by set."""
    if len(parts) == 1:
        return parts[0]
    names = ("high", "high_error", "low", "low_error")
    columns = (np.concatenate([getattr(part, name) for part in parts], axis=-1) for name in names)
    return Pairs(*columns).only(np.concatenate([part.own for part in parts], axis=-1))


@dataclass(frozen=True, eq=False)
class Extremes:
    """What bounds a largest difference or smallest ratio at any critical value, of one set of pairs or of several.

    `parts` has pairs for each metric whose extremes are averaged (one, unless a mean is bounded). `most` is the
    largest that a difference can be: 1 of rates, infinite of means.
    """

    kind: Kind
    parts: tuple[Pairs, ...]
    most: float = 1.0

    def low(self, critical: Critical) -> NDArray[np.float64]:
        """Return the low end of each set, float64 [...], within [0, most]."""
        bounds = (pairs.lower(self.kind, critical) for pairs in self.parts)
        return self._mean_within([self._extreme(bound) for bound in bounds])

    def high(self, critical: Critical) -> NDArray[np.float64]:
        """Return the high end of each set, float64 [...], within [0, most]."""
        bounds = (pairs.upper(self.kind, critical) for pairs in self.parts)
        return self._mean_within([self._extreme(bound) for bound in bounds])

    def bounds(self, critical: Critical, plain: Critical) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return (low, high) of each set: the side that claims a gap at `critical`, the other at `plain`."""
        claims_low = self.kind == "difference"
        return self.low(critical if claims_low else plain), self.high(plain if claims_low else critical)

    def bases(self, critical: Sequence[float], plain: float) -> list[tuple[float, ...]]:
        """Return an interval's basis for each set: both critical values, then each part's size and pairs' numbers."""
        of_parts = zip(*(pairs.numbers() for pairs in self.parts), strict=True)
        return [
            (first, plain, *chain.from_iterable(parts))
            for first, parts in zip(critical, of_parts, strict=True)
        ]

    def _extreme(self, bound: NDArray[np.float64]) -> NDArray[np.float64]:
        found: NDArray[np.float64] = bound.max(axis=-1) if self.kind == "difference" else bound.min(axis=-1)
        return found

    def _mean_within(self, ends: list[NDArray[np.float64]]) -> NDArray[np.float64]:
        """Return the mean of numbers brought into [0, most]."""
        most = self.most if self.kind == "difference" else 1.0
        within = [np.minimum(np.maximum(end, 0.0), most) + 0.0 for end in ends]  # an end of -0.0 is 0
        return sum(within[1:], within[0]) / len(within)

    @classmethod
    def from_bases(cls, kind: Kind, bases: Sequence[tuple[float, ...]], *, most: float = 1.0) -> Extremes:
        """Return the extremes that `bases` of as many parts each were made from, set by set."""
        parts = zip(*(parts_of(basis) for basis in bases), strict=True)
        return cls(kind, tuple(_side_by_side(sets) for sets in parts), most)


def parts_of(basis: tuple[float, ...]) -> list[tuple[float, ...]]:
    """Return the numbers of the pairs of each part of a basis."""
    parts, start = [], 2
    while start < len(basis):
        stop = start + 1 + 4 * int(basis[start])
        parts.append(basis[start + 1 : stop])
        start = stop
    return parts


def _side_by_side(sets: Sequence[tuple[float, ...]]) -> Pairs:
    """Return the pairs of several sets, each of four numbers a pair."""
    longest = max(map(len, sets))
    filled = np.array([[*numbers, *numbers[:4] * ((longest - len(numbers)) // 4)] for numbers in sets])
    sizes = np.array([len(numbers) // 4 for numbers in sets])
    return Pairs(*np.moveaxis(filled.reshape(len(sets), -1, 4), -1, 0), sizes=sizes)


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

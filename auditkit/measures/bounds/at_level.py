"""Move a finding's bound to another level, and turn the same bound into a p-value."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit.errors import PluginError, nearest
from auditkit.measures.bounds.direct import DIRECT, Direct, Floats
from auditkit.measures.bounds.largest import HIGHEST, LOWEST, NARROW, Largest
from auditkit.measures.bounds.tabulated import tabulated_bound
from auditkit.measures.closed_forms.gap_to_all import means_bound
from auditkit.measures.exact.difference import difference_bound
from auditkit.measures.exact.proportion import proportion_bound
from auditkit.measures.exact.sides import SIDES
from auditkit.measures.losses.roots import RootBasis, RootGapBasis, gap_reach, no_further_than_its_sign
from auditkit.measures.special import ndtr, ndtri, stdtrit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit.measures.closed_forms.simultaneous import Kind
    from auditkit.measures.exact.sides import Side
    from auditkit.values.finding import Interval


Bound: TypeAlias = Callable[[float], float]
"""A bound as a function of z, the normal quantile of its one-sided level."""


def bound_at(value: float, interval: Interval, level: float, side: Side) -> float:
    """Return the one-sided bound at `level` in (0, 1): the low one for 'above', the high one for 'below'.

    It is the end of the two-sided interval of confidence 1 - 2 level.
    """
    need_side(side)
    if interval.method in DIRECT:
        return float(direct_of(interval).bound(*_single(value, interval, level), side)[0])
    return _bounder(value, interval, side)(-float(ndtri(level)))


def p_value(value: float, interval: Interval, threshold: float, side: Side) -> float:
    """Return the p-value of H0 'truth <= threshold' ('above') or 'truth >= threshold' ('below').

    It is the lowest level at which the bound clears the threshold, so p < level exactly when bound_at(level)
    lies strictly beyond it. p is 0 where every bound clears it, 1 where none does.
    """
    need_side(side)
    if interval.method in DIRECT:
        return float(direct_of(interval).p(*_single(value, interval, threshold), side)[0])
    bound = _bounder(value, interval, side)

    def clears(z: float) -> bool:
        return bound(z) > threshold if side == "above" else bound(z) < threshold

    if clears(HIGHEST):
        return 0.0
    if not clears(LOWEST):
        return 1.0
    low, high = LOWEST, HIGHEST
    # The bound only ever moves away from the claim as z grows, flat stretches included: bisection is safe.
    while high - low > NARROW:
        middle = (low + high) / 2.0
        low, high = (middle, high) if clears(middle) else (low, middle)
    return float(ndtr(-low))


def need_side(side: str) -> None:
    """Raise PluginError for a side that is none: a bound of the other side would be read in silence."""
    if side not in SIDES:
        message = f"a bound is read for 'above' or for 'below', not for {side!r}"
        raise PluginError(message)


def direct_of(interval: Interval) -> Direct:
    """Return how an interval's method works, or raise PluginError for a basis that does not fit it."""
    direct = DIRECT[interval.method]
    if not direct.fits(len(interval.basis)):
        message = f"an interval by {interval.method} cannot have a basis of {len(interval.basis)} numbers"
        raise PluginError(message)
    return direct


def _single(value: float, interval: Interval, at: float) -> tuple[Floats, Floats, Floats]:
    return np.array([value]), np.array([interval.basis], dtype=np.float64), np.array([at])


def _bounder(value: float, interval: Interval, side: Side) -> Bound:
    """Return the bound as a function of z, the normal quantile of its one-sided level; below 0 past 1/2.

    Any interval without a basis has its low and its high half-width scaled by the ratio of normal quantiles.
    """
    if interval.method not in METHODS:
        hint = nearest(interval.method, [*METHODS, *DIRECT])
        message = f"an interval's method '{interval.method}' is unknown{hint}"
        raise PluginError(message)
    method = METHODS[interval.method]
    if not interval.basis:
        return _scaled(value, interval, side)
    if method.sizes and len(interval.basis) not in method.sizes:
        sizes = " or ".join(map(str, method.sizes))
        message = (
            f"an interval by {interval.method} has a basis of {sizes} numbers, not {len(interval.basis)}"
        )
        raise PluginError(message)
    return method.move(value, interval, side)


def _wilson(value: float, interval: Interval, side: Side) -> Bound:  # noqa: ARG001  one signature for all
    x, n, *rest = interval.basis
    quantile = _student(*rest) if rest else _same
    score: Bound = lambda z: _score(x, n, quantile(z if side == "above" else -z))  # noqa: E731
    return _not_beyond(score, proportion_bound, (x, n), side) if rest else score


def _newcombe(value: float, interval: Interval, side: Side) -> Bound:  # noqa: ARG001
    basis, half = interval.basis, len(interval.basis) // 2
    (x1, n1, *rest1), (x2, n2, *rest2) = basis[:half], basis[half:]
    quantiles = (_student(*rest1), _student(*rest2)) if rest1 else (_same, _same)

    def hybrid(z: float) -> float:
        return _hybrid_score((x1, n1), (x2, n2), z=z if side == "above" else -z, quantiles=quantiles)

    return _not_beyond(hybrid, difference_bound, (x1, n1, x2, n2), side) if rest1 else hybrid


def _not_beyond(
    bound: Bound, exact: Callable[..., NDArray[np.float64]], counts: tuple[float, ...], side: Side
) -> Bound:
    """Return a bound of weighted or clustered rows that claims no more than the exact one of as many plain rows."""
    further = min if side == "above" else max
    return lambda z: further(bound(z), float(exact(*counts, level=float(ndtr(-z)), side=side)))


def _gap_of_means(value: float, interval: Interval, side: Side) -> Bound:
    return means_bound(value, interval.basis, side)


def _scaled(value: float, interval: Interval, side: Side) -> Bound:
    """Scale the half-width on the bound's side, and past level 1/2 the one on the other side."""
    quantile = _student(*interval.basis) if interval.basis else _same
    unit = quantile(-float(ndtri((1.0 - interval.confidence) / 2.0)))
    below, above = max(value - interval.low, 0.0) / unit, max(interval.high - value, 0.0) / unit

    def bound(z: float) -> float:
        t = quantile(z)
        if side == "above":
            return value - t * (below if t > 0 else above)
        return value + t * (above if t > 0 else below)

    return bound


def _largest(value: float, interval: Interval, side: Side) -> Bound:  # noqa: ARG001
    return _single_bound(Largest.of([interval], side))


def _difference_of_means(value: float, interval: Interval, side: Side) -> Bound:  # noqa: ARG001
    return _of_means("difference", interval, side)


def _ratio_of_means(value: float, interval: Interval, side: Side) -> Bound:  # noqa: ARG001
    return _of_means("ratio", interval, side)


def _of_means(kind: Kind, interval: Interval, side: Side) -> Bound:
    """Read the pairs of means, which have no largest number; of a heavy tail nothing is shown."""
    tail, *pairs = interval.basis
    if tail >= 0.0:
        return lambda _: -math.inf if side == "above" else math.inf
    level = (1.0 - interval.confidence) / 2.0
    return _single_bound(Largest.of_bases(kind, [tuple(pairs)], [level], side=side, most=math.inf))


def _single_bound(largest: Largest) -> Bound:
    return lambda z: float(largest.bound(np.array([z]))[0])


def _root(value: float, interval: Interval, side: Side) -> Bound:
    """Return the end of a root mean square; infinite, on the safe side, under a heavy tail."""
    basis = RootBasis(*interval.basis)
    if basis.heavy:
        return lambda _: -math.inf if side == "above" else math.inf
    roots, quantile = basis.roots(value), _student(basis.degrees)
    end = roots.low if side == "above" else roots.high
    return lambda z: float(end(np.float64(quantile(z))))  # type: ignore[arg-type]  # a number is an array of none


def _root_gap(value: float, interval: Interval, side: Side) -> Bound:
    """Return the end of a gap of root mean squares, no further beyond 0 than its sign is shown."""
    basis = RootGapBasis(*interval.basis)
    quantiles = _student(basis.degrees), _student(basis.other_degrees)
    p, sign = (basis.above, 1.0) if side == "above" else (basis.below, -1.0)

    def bound(z: float) -> float:
        t = np.float64(quantiles[0](z)), np.float64(quantiles[1](z))
        below, above = map(float, gap_reach(*basis.sides, t))  # type: ignore[arg-type]
        toward = (side == "above") == (z > 0.0)
        end = sign * (value - below if toward else value + above)
        return sign * no_further_than_its_sign(end, p, float(ndtr(-z)), heavy=basis.heavy)

    return bound


def _same(z: float) -> float:
    return z


def _student(degrees: float) -> Bound:
    """Return the quantile of Student's t at the level of a normal quantile z."""
    # From the near tail: a far tail's complement is 1 and its quantile infinite.
    return lambda z: math.copysign(-float(stdtrit(degrees, float(ndtr(-abs(z))))), z)


def _score(x: float, n: float, z: float) -> float:
    """Return proportions.score_bound of plain numbers: a p-value asks for it some fifty times."""
    if z <= 0.0 and x >= n:
        return 1.0
    total = n + z * z
    if total == 0.0:
        return 0.0
    spread = math.sqrt(max(x * (n - x) / n if n > 0.0 else 0.0, 0.0) + z * z / 4.0)
    return min(max((x + z * z / 2.0 - z * spread) / total, 0.0), 1.0)


def _hybrid_score(
    first: tuple[float, float], second: tuple[float, float], *, z: float, quantiles: tuple[Bound, Bound]
) -> float:
    """Return the low end of Newcombe's interval for z > 0 and the high end for z < 0, of plain numbers."""
    (x1, n1), (x2, n2) = first, second
    if n1 <= 0.0 or n2 <= 0.0:
        return math.copysign(1.0, -z)
    p1, p2 = x1 / n1, x2 / n2
    reach = math.hypot(p1 - _score(x1, n1, quantiles[0](z)), _score(x2, n2, -quantiles[1](z)) - p2)
    return min(max(p1 - p2 - math.copysign(reach, z), -1.0), 1.0)


def _tabulated(value: float, interval: Interval, side: Side) -> Bound:
    return tabulated_bound(value, interval.basis, side)


@dataclass(frozen=True)
class Method:
    """How an interval's bounds move to another level, and how many numbers its basis may have (any, if none)."""

    move: Callable[[float, Interval, Side], Bound]
    sizes: tuple[int, ...] = ()


METHODS = {
    "difference_of_means": Method(_difference_of_means),
    "gap_of_means": Method(_gap_of_means),
    "hybrid": Method(_scaled, (0, 1)),
    "newcombe": Method(_newcombe, (4, 6)),
    "normal": Method(_scaled, (0, 1)),
    "paired_span": Method(_tabulated),
    "ratio_of_means": Method(_ratio_of_means),
    "root_mean": Method(_root, (4, 5)),
    "root_mean_gap": Method(_root_gap, (11, 12)),
    "score": Method(_scaled, (0, 1)),
    "simultaneous": Method(_largest),
    "simultaneous_below": Method(_largest),
    "simultaneous_ratio": Method(_largest),
    "tabulated": Method(_tabulated),
    "welch": Method(_scaled, (0, 1)),
    "wilson": Method(_wilson, (2, 3)),
}
"""Every method that an interval may name. Whatever is none of these calls itself `normal`.

A basis is x and n of a proportion, of each side in turn for a gap, each perhaps followed by degrees of freedom;
degrees of freedom alone where half-widths are scaled; a `RootBasis` or a `RootGapBasis`; and what `Extremes` makes for
simultaneous bounds, after the tail of means (see `Rates.tail`).
"""

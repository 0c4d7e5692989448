"""The interval of any count metric of a group, and of its signed gap group - rest, in closed form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit.measures.bounds.direct import DIRECT
from auditkit.measures.closed_forms.mover import hybrid
from auditkit.measures.closed_forms.proportions import newcombe, wilson
from auditkit.measures.counting.design import Design, covariance, design
from auditkit.measures.counting.metrics import CountMetric, metric_of
from auditkit.measures.counting.values import metric_values
from auditkit.measures.exact.difference import difference_interval
from auditkit.measures.exact.proportion import proportion_interval
from auditkit.measures.exact.sides import SIDES
from auditkit.measures.intervals.by_rule import RULES, counted
from auditkit.values.finding import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit.measures.closed_forms.mover import Bounds
    from auditkit.measures.counting.counts import Confusions

    Floats: TypeAlias = NDArray[np.float64]

_MANY = 1e9
"""Degrees of freedom from which Student's t is the normal distribution; a report cannot hold infinity."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Measured:
    """A metric of each group, float64 [g], with interval; NaN throughout where it cannot be measured.

    `basis` float64 [g, b] holds what `Interval.basis` of this `method` needs, or nothing.
    """

    value: Floats
    low: Floats
    high: Floats
    confidence: float
    method: str
    basis: Floats

    def __getitem__(self, groups: slice) -> Measured:
        """Return the metric of some of the groups."""
        value, low, high, basis = self.value[groups], self.low[groups], self.high[groups], self.basis[groups]
        return replace(self, value=value, low=low, high=high, basis=basis)

    def interval(self, group: int) -> Interval:
        """Return one group's interval as a finding carries it."""
        return self.intervals[group]

    @cached_property
    def intervals(self) -> tuple[Interval, ...]:
        """Every group's interval, of Python's numbers: a finding holds no array."""
        columns = self.low.tolist(), self.high.tolist(), self.basis.tolist()
        return tuple(
            Interval(low, high, self.confidence, self.method, tuple(basis))
            for low, high, basis in zip(*columns, strict=True)
        )


def joined(parts: Sequence[Measured]) -> Measured:
    """Return the groups of several parts of one metric, of one confidence and method, as one."""
    value, low, high, basis = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("value", "low", "high", "basis")
    )
    return replace(parts[0], value=value, low=low, high=high, basis=basis)


def measure(confusions: Confusions, name: str | CountMetric, *, confidence: float = 0.95) -> Measured:
    """Return the metric of each group with its interval; see `counting.design` for weights and clusters.

    The metric's rule says how: a proportion has Wilson's interval; f1, which is 2 J / (1 + J) of the proportion
    J = tp / (tp + fp + fn), its image; means over classes combine the classes' intervals.
    """
    metric = metric_of(name)
    value = metric_values(confusions.table, metric)
    if metric.proportion:
        worth = design(confusions, metric)
        if np.isinf(worth.degrees).all():
            return _direct(value, "rate", _columns(worth.x, worth.n), confidence)
        ends = _no_further(
            wilson(worth.x, worth.n, confidence, degrees=worth.degrees),
            proportion_interval(worth.x, worth.n, confidence),
        )
        basis = _columns(worth.x, worth.n, worth.degrees)
        return _measured(value, ends, confidence=confidence, method="wilson", basis=basis)
    plain = counted(confusions, metric)
    if plain is not None:
        return _direct(value, *plain, confidence)
    found = RULES[metric.interval](confusions, metric, confidence)
    ends = found.low, found.high
    return _measured(value, ends, confidence=confidence, method="score", basis=_columns(found.degrees))


def measure_gap(
    group: Confusions,
    rest: Confusions,
    *,
    name: str | CountMetric,
    confidence: float = 0.95,
    shared: NDArray[np.float64] | None = None,
) -> Measured:
    """Return the signed gap group - rest of each group with its interval.

    A difference of proportions has Newcombe's interval; the other metrics combine the two sides' intervals in
    the same way (Zou and Donner, 2008). `shared` are the sums of products of clusters with rows on both sides (see
    `Clustered`): both effective numbers of rows are scaled so that the gap has the variance that it has by clusters,
    but to no more than the rows are worth on their own. Without, the sides are taken as independent.
    """
    metric = metric_of(name)
    if metric.proportion:
        mine, theirs = design(group, metric), design(rest, metric)
        if shared is not None:
            between = covariance(group, rest, metric=metric, shared=shared)
            mine, theirs = _as_independent(mine, theirs, between)
        value = metric_values(group.table, metric) - metric_values(rest.table, metric)
        if np.isinf(mine.degrees).all() and np.isinf(theirs.degrees).all():
            return _direct(
                value, "rate_gap", np.stack([mine.x, mine.n, theirs.x, theirs.n], axis=1), confidence
            )
        ends = _no_further(
            newcombe(mine.x, mine.n, theirs.x, theirs.n, confidence, degrees=(mine.degrees, theirs.degrees)),
            difference_interval(mine.x, mine.n, theirs.x, theirs.n, confidence),
        )
        basis = _columns(mine.x, mine.n, mine.degrees, theirs.x, theirs.n, theirs.degrees)
        return _measured(value, ends, confidence=confidence, method="newcombe", basis=basis)
    plain = counted(group, metric), counted(rest, metric)
    if plain[0] is not None and plain[1] is not None and shared is None:
        value = metric_values(group.table, metric) - metric_values(rest.table, metric)
        basis = np.concatenate([plain[0][1], plain[1][1]], axis=1)
        return _direct(value, f"{plain[0][0]}_gap", basis, confidence)
    own, other = (measure(side, metric, confidence=confidence) for side in (group, rest))
    value = own.value - other.value
    ends = hybrid(own.value, own.low, own.high, other.value, other.low, other.high)
    degrees = [side.basis[:, 0] if side.basis.size else np.full(len(value), np.inf) for side in (own, other)]
    basis = _columns(np.minimum(*degrees))
    return _measured(value, ends, confidence=confidence, method="hybrid", basis=basis)


def _as_independent(mine: Design, theirs: Design, between: Floats) -> tuple[Design, Design]:
    """Return both sides with n scaled so that independent sides have the variance of the gap of dependent ones."""
    plain = np.zeros_like(between)
    for side in (mine, theirs):
        known = side.n > 0
        plain += np.divide(side.x * (side.n - side.x), side.n**3, out=np.zeros_like(plain), where=known)
    true = np.maximum(plain - 2.0 * between, 0.0)
    factor = np.divide(plain, true, out=np.full_like(plain, np.inf), where=true > 0)

    def scaled(side: Design) -> Design:
        n = np.where(plain > 0, np.minimum(side.n * factor, np.maximum(side.n, side.independent)), side.n)
        share = np.divide(n, side.n, out=np.ones_like(n), where=side.n > 0)
        return replace(side, x=side.x * share, n=n)

    return scaled(mine), scaled(theirs)


def _direct(value: Floats, method: str, basis: Floats, confidence: float) -> Measured:
    """Return the interval that an exact method gives for each group."""
    level = np.full(len(value), (1.0 - confidence) / 2.0)
    low, high = (DIRECT[method].bound(value, basis, level, side) for side in SIDES)
    return _measured(value, (low, high), confidence=confidence, method=method, basis=basis)


def _no_further(ends: Bounds, exact: Bounds) -> Bounds:
    """Return bounds of weighted or clustered rows that claim no more than the exact ones of as many plain rows."""
    return np.minimum(ends[0], exact[0]), np.maximum(ends[1], exact[1])


def _measured(value: Floats, ends: Bounds, *, confidence: float, method: str, basis: Floats) -> Measured:
    low, high = (np.where(np.isnan(value), np.nan, end) for end in ends)
    return Measured(value=value, low=low, high=high, confidence=confidence, method=method, basis=basis)


def _columns(*parts: Floats) -> Floats:
    """Return a basis [g, b] of x, n and degrees of freedom, without the degrees where all are infinite.

    The last of every three parts is degrees, or the only one.
    """
    step = min(len(parts), 3)
    degrees = parts[step - 1 :: step]
    if all(np.isinf(part).all() for part in degrees):
        others = [part for i, part in enumerate(parts) if (i + 1) % step]
        return np.stack(others, axis=1) if others else np.empty((len(parts[0]), 0))
    return np.stack(
        [np.minimum(part, _MANY) if (i + 1) % step == 0 else part for i, part in enumerate(parts)], axis=1
    )

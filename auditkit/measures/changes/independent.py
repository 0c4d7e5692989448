"""How far two numbers are apart that were measured on different rows, such as those of two months: no row is paired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.measures.bounds.at_level import bound_at
from auditkit.measures.closed_forms.mover import hybrid
from auditkit.values.finding import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

_GAP_OF = {"rate": "rate_gap", "f1": "f1_gap", "recalls": "recalls_gap", "wilson": "newcombe"}
"""The method of a gap between two sides of one method: its basis is both of theirs."""
_MANY = 1e9
"""Degrees of freedom from which Student's t is the normal distribution."""


def independent_change(
    before: tuple[float, Interval], after: tuple[float, Interval], *, confidence: float = 0.95
) -> Interval:
    """Return the interval of after - before from each value and its interval, of any confidence.

    Rates of counted rows have the interval of a gap between two groups; what else there is combines the two sides'
    ends as those of independent estimates (MOVER). Of two numbers of the same rows it is wider than it need be, unless
    they go against each other.
    """
    (old, of_old), (new, of_new) = before, after
    value = new - old
    known = _gap_of(of_new, of_old)
    if known is not None:
        method, basis = known
        ends = _ends(value, Interval(value, value, confidence, method, basis), confidence)
        return Interval(*ends, confidence, method, basis)
    sides = (
        side
        for v, interval in ((new, of_new), (old, of_old))
        for side in (v, *_ends(v, interval, confidence))
    )
    low, high = hybrid(*sides)
    return Interval(float(low), float(high), confidence, "hybrid")


def _gap_of(new: Interval, old: Interval) -> tuple[str, tuple[float, ...]] | None:
    """Return the method and the basis of the gap between two intervals, None where only their ends combine."""
    methods = {new.method, old.method}
    if methods <= {"rate", "wilson"} and new.basis and old.basis:
        if methods == {"rate"}:
            return "rate_gap", (*new.basis, *old.basis)
        return "newcombe", (*_with_degrees(new.basis), *_with_degrees(old.basis))
    if len(methods) == 1 and new.method in _GAP_OF and len(new.basis) == len(old.basis) > 0:
        return _GAP_OF[new.method], (*new.basis, *old.basis)
    return None


def _with_degrees(basis: Sequence[float]) -> tuple[float, ...]:
    return (*basis, _MANY) if len(basis) == 2 else tuple(basis)


def _ends(value: float, interval: Interval, confidence: float) -> tuple[float, float]:
    level = (1.0 - confidence) / 2.0
    return bound_at(value, interval, level, "above"), bound_at(value, interval, level, "below")

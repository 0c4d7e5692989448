"""Named groups and all their intersections: MPR is the largest gap of shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.classes.interface import Measured, Shown
from auditkit_mpr.classes.limits.groups import GroupLimits
from auditkit_mpr.reference.intersections import Intersection, intersections, memberships, shares_among
from auditkit_mpr.sampling.bounds import finite_sampling_gap
from auditkit_mpr.sampling.ends import Ends, least_largest, levels_of
from auditkit_mpr.sampling.shares import apart_widths, farthest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.reference.intersections import Attribute
    from auditkit_mpr.reference.table import Reference
    from auditkit_mpr.retrieval.candidates import Candidates
    from auditkit_mpr.sampling.draws import Draws
    from auditkit_mpr.sampling.lot import Lot


@dataclass(frozen=True, eq=False)
class _Drawn:
    """Draws of the reference: errors [draws, g] of its shares, and lists by lot."""

    reference: Reference
    errors: Floats
    lot: Lot
    sums: Floats


@dataclass(eq=False)
class Groups:
    """Indicators of groups and their intersections up to a depth."""

    name: str
    attributes: tuple[Attribute, ...]
    depth: int
    _shares_of: tuple[Reference, Floats] | None = field(default=None, repr=False)
    _drawn: _Drawn | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.groups: tuple[Intersection, ...] = intersections(self.attributes, self.depth)

    def gaps(self, candidates: Candidates, chosen: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """Return the share of every group [g] in the list and in the reference."""
        listed = shares_among(self.groups, [codes[chosen] for codes in candidates.codes])
        return listed, self.reference_shares(candidates.reference)

    def reference_shares(self, reference: Reference) -> Floats:
        """Return the share of every group in the reference [g]."""
        if self._shares_of is None or self._shares_of[0] is not reference:
            shares = shares_among(self.groups, reference.codes, reference.population.shares)
            self._shares_of = reference, shares
        return self._shares_of[1]

    def measure(self, candidates: Candidates, chosen: NDArray[np.int64], draws: Draws) -> Measured:
        """Return the largest gap, what is shown of it, the exact ceiling, and Hoeffding's bound over the groups."""
        shares, reference = self.reference_shares(candidates.reference), candidates.reference
        sampling = None
        if not reference.exact:
            sampling = finite_sampling_gap(
                reference.population.effective, len(self.groups), delta=1 - draws.confidence
            )
        ends = self._ends(candidates, chosen, draws)
        return Measured(
            value=ends.value,
            shown=Shown(value=ends.value, interval=ends.interval(draws.confidence)),
            ceiling=self._ceiling(candidates, shares, len(chosen)),
            sampling_gap=sampling,
        )

    def limits(self, candidates: Candidates, *, k: int) -> GroupLimits:
        """Return the candidates' lists of k under limits."""
        inside = memberships(self.groups, candidates.codes).astype(np.float64)
        return GroupLimits(candidates.similarities, inside, self.reference_shares(candidates.reference), k)

    def _ends(self, candidates: Candidates, chosen: NDArray[np.int64], draws: Draws) -> Ends:
        """Return the largest gap with its ends, all groups at once.

        The low end is the lower of two: where list and reference are one population, and where each is its own.
        """
        listed, shares = self.gaps(candidates, chosen)
        reference, k, gaps = candidates.reference, len(chosen), listed - shares
        drawn = self._draws(reference, k, draws)
        levels, m = levels_of(len(drawn.errors)), reference.population.effective
        inside = memberships(self.groups, [codes[chosen] for codes in candidates.codes]).astype(np.float64)
        by_lot = drawn.lot.gaps(drawn.sums, inside, shares)
        apart = drawn.lot.apart(inside, drawn.errors)
        theirs = 0.0 if reference.exact else 1.0 / m
        lows = np.minimum(
            least_largest(gaps, by_lot, drawn.lot.widths(listed, shares), levels),
            least_largest(gaps, apart, apart_widths(listed, shares, k, theirs), levels),
        )
        value = float(np.abs(gaps).max(initial=0.0))
        highs = [value if reference.exact else farthest(listed, shares, m, level) for level in levels]
        return Ends(value=value, levels=levels, lows=lows, highs=np.array(highs), most=1.0)

    def _ceiling(self, candidates: Candidates, shares: Floats, k: int) -> float:
        """Return the largest gap that some list of k has: as many or as few of one group as there can be."""
        n = len(candidates.items)
        have = shares_among(self.groups, candidates.codes) * n
        most = np.minimum(have, k) / k - shares
        least = shares - np.maximum(k - (n - have), 0) / k
        return float(np.maximum(most, least).max(initial=0.0))

    def _draws(self, reference: Reference, k: int, draws: Draws) -> _Drawn:
        kept = self._drawn
        if kept is not None and kept.reference is reference and kept.lot.k == k:
            return kept
        inside = memberships(self.groups, reference.codes).astype(np.float64)
        lot = draws.lot(reference, k, self.name, columns=len(self.groups))
        self._drawn = _Drawn(reference, draws.errors(inside, reference, self.name), lot, lot.sums(inside))
        return self._drawn

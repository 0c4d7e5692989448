"""Named groups and all their intersections: MPR is the largest gap of shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.classes.group_limits import GroupLimits
from auditkit_mpr.classes.interface import Measured
from auditkit_mpr.reference.intersections import Intersection, intersections, memberships, shares_among
from auditkit_mpr.sampling.bounds import finite_sampling_gap
from auditkit_mpr.sampling.intervals import largest_interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.reference.intersections import Attribute
    from auditkit_mpr.reference.table import Reference
    from auditkit_mpr.retrieval.candidates import Candidates
    from auditkit_mpr.sampling.draws import Draws


@dataclass(eq=False)
class Groups:
    """Indicators of groups and their intersections up to a depth."""

    name: str
    attributes: tuple[Attribute, ...]
    depth: int
    _shares_of: tuple[Reference, Floats] | None = field(default=None, repr=False)
    _drawn: tuple[Reference, Floats] | None = field(default=None, repr=False)

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
        """Return the largest gap, its interval, the exact ceiling, and Hoeffding's bound over the groups."""
        listed, shares = self.gaps(candidates, chosen)
        reference, gaps = candidates.reference, listed - shares
        interval = sampling = None
        if not reference.exact:
            interval = largest_interval(gaps, -self._errors(reference, draws), confidence=draws.confidence)
            sampling = finite_sampling_gap(
                reference.population.effective, len(self.groups), delta=1 - draws.confidence
            )
        return Measured(
            value=float(np.abs(gaps).max(initial=0.0)),
            interval=interval,
            ceiling=self._ceiling(candidates, shares, len(chosen)),
            sampling_gap=sampling,
        )

    def limits(self, candidates: Candidates, *, k: int) -> GroupLimits:
        """Return the candidates' lists of k under limits."""
        inside = memberships(self.groups, candidates.codes).astype(np.float64)
        return GroupLimits(candidates.similarities, inside, self.reference_shares(candidates.reference), k)

    def _ceiling(self, candidates: Candidates, shares: Floats, k: int) -> float:
        """Return the largest gap that some list of k has: as many or as few of one group as there can be."""
        n = len(candidates.items)
        have = shares_among(self.groups, candidates.codes) * n
        most = np.minimum(have, k) / k - shares
        least = shares - np.maximum(k - (n - have), 0) / k
        return float(np.maximum(most, least).max(initial=0.0))

    def _errors(self, reference: Reference, draws: Draws) -> Floats:
        """Return errors [draws, g] of the reference's shares."""
        if self._drawn is None or self._drawn[0] is not reference:
            inside = memberships(self.groups, reference.codes).astype(np.float64)
            self._drawn = reference, draws.errors(inside, reference.population, self.name)
        return self._drawn[1]

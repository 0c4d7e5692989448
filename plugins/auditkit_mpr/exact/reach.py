"""What lists of k can reach at all, whatever the query: the floor, and its proof where there is one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from auditkit_mpr.exact.ball import Least, Space, least_of_ball, space_of
from auditkit_mpr.relaxed.certificate import TOLERANCE
from auditkit_mpr.relaxed.floor import Floor, floor_of

if TYPE_CHECKING:
    from auditkit_mpr.arrays import Floats


@dataclass(frozen=True, eq=False)
class Reach:
    """A floor that queries share; its proofs are made when a limit first asks for them."""

    floor: Floor

    @cached_property
    def space(self) -> Space | None:
        """The lists as points of a lattice, or None."""
        return space_of(self.floor)

    @cached_property
    def least(self) -> Least | None:
        """The lists of least MPR, proven, or None."""
        return None if self.space is None else least_of_ball(self.space)

    @cached_property
    def proven(self) -> Floor:
        """The floor with the least MPR as its bound where that is proven, else as it is."""
        if self.least is None:
            return self.floor
        # A hair is left for the rounding of the two ways to compute a length.
        return replace(
            self.floor, lower_bound=max(self.least.mpr - TOLERANCE / 2, 0.0), reached=self.least.mpr
        )


def reach_of(rows: Floats, target: Floats, k: int) -> Reach:
    """Return what lists of k of the n rows [n, r], k <= n, whose mean should be near the target [r], can reach."""
    return Reach(floor_of(rows, target, k))

"""Linear functions, and the unit balls of kernels: MPR is the length of a gap of means."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.classes.interface import Measured, Shown
from auditkit_mpr.classes.kernels import kernel_ball
from auditkit_mpr.classes.limits.ball import BallLimits
from auditkit_mpr.classes.linear import LinearClass, linear_class
from auditkit_mpr.exact.reach import Reach, reach_of
from auditkit_mpr.sampling.ends import Ends, least_lengths, levels_of, tails

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.classes.kernels import Kernel
    from auditkit_mpr.reference.table import Reference
    from auditkit_mpr.retrieval.candidates import Candidates
    from auditkit_mpr.sampling.draws import Draws
    from auditkit_mpr.sampling.lot import Lot


MOST = sys.float_info.max
"""A kernel's MPR has no bound."""


@dataclass(frozen=True, eq=False)
class _Drawn:
    """Draws in one measure: reference rows' values [m, l], errors [draws, l] of their mean, and lists by lot."""

    reference: Reference
    values: Floats
    errors: Floats
    lot: Lot
    sums: Floats


@dataclass(eq=False)
class _Kept:
    """Work on one set of candidates: functions, a kernel's draws, a ceiling and what is reached for each k."""

    linear: LinearClass
    drawn: _Drawn | None = None
    ceilings: dict[int, float] = field(default_factory=dict)
    reaches: dict[int, Reach] = field(default_factory=dict)


@dataclass(eq=False)
class Ball:
    """Linear functions, or a kernel's unit ball."""

    name: str
    intercept: bool = False
    kernel: Kernel | None = None
    _last: tuple[Candidates, _Kept] | None = field(default=None, repr=False)
    _drawn: _Drawn | None = field(default=None, repr=False)

    def linear(self, candidates: Candidates) -> LinearClass:
        """Return the functions on these candidates, made once where every query has the same."""
        return self._work(candidates).linear

    def measure(self, candidates: Candidates, chosen: NDArray[np.int64], draws: Draws) -> Measured:
        """Return the length of the gap, what is shown of it, the farthest k as ceiling, and the sampling bound."""
        linear, reference, k = self.linear(candidates), candidates.reference, len(chosen)
        sampling = None
        if self.kernel is None and not reference.exact:
            sampling = linear.sampling_gap(reference.population, k, delta=1 - draws.confidence)
        ends = self._ends(candidates, chosen, draws)
        return Measured(
            value=ends.value,
            shown=Shown(value=ends.value, interval=ends.interval(draws.confidence)),
            ceiling=self._ceiling(candidates, k),
            sampling_gap=sampling,
        )

    def limits(self, candidates: Candidates, *, k: int) -> BallLimits:
        """Return the candidates' lists of k under limits; what they reach is found once for all queries alike."""
        work = self._work(candidates)
        if k not in work.reaches:
            work.reaches[k] = reach_of(*work.linear.at(k), k)
        return BallLimits(candidates.similarities, work.reaches[k])

    def _ends(self, candidates: Candidates, chosen: NDArray[np.int64], draws: Draws) -> Ends:
        """Return the length of the gap with its ends.

        The low end is the lower of two: where list and reference are one population, and where each is its own.
        """
        linear, k = self.linear(candidates), len(chosen)
        drawn = self._draws(candidates, k, draws)
        if self.kernel is None:
            directions = linear.directions[: drawn.values.shape[1]]  # a constant has no gap
            listed, mean = candidates.rows[chosen].astype(np.float64), candidates.reference.population.mean
        else:
            directions = np.eye(drawn.values.shape[1])
            listed, mean = linear.items[chosen], linear.target
        turned = linear.scale(k) * directions
        gap, levels = linear.gap(chosen), levels_of(len(drawn.errors))
        value = linear.mpr(chosen) if self.kernel is None else float(np.linalg.norm(gap))
        errors = drawn.errors @ turned
        by_lot = drawn.lot.gaps(drawn.sums, listed, mean) @ turned
        apart = drawn.lot.apart(listed @ turned, errors)
        return Ends(
            value=value,
            levels=levels,
            lows=np.minimum(*(least_lengths(gap, found, levels) for found in (by_lot, apart))),
            highs=value + tails(np.linalg.norm(errors, axis=1), levels),
            most=1.0 if self.kernel is None else MOST,
        )

    def _work(self, candidates: Candidates) -> _Kept:
        if self._last is not None:
            of, work = self._last
            if of is candidates or (of.shared and candidates.shared):
                return work
        work = _Kept(self._made(candidates))
        self._last = candidates, work
        return work

    def _made(self, candidates: Candidates) -> LinearClass:
        population = candidates.reference.population
        if self.kernel is None:
            return linear_class(candidates.rows, population, intercept=self.intercept)
        return kernel_ball(self.kernel, candidates.rows, population)

    def _ceiling(self, candidates: Candidates, k: int) -> float:
        work = self._work(candidates)
        if k not in work.ceilings:
            work.ceilings[k] = work.linear.ceiling(k)
        return work.ceilings[k]

    def _draws(self, candidates: Candidates, k: int, draws: Draws) -> _Drawn:
        """Return the draws, of attributes for every query alike, of a kernel in the coordinates of these candidates."""
        work, reference = self._work(candidates), candidates.reference
        kept = self._drawn if self.kernel is None else work.drawn
        if kept is not None and kept.reference is reference and kept.lot.k == k:
            return kept
        if self.kernel is None:
            values, unseen = np.asarray(reference.population.rows, dtype=np.float64), reference.unseen
        else:
            # The directions of a kernel are the reference's rows.
            values, unseen = work.linear.directions, candidates.unseen(work.linear.items)
        lot = draws.lot(reference, k, self.name, columns=values.shape[1])
        errors = draws.errors(values, reference, self.name, unseen=unseen)
        made = _Drawn(reference, values, errors, lot, lot.sums(values))
        if self.kernel is None:
            self._drawn = made
        else:
            work.drawn = made
        return made

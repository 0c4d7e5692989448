"""Linear functions, and the unit balls of kernels: MPR is the length of a gap of means."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mpr.classes.ball_limits import BallLimits
from auditkit_mpr.classes.interface import Measured
from auditkit_mpr.classes.kernels import kernel_ball
from auditkit_mpr.classes.linear import LinearClass, linear_class
from auditkit_mpr.relaxed.floor import Floor, floor_of
from auditkit_mpr.sampling.intervals import length_interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.classes.kernels import Kernel
    from auditkit_mpr.reference.population import Population
    from auditkit_mpr.retrieval.candidates import Candidates
    from auditkit_mpr.sampling.draws import Draws


@dataclass(eq=False)
class _Kept:
    """Work on one set of candidates: functions, a kernel's errors [draws, r], a ceiling and a floor for each k."""

    linear: LinearClass
    errors: Floats | None = None
    ceilings: dict[int, float] = field(default_factory=dict)
    floors: dict[int, Floor] = field(default_factory=dict)


@dataclass(eq=False)
class Ball:
    """Linear functions, or a kernel's unit ball."""

    name: str
    intercept: bool = False
    kernel: Kernel | None = None
    _last: tuple[Candidates, _Kept] | None = field(default=None, repr=False)
    _drawn: tuple[Population, Floats] | None = field(default=None, repr=False)

    def linear(self, candidates: Candidates) -> LinearClass:
        """Return the functions on these candidates, made once where every query has the same."""
        return self._work(candidates).linear

    def measure(self, candidates: Candidates, chosen: NDArray[np.int64], draws: Draws) -> Measured:
        """Return the length of the gap, its interval, the farthest k items as ceiling, and the sampling bound."""
        linear, reference = self.linear(candidates), candidates.reference
        gap, k = linear.gap(chosen), len(chosen)
        interval = sampling = None
        if not reference.exact:
            errors = self._errors(candidates, draws)
            interval = length_interval(gap, -linear.scale(k) * errors, confidence=draws.confidence)
            if self.kernel is None:
                sampling = linear.sampling_gap(reference.population, k, delta=1 - draws.confidence)
        return Measured(
            value=linear.mpr(chosen) if self.kernel is None else float(np.linalg.norm(gap)),
            interval=interval,
            ceiling=self._ceiling(candidates, k),
            sampling_gap=sampling,
        )

    def limits(self, candidates: Candidates, *, k: int) -> BallLimits:
        """Return the candidates' lists of k under limits; the floor is made once where every query has the same."""
        work = self._work(candidates)
        if k not in work.floors:
            work.floors[k] = floor_of(*work.linear.at(k), k)
        return BallLimits(candidates.similarities, work.floors[k])

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

    def _errors(self, candidates: Candidates, draws: Draws) -> Floats:
        """Return errors of the reference means in the class's coordinates [draws, r]."""
        work, population = self._work(candidates), candidates.reference.population
        if self.kernel is not None:
            if (
                work.errors is None
            ):  # its directions are the reference's rows, in coordinates of these candidates
                work.errors = draws.errors(work.linear.directions, population, self.name)
            return work.errors
        if self._drawn is None or self._drawn[0] is not population:
            rows = np.asarray(population.rows, dtype=np.float64)
            self._drawn = population, draws.errors(rows, population, self.name)
        directions = work.linear.directions[:-1] if work.linear.intercept else work.linear.directions
        errors: Floats = self._drawn[1] @ directions
        return errors

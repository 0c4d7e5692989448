"""What every class of functions can say: about one list, and about lists under a limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from auditkit import Interval
    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.relaxed.answer import Answer
    from auditkit_mpr.relaxed.priced import Shown as Found
    from auditkit_mpr.retrieval.candidates import Candidates
    from auditkit_mpr.sampling.draws import Draws


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The MPR that the rows show, measured on rows that no fit saw, and its interval; or the reason why there is none.

    The low end is above 0 only where the gap is larger than lists drawn by lot have; the high end bounds MPR against
    the population behind the reference, for every list at once.
    """

    value: float | None
    interval: Interval | None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What a class of functions says about one list. None: not measurable for this class.

    `value` is MPR on the rows themselves. `sampling_gap` bounds what sampling of the reference can do to it, with
    confidence 1 - delta, for all lists at once (Prop. 1, constants corrected). `heuristic`: `value` is a lower bound.
    """

    value: float
    shown: Shown
    ceiling: float | None
    sampling_gap: float | None
    heuristic: bool = False
    note: str = ""


class FunctionClass(Protocol):
    """A class of functions, measured on one query's candidates; `chosen` are positions among these."""

    name: str

    def measure(self, candidates: Candidates, chosen: NDArray[np.int64], draws: Draws) -> Measured:
        """Return what the class says about the chosen ones."""
        ...

    def limits(self, candidates: Candidates, *, k: int) -> Limits:
        """Return the candidates' lists of k under limits on this class."""
        ...


class Limits(Protocol):
    """One query's lists of k under limits on one class. Positions are among the candidates."""

    def mpr(self, chosen: NDArray[np.int64]) -> float:
        """Return the MPR of a list."""
        ...

    def cut(self, rho: float) -> Answer:
        """Return a list within the limit by cutting planes (algorithm 1), or the one of least MPR that was found."""
        ...

    def judge(self, chosen: NDArray[np.int64], rho: float, method: str) -> Answer:
        """Return a list that `method` made with the certificate of how it stands to the limit."""
        ...


@runtime_checkable
class SearchedLimits(Limits, Protocol):
    """Limits whose class can be asked which functions a relaxed list breaks."""

    def functions(self, entries: Floats) -> list[Found]:
        """Return functions of entries [n] in [0, 1] that sum to k, those that show most first."""
        ...


@runtime_checkable
class ExactLimits(Limits, Protocol):
    """Limits within which the best list can be proven."""

    def exact(self, rho: float, *, seconds: float) -> Answer:
        """Return the best list within the limit, or proof that there is none; if time runs out, a valid bound."""
        ...


@runtime_checkable
class RememberingLimits(Limits, Protocol):
    """Limits under which functions are found one by one: those found since may show more of an earlier list."""

    def again(self, answer: Answer) -> Answer:
        """Return an answer as all functions and lists that are known by now have it."""
        ...

"""What is reported about one list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditkit import Finding, Interval
from auditkit_mpr.metrics import CEILING, MPR, SIMILARITY
from auditkit_mpr.sampling.bounds import printed_gap

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from auditkit_mpr.classes.interface import Measured
    from auditkit_mpr.retrieval.candidates import Candidates
    from auditkit_mpr.run.problem import Problem
    from auditkit_mpr.run.shares import Worst

INTERVAL = "normal"
"""How a gate moves a bound: half-widths of an inverted bootstrap of the reference scale with the normal quantile."""


@dataclass(frozen=True, eq=False, kw_only=True)
class ListMeasured:
    """One list, positions [k] among its candidates, measured by the class of functions of a name."""

    function_class: str
    candidates: Candidates
    chosen: NDArray[np.int64]
    found: Measured
    worst: Worst | None

    def row(self) -> tuple[Any, ...]:
        """Return query, class, MPR, its interval, ceiling, sampling bound and worst group."""
        found = self.found
        low, high = found.interval or (None, None)
        numbers = (found.value, low, high, found.ceiling, found.sampling_gap)
        worst = "" if self.worst is None else self.worst.in_words()
        return (self.candidates.query, self.function_class, *map(_rounded, numbers), worst)


def measured_findings(
    label: str, measured: ListMeasured, problem: Problem, confidence: float
) -> list[Finding]:
    """Return the MPR of one list and class, with everything that says how far to trust it, and its ceiling."""
    candidates, found = measured.candidates, measured.found
    basis = problem.basis(candidates, measured.function_class)
    details = basis | {
        "ceiling": found.ceiling,
        "sampling_gap": found.sampling_gap,
        "is_lower_bound": found.heuristic,
        "worst_group": None if measured.worst is None else measured.worst.in_words(),
    }
    if not candidates.reference.exact:
        effective = candidates.reference.population.effective
        details["prop_1_second_term"] = printed_gap(effective, 0.0, delta=1 - confidence)
    k = len(measured.chosen)
    return [
        Finding(
            metric=MPR.name,
            value=found.value,
            n=k,
            group=label,
            interval=interval_of(found, confidence),
            details=details,
            direction=MPR.direction,
            unit=MPR.unit,
        ),
        Finding(metric=CEILING.name, value=found.ceiling, n=k, group=label, details=basis, unit=CEILING.unit),
    ]


def interval_of(found: Measured, confidence: float) -> Interval | None:
    """Return the interval of a measured list."""
    return None if found.interval is None else Interval(*found.interval, confidence, INTERVAL)


def similarity_finding(label: str, candidates: Candidates, chosen: NDArray[np.int64]) -> Finding:
    """Return the mean similarity of a list."""
    return Finding(
        metric=SIMILARITY.name,
        value=float(candidates.similarities[chosen].mean()),
        n=len(chosen),
        group=label,
        details={"query": candidates.query},
        direction=SIMILARITY.direction,
        unit=SIMILARITY.unit,
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.6g}")

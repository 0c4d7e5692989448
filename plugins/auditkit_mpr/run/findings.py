"""What is reported about one list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditkit import Finding
from auditkit_mpr.metrics import CEILING, MPR, SHOWN, SIMILARITY
from auditkit_mpr.sampling.bounds import printed_gap

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from auditkit_mpr.classes.interface import Measured
    from auditkit_mpr.retrieval.candidates import Candidates
    from auditkit_mpr.run.asked.problem import Problem
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
        """Return query, class, MPR, MPR shown and its interval, ceiling, sampling bound and worst group."""
        found, shown = self.found, self.found.shown
        ends = (None, None) if shown.interval is None else (shown.interval.low, shown.interval.high)
        numbers = (found.value, shown.value, *ends, found.ceiling, found.sampling_gap)
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
        Finding(metric=MPR.name, value=found.value, n=k, group=label, details=details),
        shown_finding(found, n=k, group=label, details=basis),
        Finding(metric=CEILING.name, value=found.ceiling, n=k, group=label, details=basis),
    ]


def shown_finding(
    found: Measured, *, n: int, group: str, details: Mapping[str, Any], stage: int = 0
) -> Finding:
    """Return the MPR that is shown of a list of n items."""
    shown = found.shown
    return Finding(
        metric=SHOWN.name,
        value=shown.value,
        interval=shown.interval,
        n=n,
        group=group,
        details=details,
        stage=stage,
        reason=shown.reason,
    )


def similarity_finding(label: str, candidates: Candidates, chosen: NDArray[np.int64]) -> Finding:
    """Return the mean similarity of a list."""
    return Finding(
        metric=SIMILARITY.name,
        value=float(candidates.similarities[chosen].mean()),
        n=len(chosen),
        group=label,
        details={"query": candidates.query},
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.6g}")

"""One piece of evidence under a rule, at the levels that the correction allows: it breaks, holds, or is not shown."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.values.gate import GateComparison

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit.gates.evidence import Evidence
    from auditkit.values.finding import Finding
    from auditkit.values.gate import Judged

MOST_ROWS = 1e9
"""A number of rows beyond which a comparison counts as one that no rows decide."""


@dataclass(frozen=True)
class Levels:
    """One-sided levels at which one comparison may claim harm, and safety, and the level of one alone."""

    harm: float
    safety: float
    alone: float


def judge(
    evidence: Evidence, levels: Levels, bounds: tuple[float | None, float | None], *, note: str = ""
) -> GateComparison:
    """Return the comparison's record; p decides and the bounds show it: they are one rule (p < level)."""
    finding, rule = evidence.finding, evidence.rule
    lower, upper = bounds
    within = evidence.safety is not None and evidence.safety < levels.alone
    outcome: Judged
    match rule.asks:
        case "value":
            met = any(claim.met_by(finding.value or 0.0, also_equal=rule.also_equal) for claim in rule.claims)
            outcome, within = ("breaks", False) if met else ("holds", True)
        case "safety shown":
            outcome = "holds" if within else "breaks"
        case "limit" | "harm shown":
            harms = evidence.harm is not None and evidence.harm < levels.harm
            holds = evidence.safety is not None and evidence.safety < levels.safety
            outcome = "breaks" if harms else "holds" if holds else "not_shown"
    return GateComparison(
        group=finding.group,
        outcome=outcome,
        n=finding.n,
        value=finding.value,
        lower=lower,
        upper=upper,
        p=evidence.safety if rule.asks == "safety shown" else None if rule.asks == "value" else evidence.harm,
        within=within,
        rows_needed=_rows_to_decide(evidence, lower, upper) if outcome == "not_shown" else None,
        note=note,
        reason=_heavy(finding) if outcome == "not_shown" else "",
    )


def notes_of(findings: Sequence[Finding]) -> dict[int, str]:
    """Return, by id, what tells findings of one group apart: the first detail that differs, such as `k 10`."""
    alike: dict[str, list[Finding]] = {}
    for finding in findings:
        alike.setdefault(finding.group, []).append(finding)
    notes: dict[int, str] = {}
    for same in alike.values():
        keys = [
            key
            for key, value in same[0].details.items()
            if isinstance(value, str | int | float)
            and len({str(f.details.get(key)) for f in same}) == len(same)
        ]
        if len(same) > 1 and keys:
            notes |= {id(f): f"{keys[0].replace('_', ' ')} {f.details[keys[0]]}" for f in same}
    return notes


def _heavy(finding: Finding) -> str:
    """Return why nothing can be shown of a mean with a heavy tail, or ""."""
    from auditkit.measures import heavy_tail

    share = None if finding.interval is None else heavy_tail(finding.interval)
    if share is None:
        return ""
    return f"heavy tail: the largest 1 % of rows hold {share:.0%} of the sum"


def _rows_to_decide(evidence: Evidence, lower: float | None, upper: float | None) -> int | None:
    """Return roughly the rows at which the value as it is would decide: half-widths shrink as 1 / sqrt(rows).

    The nearest threshold is the one to clear; None where the value stands on it.
    """
    value = evidence.finding.value
    if value is None or lower is None or upper is None:
        return None
    threshold = min((claim.threshold for claim in evidence.rule.claims), key=lambda t: abs(value - t))
    distance = abs(value - threshold)
    reach = value - lower if value > threshold else upper - value
    if distance <= 0 or not math.isfinite(reach):
        return None
    rows = evidence.finding.n * (reach / distance) ** 2
    if rows > MOST_ROWS:
        return None
    size = 10 ** max(len(str(int(rows))) - 2, 0)  # two digits that count: it is an estimate
    return int(math.ceil(rows / size - 1e-9) * size)

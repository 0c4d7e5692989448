"""What the data say about a rule: for each finding, p-values of harm and of safety, and the bounds behind them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit.gates.harm import Claim, Rule
    from auditkit.values.finding import Finding


@dataclass(frozen=True)
class Evidence:
    """One finding under a rule: `harm` and `safety` are p-values, None where the finding has no interval."""

    finding: Finding
    rule: Rule
    harm: float | None
    safety: float | None

    @property
    def severity(self) -> float:
        """How far the number is beyond the rule; below 0 where it is within."""
        value = self.finding.value or 0.0
        return max(
            value - claim.threshold if claim.side == "above" else claim.threshold - value
            for claim in self.rule.claims
        )


def weigh(pairs: Sequence[tuple[Finding, Rule]]) -> tuple[Evidence, ...]:
    """Return the evidence of findings that have a value, each under its own rule, all worked out together."""
    claims = [(i, claim) for i, (_, rule) in enumerate(pairs) for claim in rule.claims]
    findings = [finding for finding, _ in pairs]
    shown = _p_values([(findings[i], claim) for i, claim in claims])
    refuted = _p_values([(findings[i], claim.opposite) for i, claim in claims])
    harm: list[list[float]] = [[] for _ in pairs]
    safety: list[list[float]] = [[] for _ in pairs]
    for (i, _), p, opposite in zip(claims, shown, refuted, strict=True):
        harm[i].append(p)
        safety[i].append(opposite)
    return tuple(
        Evidence(
            finding,
            rule,
            # Some harm is beyond the rule: each side gets half where there are two. None is: every side must be shown.
            min(1.0, len(harm[i]) * min(harm[i])) if finding.interval else None,
            max(safety[i]) if finding.interval else None,
        )
        for i, (finding, rule) in enumerate(pairs)
    )


def _p_values(pairs: Sequence[tuple[Finding, Claim]]) -> list[float]:
    """Return each claim's p-value; 1 for a finding without an interval."""
    from auditkit.measures import p_values

    known = [i for i, (finding, _) in enumerate(pairs) if finding.interval is not None]
    found = [1.0] * len(pairs)
    values, intervals, thresholds, sides = [], [], [], []
    for i in known:
        finding, claim = pairs[i]
        values.append(finding.value or 0.0)
        intervals.append(finding.interval)
        thresholds.append(claim.threshold)
        sides.append(claim.side)
    worked_out = p_values(values, [one for one in intervals if one is not None], thresholds, sides)
    for i, p in zip(known, worked_out.tolist(), strict=True):
        found[i] = p
    return found


def ends(
    evidence: Sequence[Evidence], levels: Sequence[tuple[float, float]]
) -> list[tuple[float | None, float | None]]:
    """Return (lower, upper) of each finding: the end that can show harm at its first level, the other at its second.

    An end that nothing bounds is None. Where no side is worse each end may show harm, at half the level.
    """
    from auditkit.measures import bounds_at

    values, intervals, asked, sides, places = [], [], [], [], []
    found: list[list[float | None]] = [[one.finding.value, one.finding.value] for one in evidence]
    for i, (one, (harm, safety)) in enumerate(zip(evidence, levels, strict=True)):
        if one.finding.interval is None:
            continue
        harmful = {claim.side for claim in one.rule.claims}
        for end, side in enumerate(("above", "below")):
            values.append(one.finding.value or 0.0)
            intervals.append(one.finding.interval)
            asked.append(harm / len(harmful) if side in harmful else safety)
            sides.append(side)
            places.append((i, end))
    worked_out = bounds_at(values, intervals, asked, sides)  # type: ignore[arg-type]  # sides are the two literals
    for (i, end), bound in zip(places, worked_out.tolist(), strict=True):
        found[i][end] = bound if math.isfinite(bound) else None
    return [(lower, upper) for lower, upper in found]

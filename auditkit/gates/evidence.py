"""What the data say about a rule: for each finding, p-values of harm and of safety, and the bounds behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit.gates.harm import Claim, Rule, Side
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

    def bound(self, side: Side, level: float) -> float | None:
        """Return the one-sided bound at a level: the low end for `above`, the high end for `below`."""
        from auditkit.measures import bound_at

        finding = self.finding
        if finding.value is None or finding.interval is None:
            return finding.value
        return bound_at(finding.value, finding.interval, level, side)

    def bounds(self, *, harm: float, safety: float) -> tuple[float | None, float | None]:
        """Return (lower, upper): the end that can show harm at level `harm`, the other at level `safety`."""
        sides = {claim.side for claim in self.rule.claims}
        if len(sides) == 2:  # no side is worse: each end may show harm, at half the level
            return self.bound("above", harm / 2), self.bound("below", harm / 2)
        if "above" in sides:
            return self.bound("above", harm), self.bound("below", safety)
        return self.bound("above", safety), self.bound("below", harm)


def weigh(pairs: Sequence[tuple[Finding, Rule]]) -> tuple[Evidence, ...]:
    """Return the evidence of findings that have a value, each under its own rule."""
    return tuple(
        Evidence(finding, rule, _harm(finding, rule), _safety(finding, rule)) for finding, rule in pairs
    )


def _harm(finding: Finding, rule: Rule) -> float | None:
    """Return the p-value of the claim that some harm is beyond the rule: each side gets half where there are two."""
    found = [_p(finding, claim) for claim in rule.claims]
    known = [p for p in found if p is not None]
    return min(1.0, len(known) * min(known)) if known else None


def _safety(finding: Finding, rule: Rule) -> float | None:
    """Return the p-value of the claim that no harm is beyond the rule: every side must be shown."""
    found = [_p(finding, claim.opposite) for claim in rule.claims]
    known = [p for p in found if p is not None]
    return max(known) if known else None


def _p(finding: Finding, claim: Claim) -> float | None:
    from auditkit.measures import p_value

    if finding.value is None or finding.interval is None:
        return None
    return p_value(finding.value, finding.interval, claim.threshold, claim.side)

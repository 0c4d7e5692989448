"""What holds for all assessed groups at once: the bound that needs no correction, as a sentence.

Of one-sided upper bounds, each right with probability 1 - a, the largest is no smaller than the bound of the group that
truly fares worst. So with probability 1 - a no group's harm is beyond it, as long as which groups were assessed does
not depend on the outcomes. It says nothing about a group of one's choice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.values.compare import COMPARISONS
from auditkit.values.gate import MEASURED
from auditkit.values.shown.said import percent

if TYPE_CHECKING:
    from auditkit.render.screen.amounts import Amounts
    from auditkit.render.screen.names import Names
    from auditkit.values.finding import Interval
    from auditkit.values.gate import GateComparison, GateResult

_SIGNED = {
    "below": "trails {others} by more than",
    "above": "exceeds that of {others} by more than",
    "either": "is further from {others} than",
}
_CHANGED = {"below": "fell by more than", "above": "rose by more than", "either": "changed by more than"}
_OTHERS = {
    "to_rest": "the rest",
    "to_best": "the best group",
    "to_reference": "the reference group",
    "absolute": "0",
}


def at_most(gate: GateResult, metric: str, amounts: Amounts, names: Names) -> str:
    """Return the sentence about a gate's groups, or "" where one of them has no interval of its own, or no bound."""
    measured = [one for one in gate.comparisons if one.outcome in MEASURED]
    kind = COMPARISONS[gate.compare]
    if kind.between or not measured or any(one.note or _unbounded(one, gate.harm) for one in measured):
        return ""
    found = [names.at((gate.on, gate.metric, one.group, gate.compare)) for one in measured]
    intervals = [finding.interval for finding in found if finding and finding.interval]
    if len(intervals) < len(measured):
        return ""
    ends = [_end(gate, interval, signed=gate.signed) for interval in intervals]
    bound = min(ends) if amounts.floor else max(ends)
    amount = amounts.amount(max(bound, 0.0) if gate.signed else bound, "down" if amounts.floor else "up")
    confidence = percent((1 + min(interval.confidence for interval in intervals)) / 2, "down")
    if gate.compare == "change":
        claim = f"{_CHANGED[gate.harm]} {amount}"
    elif gate.signed:
        claim = f"{_SIGNED[gate.harm].format(others=_OTHERS[gate.compare])} {amount}"
    else:
        claim = f"is {'below' if amounts.floor else 'above'} {amount}"
    left = gate.count("too_few", "absent", "waived")
    unassessed = f" ({left:,} group{'' if left == 1 else 's'} could not be assessed)" if left else ""
    return f"with {confidence} confidence no assessed group's {metric} {claim}{unassessed}"


def _unbounded(one: GateComparison, harm: str) -> bool:
    """Whether nothing bounds the harm, as of a mean with a heavy tail."""
    ends = {"below": (one.lower,), "above": (one.upper,), "either": (one.lower, one.upper)}[harm]
    return None in ends


def _end(gate: GateResult, interval: Interval, *, signed: bool) -> float:
    """Return the end of an interval that bounds the harm from above."""
    if not signed:
        return interval.low if gate.harm == "below" else interval.high
    below, above = -interval.low, interval.high
    return {"below": below, "above": above, "either": max(below, above)}[gate.harm]

"""Decides what must hold. One function turns findings into outcomes, and one turns outcomes into a verdict.

A gate reads gaps as harm: where lower is worse (say, the true positive rate) a group's harm is rest - group,
where neither side is worse (the selection rate) it is the size of the gap. Bounds that prove harm
("lower_bound > 0.1", "upper_bound < 0.8") are one-sided at (1 - confidence) / 2, so that one comparison reads
the interval as it is printed, and are corrected for the number of comparisons of the gate. Bounds that ask
for proof of safety ("upper_bound > 0.1") hold for all groups at once without a correction (an
intersection-union test; Berger 1982).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, cast

from auditkit.gates.condition import parse_condition
from auditkit.values.exit_code import ExitCode
from auditkit.values.finding import Finding, Interval
from auditkit.values.report import GateResult, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit.gates.condition import Condition
    from auditkit.spec.gate import GateSpec
    from auditkit.spec.stats import Stats

Verdict = Outcome | Literal["no gates"]


@dataclass(frozen=True)
class _Reading:
    """One comparison: the finding turned so that more is worse, and the bound it is judged by."""

    finding: Finding
    bound: float
    met: bool


def decide(gate: GateSpec, findings: Sequence[Finding], stats: Stats) -> GateResult:
    """Return what one gate says about the findings of its step, at their last stage."""
    matched = _matched(gate, findings)
    decided = [_as_harm(f) for f in matched if f.value is not None and _has_bound(f, gate)]
    undecided = len(matched) - len(decided)
    fail_if = parse_condition(gate.fail_if)
    failing = _read(fail_if, decided, stats)
    blank = GateResult(
        id=gate.id, outcome="pass", message="", on=gate.on, metric=gate.metric, compare=gate.compare,
        rule=gate.fail_if, comparisons=len(decided), undecided=undecided, correction=_named(fail_if, stats),
        threshold=fail_if.threshold,
    )  # fmt: skip
    if not decided:
        return _without_evidence(blank, gate, matched)
    if any(reading.met for reading in failing):
        return _worded(blank, "fail", fail_if, failing, matched)
    if gate.warn_if is not None:
        warn_if = parse_condition(gate.warn_if)
        warning = _read(warn_if, decided, stats)
        if any(reading.met for reading in warning):
            noted = replace(blank, rule=gate.warn_if, threshold=warn_if.threshold)
            return _worded(noted, "warn", warn_if, warning, matched)
    held = _worded(blank, "pass", fail_if, failing, matched)
    if not undecided or gate.insufficient == "pass":
        return held
    return replace(held, outcome=gate.insufficient, message=f"{held.message}, hence {gate.insufficient}")


def verdict_of(gates: Sequence[GateResult]) -> tuple[Verdict, ExitCode]:
    """Return the run's verdict and its exit code: the only place where the two are tied."""
    outcomes = [gate.outcome for gate in gates]
    if not outcomes:
        return "no gates", ExitCode.OK
    if "fail" in outcomes:
        return "fail", ExitCode.GATE_FAILED
    if all(outcome == "insufficient" for outcome in outcomes):
        return "insufficient", ExitCode.UNDECIDED
    return ("warn", ExitCode.OK) if {"warn", "insufficient"} & set(outcomes) else ("pass", ExitCode.OK)


def _matched(gate: GateSpec, findings: Sequence[Finding]) -> list[Finding]:
    mine = [
        f for f in findings
        if f.step == gate.on and f.metric == gate.metric and f.compare == gate.compare
        and gate.group in {None, f.group}
    ]  # fmt: skip
    last = max((f.stage for f in mine), default=0)
    return [f for f in mine if f.stage == last]


def _has_bound(finding: Finding, gate: GateSpec) -> bool:
    return finding.interval is not None or parse_condition(gate.fail_if).bound == "value"


def _as_harm(finding: Finding) -> Finding:
    """Return a gap turned so that more is worse; other findings as they are."""
    if finding.compare not in {"to_rest", "to_best"} or finding.value is None:
        return finding
    match finding.direction:
        case "higher_is_worse":
            return finding
        case "lower_is_worse":
            return _turned(finding)
        case _:
            return _turned(finding) if finding.value < 0 else finding


def _turned(finding: Finding) -> Finding:
    interval = finding.interval
    if interval is not None:
        basis = interval.basis
        swapped = (*basis[2:], *basis[:2]) if interval.method == "newcombe" else basis
        interval = Interval(-interval.high, -interval.low, interval.confidence, interval.method, swapped)
    return replace(finding, value=-finding.value if finding.value is not None else None, interval=interval)


def _read(condition: Condition, findings: Sequence[Finding], stats: Stats) -> list[_Reading]:
    """Return each finding with the bound that the condition judges, the most harmful first."""
    if condition.bound == "value":
        readings = [
            _Reading(f, cast("float", f.value), condition.met_by(cast("float", f.value))) for f in findings
        ]
    elif condition.proves_harm:
        readings = _corrected(condition, findings, stats)
    else:
        bounds = [_bound(f, condition.bound, (1 - stats.confidence) / 2) for f in findings]
        readings = [_Reading(f, b, condition.met_by(b)) for f, b in zip(findings, bounds, strict=True)]
    worst_high = condition.sign[0] == ">"
    return sorted(readings, key=lambda r: (not r.met, -r.bound if worst_high else r.bound, r.finding.group))


def _corrected(condition: Condition, findings: Sequence[Finding], stats: Stats) -> list[_Reading]:
    """Return readings whose bounds are at the level that the correction allows each comparison."""
    from auditkit.measures import levels, p_value

    side: Literal["above", "below"] = "above" if condition.bound == "lower_bound" else "below"
    p_values = [
        p_value(cast("float", f.value), cast("Interval", f.interval), condition.threshold, side)
        for f in findings
    ]
    allowed = levels(p_values, (1 - stats.confidence) / 2, stats.correction)
    bounds = [_bound(f, condition.bound, float(level)) for f, level in zip(findings, allowed, strict=True)]
    # p decides and the bound shows it: they are one rule (p < level), up to the last bit of a bisection.
    met = [p < level for p, level in zip(p_values, allowed, strict=True)]
    return [_Reading(f, b, bool(m)) for f, b, m in zip(findings, bounds, met, strict=True)]


def _bound(finding: Finding, which: str, level: float) -> float:
    """Return a one-sided bound at a level."""
    from auditkit.measures import bound_at

    side: Literal["above", "below"] = "above" if which == "lower_bound" else "below"
    return bound_at(cast("float", finding.value), cast("Interval", finding.interval), level, side)


def _named(condition: Condition, stats: Stats) -> str:
    return stats.correction if condition.proves_harm else "none"


def _without_evidence(blank: GateResult, gate: GateSpec, matched: Sequence[Finding]) -> GateResult:
    what = (
        f"none of {len(matched)} comparisons could be measured" if matched else "there was nothing to compare"
    )
    outcome: Outcome = "fail" if gate.insufficient == "fail" else "insufficient"
    return replace(blank, outcome=outcome, message=f"{gate.metric}: insufficient evidence, {what}")


def _worded(
    blank: GateResult,
    outcome: Outcome,
    condition: Condition,
    readings: Sequence[_Reading],
    matched: Sequence[Finding],
) -> GateResult:
    """Return the result with the reading that decided it in words."""
    worst = readings[0]
    f = worst.finding
    met = sum(reading.met for reading in readings)
    bound_name = condition.bound.replace("_", " ")
    corrected = "corrected " if condition.proves_harm and blank.correction != "none" else ""
    verb = "is" if met else "is not"
    as_found = next(one for one in matched if (one.group, one.details) == (f.group, f.details))
    relation = f"{verb} {condition.sign} {condition.threshold:g}"
    message = f"{_statement(as_found)}, {corrected}{bound_name} {worst.bound:.3f} {relation}"
    if len(readings) > 1:
        message += f"; {met} of {len(readings)} comparisons break the rule"
    if blank.undecided:
        message += f"; {blank.undecided} had too few rows to decide"
    return replace(blank, outcome=outcome, message=message, group=f.group, value=f.value, bound=worst.bound)


def _statement(finding: Finding) -> str:
    """Return what was found, such as `sex=Female: tpr 0.242 below the rest`."""
    value = cast("float", finding.value)
    side = "below" if value < 0 else "above"
    what = {
        "absolute": f"{value:.3f}",
        "to_rest": f"{abs(value):.3f} {side} the rest",
        "to_best": f"{abs(value):.3f} {side} the best group",
        "difference": f"difference between groups {value:.3f}",
        "ratio": f"ratio between groups {value:.3f}",
    }[finding.compare]
    subject = f"{finding.group}: " if finding.group else ""
    return f"{subject}{finding.metric} {what}"

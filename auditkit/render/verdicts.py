"""What became of a run, of its gates and of each comparison, in the words and signs that all renderers share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.render import words
from auditkit.values.compare import COMPARISONS

if TYPE_CHECKING:
    from auditkit.values.gate import GateComparison, GateResult, Kind
    from auditkit.values.report import Report

OUTCOMES = {
    "pass": "PASS",
    "warn": "WARN",
    "not_shown": "NOT SHOWN",
    "fail": "FAIL",
    "insufficient": "NOT SHOWN",
    "not_run": "NOT RUN",
    "no gates": "NO GATES",
    "error": "NOT FINISHED",
}
"""A run's or a gate's outcome; `insufficient` is a gate that decided nothing, `not_shown` one that decided a part."""
SIGNS = {
    "pass": "✓",
    "warn": "!",
    "not_shown": "?",
    "fail": "✗",
    "insufficient": "?",
    "not_run": "–",
    "no gates": "–",
    "error": "✗",
}
JUDGED: dict[Kind, str] = {
    "breaks": "breaks it",
    "holds": "holds",
    "not_shown": "undecided",
    "too_few": "too few rows",
    "new": "new",
    "gone": "gone",
    "absent": "absent",
    "waived": "accepted",
}
"""What became of one comparison of a gate."""
JUDGED_SIGNS: dict[Kind, str] = {
    "breaks": "✗",
    "holds": "✓",
    "not_shown": "?",
    "too_few": "?",
    "new": "?",
    "gone": "?",
    "absent": "✗",
    "waived": "○",
}


def verdict(report: Report) -> str:
    """Return the verdict in words, such as `FAIL: 1 of 3 gates failed`."""
    return f"{OUTCOMES[report.verdict]}: {verdict_reason(report)}"


def line(report: Report) -> str:
    """Return the verdict with its sign, for a line of its own."""
    return f"{SIGNS[report.verdict]} {verdict(report)}"


def verdict_reason(report: Report) -> str:
    """Return what the verdict rests on, without the verdict itself."""
    total = len(report.gates)
    if report.failure is not None:
        return words.visible(report.failure.message, limit=400)
    if not total:
        nothing = "measured only, nothing was asked to hold"
        return nothing if report.verdict == "no gates" else "no gate was decided"
    tally = {outcome: sum(gate.outcome == outcome for gate in report.gates) for outcome in OUTCOMES}
    of_total = f"of {total} gate{'' if total == 1 else 's'}"
    said = {
        "fail": f"{tally['fail']} {of_total} failed",
        "warn": f"{tally['warn']} {of_total} warned",
        "pass": f"{tally['pass']} {of_total} held",
        "not_shown": f"{tally['not_shown'] + tally['insufficient']} {of_total} not shown to hold",
        "insufficient": "nothing could be decided",
        "no gates": "no gate was decided",
    }[report.verdict]
    if report.verdict in {"not_shown", "insufficient"}:
        also = []
    else:
        open_gates = tally["insufficient"] + tally["not_shown"]
        also = [f"{open_gates} not shown to hold"] if open_gates else []
    if accepted := sum(gate.count("waived") for gate in report.gates):
        also.append(f"{accepted} finding{'' if accepted == 1 else 's'} accepted")
    if tally["not_run"]:
        also.append(f"{tally['not_run']} not run")
    return ", ".join([said, *also])


def compare(gate: GateResult) -> str:
    """Return what a gate looks at: `tpr, gap to the rest`."""
    return words.visible(f"{gate.metric}, {COMPARISONS[gate.compare].title}", limit=120)


def compared(one: GateComparison) -> str:
    """Return a comparison's group, or what stands for it."""
    note = f" ({one.note})" if one.note else ""
    return words.visible(f"{one.group or 'all rows'}{note}", limit=120)


def harm(gate: GateResult, one: GateComparison) -> str:
    """Return a comparison's number with the bounds that decided: `−0.242 [−0.265, −0.219]`, or why there is none."""
    if one.value is None:
        return words.visible(one.reason, limit=160)
    return f"{words.number(one.value, signed=signed(gate))} {ends(gate, one)}".rstrip()


def became(gate: GateResult, one: GateComparison) -> str:
    """Return a comparison's metric, number and judgement: `tpr −0.242 [−0.265, −0.219], breaks it`."""
    return f"{gate.metric} {harm(gate, one)}, {JUDGED[one.kind]}"


def ends(gate: GateResult, one: GateComparison) -> str:
    """Return a comparison's corrected bounds: `[−0.265, −0.219]`, or ""."""
    if one.lower is None or one.upper is None:
        return ""
    return f"[{words.number(one.lower, signed=signed(gate))}, {words.number(one.upper, signed=signed(gate))}]"


def signed(gate: GateResult) -> bool:
    """Whether a gate reads gaps, whose sign says who is ahead."""
    return gate.signed

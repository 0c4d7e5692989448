"""What a gate decided in one sentence: the worst comparison, its bound, the rule, and how many are like it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.values.compare import COMPARISONS
from auditkit.values.gate import MEASURED

if TYPE_CHECKING:
    from auditkit.values.gate import GateComparison, GateResult


def message_of(gate: GateResult) -> str:
    """Return the sentence of a decided gate."""
    if not gate.ran:
        return f"step '{gate.on}' did not run: see --when"
    measured = [one for one in gate.comparisons if one.outcome in MEASURED]
    if not measured:
        return _without_evidence(gate)
    worst = measured[0]
    parts = [f"{statement(gate, worst)}, {_reading(gate, worst)}", *_tally(gate, len(measured))]
    lacking = [one.reason for one in gate.comparisons if one.outcome == "absent"]
    return "; ".join([*parts, *lacking])


def statement(gate: GateResult, one: GateComparison) -> str:
    """Return what was found, such as `sex=Female: tpr 0.242 below the rest`."""
    kind, value = COMPARISONS[gate.compare], one.value or 0.0
    size = f"{abs(value) if kind.signed else value:.3f}"
    said = kind.said.format(size=size, side="below" if value < 0 else "above")
    note = f" ({one.note})" if one.note else ""
    subject = f"{one.group}{note}: " if one.group else ""
    return f"{subject}{gate.metric} {said}"


def harm_bounds(gate: GateResult, one: GateComparison) -> tuple[float | None, float | None]:
    """Return (least, most) harm at a comparison's bounds; of a number that is no gap, its own bounds."""
    lower, upper = one.lower, one.upper
    turned = gate.harm == "below" or (gate.harm == "either" and (one.value or 0.0) < 0)
    if not (gate.signed and turned):
        return lower, upper
    return None if upper is None else -upper, None if lower is None else -lower


def _reading(gate: GateResult, one: GateComparison) -> str:
    """Return how the worst comparison's bound stands to the rule."""
    least, most = harm_bounds(gate, one)
    floor = gate.harm == "below" and not gate.signed
    if gate.limit is None:
        return _one_sided(gate, one, least, most)
    shown, open_end = (most, least) if floor else (least, most)
    at_least, at_most = ("at most", "at least") if floor else ("at least", "at most")
    if one.outcome == "breaks":
        return f"{at_least} {_number(shown)} where the limit is {gate.limit:g}"
    if one.outcome == "holds":
        return f"{at_most} {_number(open_end)}, within the limit {gate.limit:g}"
    if one.within and gate.outcome in {"pass", "warn"}:
        return f"within the limit {gate.limit:g}, as each of them is by its own bound"
    rows = f"; about {one.rows_needed:,} rows would decide" if one.rows_needed else ""
    if one.reason:
        return f"not shown: {one.reason}"
    return f"{at_most} {_number(open_end)}: not shown to be within the limit {gate.limit:g}{rows}"


def _one_sided(gate: GateResult, one: GateComparison, least: float | None, most: float | None) -> str:
    bound, sign, threshold = gate.rule.split()
    number = {"lower_bound": least, "upper_bound": most, "value": one.value}[bound]
    if bound == "value" and COMPARISONS[gate.compare].signed and gate.harm != "above":
        number = abs(one.value or 0.0) if gate.harm == "either" else -(one.value or 0.0)
    proves = (bound, sign[0]) in {("lower_bound", ">"), ("upper_bound", "<")}
    corrected = "corrected " if proves and gate.correction != "none" else ""
    verb = "is" if one.outcome == "breaks" else "is not"
    return f"{corrected}{bound.replace('_', ' ')} {_number(number)} {verb} {sign} {float(threshold):g}"


def _tally(gate: GateResult, measured: int) -> list[str]:
    """Return how many comparisons are like the worst one, and how many could not be decided."""
    breaking, holding = gate.count("breaks"), gate.count("holds")
    said = []
    if breaking and measured > 1:
        said.append(f"{breaking} of {measured} comparisons break the rule")
    elif not breaking and gate.limit is None and not gate.rule.startswith("value"):
        said.append(f"not shown to break it; shown within it for {holding} of {measured}")
    elif not breaking and measured > 1:
        said.append(f"{holding} of {measured} are shown within it")
    said += _unmeasured(gate)
    if accepted := gate.count("waived"):
        said.append(f"{accepted} accepted")
    return said


def _without_evidence(gate: GateResult) -> str:
    absent = [one.reason for one in gate.comparisons if one.outcome == "absent"]
    if absent:
        return f"{gate.metric}: {'; '.join(absent)}"
    if accepted := [one for one in gate.comparisons if one.outcome == "waived"]:
        first = f"{gate.metric}: {len(accepted)} accepted, first {accepted[0].group}: {accepted[0].reason}"
        return "; ".join([first, *_unmeasured(gate)])
    total = len(gate.comparisons)
    what = f"none of {total} comparisons could be measured" if total else "there was nothing to compare"
    first = f" ({gate.comparisons[0].reason})" if total == 1 else ""
    sides = ", ".join(_one_sided_groups(gate)) if total > 1 else ""
    return f"{gate.metric}: insufficient evidence, {what}{first}{f'; {sides}' if sides else ''}"


def _unmeasured(gate: GateResult) -> list[str]:
    """Return how many comparisons had too few rows, and how many groups stand on one side of a change only."""
    few = gate.count_kind("too_few")
    return [*([f"{few} had too few rows to decide"] if few else []), *_one_sided_groups(gate)]


def _one_sided_groups(gate: GateResult) -> list[str]:
    counts = {"new": gate.count_kind("new"), "gone": gate.count_kind("gone")}
    return [f"{n} {'is' if n == 1 else 'are'} {word}" for word, n in counts.items() if n]


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.3f}"

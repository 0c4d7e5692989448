"""One comparison of a gate as a sentence: `Recall is 34 % for men and 58 % for the rest`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.render.screen.amounts import harm, share_or_number, side_of_zero
from auditkit.render.screen.names import sentence
from auditkit.values.compare import COMPARISONS
from auditkit.values.shown.said import percent

if TYPE_CHECKING:
    from auditkit.render.screen.gates import GateBlock
    from auditkit.render.screen.names import Names
    from auditkit.values.gate import GateComparison, GateResult

_OTHERS = {
    "to_rest": "for the rest",
    "to_best": "for the best group",
    "to_reference": "for the reference group",
    "change": "before",
}


def gap_sentence(gate: GateResult, one: GateComparison, block: GateBlock, names: Names) -> str:
    """Return what a comparison found, without a full stop; "" where it has no number."""
    value, least, most = harm(gate, one)
    if value is None or one.value is None:
        return ""
    amounts, kind, group = block.amounts, COMPARISONS[gate.compare], names.group(one.group)
    bound = most if amounts.floor else least
    sure = ""
    if bound is not None and amounts.floor:
        sure = f", at most {amounts.number(bound, 'up', beside=gate.limit)}{_confidence(gate, one, names)}"
    elif bound is not None:
        sure = f", at least {amounts.number(bound, 'down', beside=gate.limit)}{_confidence(gate, one, names)}"
    if not kind.signed:
        what = {
            "difference": "The largest gap in {m} between groups of {g} is",
            "ratio": "Between groups of {g}, the lowest {m} over the highest is",
        }.get(gate.compare, "{M} of {g} is")
        size = amounts.amount(value) + side_of_zero(gate, one) + _apart(gate, one, names)
        return f"{what.format(m=block.metric, M=sentence(block.metric), g=group)} {size}{sure}"
    side = "lower" if one.value < 0 else "higher"
    own = names.at((gate.on, gate.metric, one.group, "absolute"))
    if own is None or own.value is None or one.note:
        others = _OTHERS[gate.compare].removeprefix("for ")
        return f"{sentence(block.metric)} of {group} is {amounts.amount(abs(one.value))} {side} than of {others}{sure}"
    mine, theirs = (share_or_number(number, own.unit) for number in (own.value, own.value - one.value))
    levels = f"{sentence(block.metric)} is {mine} for {group} and {theirs} {_OTHERS[gate.compare]}"
    return f"{levels}: {amounts.amount(abs(one.value))} {side}{sure}"


def _confidence(gate: GateResult, one: GateComparison, names: Names) -> str:
    """Return how sure a bound is: ` (97.5 % confidence, corrected)`."""
    found = names.at((gate.on, gate.metric, one.group, gate.compare))
    level = None if found is None or found.interval is None else (1 + found.interval.confidence) / 2
    corrected = gate.correction != "none" and len(gate.comparisons) > 1
    said = (
        "" if level is None else f"{percent(level, 'down')} confidence",
        "corrected" if corrected else "",
    )
    told = ", ".join(filter(None, said))
    return f" ({told})" if told else ""


def _apart(gate: GateResult, one: GateComparison, names: Names) -> str:
    """Return which groups a number between groups is of, such as ` (unknown lowest, F highest)`, or ""."""
    if not COMPARISONS[gate.compare].between or one.note:
        return ""
    found = names.at((gate.on, gate.metric, one.group, gate.compare))
    ends = [] if found is None else [(found.details.get(end), end) for end in ("lowest", "highest")]
    if not ends or not all(isinstance(group, str) for group, _ in ends):
        return ""
    return f" ({', '.join(f'{names.group(str(group))} {end}' for group, end in ends)})"

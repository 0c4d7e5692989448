"""A gate's rule as its reader says it: `recall at most 10 points below the rest`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.render.screen.amounts import amounts_of

if TYPE_CHECKING:
    from auditkit.values.gate import GateResult

_BESIDE = {
    "to_rest": "the rest",
    "to_best": "the best group",
    "to_reference": "the reference group",
    "change": "before",
    "absolute": "0",
}
_OF = {
    "absolute": "{metric}",
    "difference": "{metric}: largest gap between groups",
    "ratio": "{metric}: lowest over highest group",
}


def rule_of(gate: GateResult, metric: str, unit: str) -> str:
    """Return what must hold, or, of a rule of one side, what fails the gate."""
    if gate.limit is not None:
        return _with(gate, metric, unit, gate.limit, _most(gate))
    bound, sign, threshold = gate.rule.split() if len(gate.rule.split()) == 3 else ("", "", "")
    try:
        number = float(threshold)
    except ValueError:
        return f"{metric}: fails if {gate.rule}"
    more = sign.startswith(">")
    shown = (
        {"lower_bound": "shown to be", "upper_bound": "not shown to be", "value": ""}[bound]
        if more
        else ({"upper_bound": "shown to be", "lower_bound": "not shown to be", "value": ""}[bound])
    )
    asked_of_bound = (bound == "lower_bound") == more or bound == "value"
    words = ("more than" if more else "less than") if asked_of_bound else ("at most" if more else "at least")
    return f"fails if {_with(gate, metric, unit, number, f'{shown} {words}'.strip())}"


def _most(gate: GateResult) -> str:
    return "at least" if amounts_of(gate, "").floor else "at most"


def _with(gate: GateResult, metric: str, unit: str, number: float, words: str) -> str:
    """Return `recall at most 10 points below the rest`."""
    amount = amounts_of(gate, unit).amount(number)
    if gate.signed:
        side = {"below": "below", "above": "above", "either": "from"}[gate.harm]
        if gate.compare == "change":
            side = {"below": "less than", "above": "more than", "either": "other than"}[gate.harm]
        return f"{metric} {words} {amount} {side} {_BESIDE[gate.compare]}"
    return f"{_OF[gate.compare].format(metric=metric)} {words} {amount}"

"""A gate as a redacted report shows it: its outcome, and the comparisons whose numbers stay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from auditkit.gates.words import message_of
from auditkit.values.gate import GateComparison, GateResult

if TYPE_CHECKING:
    from auditkit.redact.decide import Decided

OTHERS = "groups that are suppressed"
WORDS = {
    "breaks": "some break the rule",
    "holds": "some are shown within it",
    "not_shown": "of some neither is shown",
    "too_few": "some had too few rows to decide",
    "absent": "some are absent",
    "waived": "some are accepted as they are",
}


def redacted_gate(gate: GateResult, decided: Decided) -> GateResult:
    """Return the gate with its outcome and the comparisons that stay.

    All that are hidden and have one outcome are one record without a number: the outcomes, and so the verdict, are
    those of all comparisons, and neither the number nor the order of the hidden ones says anything of a group.
    """
    shown = [one for one in gate.comparisons if _stays(gate, one, decided)]
    hidden = [one for one in gate.comparisons if not _stays(gate, one, decided)]
    if not hidden:
        return gate
    joined: dict[tuple[object, ...], GateComparison] = {}
    for one in hidden:
        key = (one.outcome, one.within, one.warns)
        joined.setdefault(
            key, GateComparison(group=OTHERS, outcome=one.outcome, n=0, within=one.within, warns=one.warns)
        )
    kept = replace(gate, comparisons=(*shown, *joined.values()))
    return replace(kept, message=_message(kept, shown, list(joined.values())))


def _stays(gate: GateResult, one: GateComparison, decided: Decided) -> bool:
    """Whether a comparison's numbers are those of a finding that stays; one that is absent has none."""
    if any(step == gate.on for step, _ in decided.closed):
        return False
    if one.outcome in {"absent", "waived"} and one.n == 0:
        return True
    group = (
        one.group
        if decided.names.parts(one.group) or one.group in decided.ruled
        else one.group.rpartition(" [")[0]
    )
    return decided.fate_of(group or one.group, gate.metric, gate.compare) == "stays"


def _message(gate: GateResult, shown: list[GateComparison], hidden: list[GateComparison]) -> str:
    """Return the sentence of the gate without a number of the hidden comparisons."""
    said = ", ".join(dict.fromkeys(WORDS[one.outcome] for one in hidden))
    others = f"{OTHERS}: {said}"
    if not any(one.value is not None for one in shown):
        return f"{gate.metric}: {others}"
    return f"{message_of(replace(gate, comparisons=tuple(shown)))}; {others}"

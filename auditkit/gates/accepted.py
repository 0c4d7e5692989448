"""Findings that somebody accepted: taken out of a gate's outcome, never out of the report or of the correction.

A waiver holds until its day, within its limit, for what it accepts. The comparisons were corrected for before, as one
family with all others: accepting one makes no other easier to show.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from auditkit.gates.decide import ORDER
from auditkit.gates.words import harm_bounds, message_of
from auditkit.values.compare import COMPARISONS
from auditkit.values.gate import outcome_of
from auditkit.values.report import Accepted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit.spec.waiver import Waiver
    from auditkit.values.gate import GateComparison, GateResult


def accept(
    gates: Sequence[GateResult], waivers: Sequence[Waiver], *, recipe: str, today: date
) -> tuple[tuple[GateResult, ...], tuple[Accepted, ...]]:
    """Return the gates with what was accepted set apart, and what became of each waiver of this recipe.

    A waiver that names another recipe is none of this run's.
    """
    mine = {one.fingerprint: one for one in waivers if one.recipe in {"", recipe}}
    found: dict[str, Accepted] = {}
    decided = tuple(_with_accepted(gate, mine, today, found) for gate in gates)
    ran = all(gate.ran for gate in gates)
    entries = (found.get(mark) or _entry(one, _idle(one, today, ran=ran)) for mark, one in mine.items())
    return decided, tuple(entries)


def said_of(entries: Sequence[Accepted]) -> tuple[str, ...]:
    """Return a sentence for each waiver of a run; it names no group, which a redacted report may hide."""
    words = {
        "used": "holds until {expires}: {reason}",
        "expired": "expired on {expires}",
        "lapsed": "has lapsed: more harm is shown than it accepts",
        "unused": "accepts what no gate finds any more",
    }
    return tuple(
        f"The waiver {one.fingerprint} of {one.owner}{f' for gate {one.gate}' if one.gate else ''} "
        f"{words[one.state].format(expires=one.expires, reason=one.reason.rstrip('.'))}."
        for one in entries
        if one.state in words
    )


def _with_accepted(
    gate: GateResult, waivers: dict[str, Waiver], today: date, found: dict[str, Accepted]
) -> GateResult:
    """Return a gate with its accepted comparisons set apart; `found` learns what became of each waiver."""
    rows = []
    for one in gate.comparisons:
        waiver = waivers.get(one.fingerprint)
        if waiver is None or one.outcome == "holds":
            rows.append(one)
            continue
        state = _state(waiver, gate, one, today)
        found[one.fingerprint] = _entry(waiver, state, gate.id, one.group)
        rows.append(_accepted(one, waiver) if state == "used" else _back(one, waiver, state))
    if rows == list(gate.comparisons):
        return gate
    ordered = replace(gate, comparisons=tuple(sorted(rows, key=lambda row: ORDER[row.outcome])))
    decided = replace(ordered, outcome=outcome_of(ordered))
    return replace(decided, message=message_of(decided))


def _state(waiver: Waiver, gate: GateResult, one: GateComparison, today: date) -> str:
    if today > date.fromisoformat(waiver.expires):
        return "expired"
    beyond = waiver.accepts == "undecided" and one.outcome == "breaks"
    return "lapsed" if beyond or is_beyond(waiver.limit, gate, one) else "used"


def is_beyond(limit: float | None, gate: GateResult, one: GateComparison) -> bool:
    """Whether the corrected bound shows more harm than a limit."""
    if limit is None:
        return False
    least, most = harm_bounds(gate, one)
    if gate.harm == "below" and not COMPARISONS[gate.compare].signed:
        return most is not None and most < limit
    return least is not None and least > limit


def _accepted(one: GateComparison, waiver: Waiver) -> GateComparison:
    was = {"breaks": "it breaks the rule", "absent": "the data lack it"}.get(one.outcome, "not decided")
    reason = f"{was}; accepted by {waiver.owner} until {waiver.expires}: {waiver.reason}"
    return replace(one, outcome="waived", reason=reason)


def _back(one: GateComparison, waiver: Waiver, state: str) -> GateComparison:
    """Return a comparison that is no longer accepted, with the words for why."""
    why = (
        f"expired on {waiver.expires}"
        if state == "expired"
        else "lapsed, for more harm is shown than it accepts"
    )
    told = f"the waiver of {waiver.owner} {why}"
    return replace(one, reason=f"{one.reason}; {told}" if one.reason else told)


def _idle(waiver: Waiver, today: date, *, ran: bool) -> str:
    """Return what a waiver is that no comparison asked for: perhaps of a step that did not run."""
    if today > date.fromisoformat(waiver.expires):
        return "expired"
    return "unused" if ran else "waiting"


def _entry(waiver: Waiver, state: str, gate: str = "", group: str = "") -> Accepted:
    return Accepted(
        fingerprint=waiver.fingerprint,
        owner=waiver.owner,
        reason=waiver.reason,
        expires=waiver.expires,
        state=state,
        limit=waiver.limit,
        gate=gate or waiver.gate,
        group=group or waiver.group,
    )

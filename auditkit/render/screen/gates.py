"""Each gate with its comparisons, those that break it first and the worst of them at the top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.render import words
from auditkit.render.screen import amounts as numbers
from auditkit.render.screen.at_most import at_most
from auditkit.render.screen.rules import rule_of
from auditkit.values.compare import COMPARISONS
from auditkit.values.gate import MEASURED
from auditkit.values.shown.said import plain_number

if TYPE_CHECKING:
    from auditkit.render.screen.amounts import Amounts
    from auditkit.render.screen.names import Names
    from auditkit.values.finding import Finding
    from auditkit.values.gate import GateComparison, GateResult, Judged, Kind
    from auditkit.values.report import Report

SEVERITY = ("fail", "insufficient", "not_shown", "warn", "not_run", "pass")
_ORDER: tuple[Judged, ...] = ("breaks", "absent", "not_shown", "too_few", "waived", "holds")


@dataclass(frozen=True)
class GateRow:
    """One comparison of a gate.

    `value`, `least` and `most` lie on the axis on which harm grows (shrinks, where the block is a `floor`), in the
    metric's unit; they are what a picture draws. `levels` is `0.34 against 0.58`, `gap` is `24, at least 5`.
    """

    outcome: Judged
    group: str
    n: int
    value: float | None
    least: float | None
    most: float | None
    levels: str
    gap: str
    why: str
    rows_needed: int | None
    comparison: GateComparison


@dataclass(frozen=True)
class GateBlock:
    """One gate: its rule in words, and its comparisons from the worst to the best.

    `at_most` is a sentence about all assessed groups at once, which needs no correction; "" where none can be said.
    """

    gate: GateResult
    metric: str
    rule: str
    amounts: Amounts
    rows: tuple[GateRow, ...]
    counts: str
    at_most: str

    def of(self, *outcomes: Judged) -> tuple[GateRow, ...]:
        """Return the comparisons with one of these outcomes."""
        return tuple(row for row in self.rows if row.outcome in outcomes)

    @property
    def open_rows(self) -> tuple[GateRow, ...]:
        """Return the comparisons that a reader should see: those that break the rule, or else are not shown to hold."""
        return self.of("breaks", "absent") or (self.of("not_shown") if self.gate.outcome != "pass" else ())


def gate_blocks(report: Report, names: Names) -> tuple[GateBlock, ...]:
    """Return the gates of a report, failed ones first."""
    ranked = sorted(report.gates, key=lambda gate: SEVERITY.index(gate.outcome))
    return tuple(_block(gate, names) for gate in ranked)


def _block(gate: GateResult, names: Names) -> GateBlock:
    unit = COMPARISONS[gate.compare].unit or names.declared(gate.on, gate.metric).unit
    metric, amounts = names.metric(gate.on, gate.metric), numbers.amounts_of(gate, unit)
    ordered = sorted(gate.comparisons, key=lambda one: (_ORDER.index(one.outcome), *_by_size(gate, one)))
    return GateBlock(
        gate=gate,
        metric=metric,
        rule=words.visible(rule_of(gate, metric, unit), limit=200),
        amounts=amounts,
        rows=tuple(_row(gate, one, amounts, names) for one in ordered),
        counts=_counts(gate),
        at_most=at_most(gate, metric, amounts, names),
    )


def _row(gate: GateResult, one: GateComparison, amounts: Amounts, names: Names) -> GateRow:
    value, least, most = numbers.harm(gate, one)
    note = f" ({words.visible(one.note, limit=40)})" if one.note else ""
    return GateRow(
        outcome=one.outcome,
        group=names.group(one.group) + note,
        n=one.n,
        value=value,
        least=least,
        most=most,
        levels=_levels(gate, one, names),
        gap="" if value is None else _gap(gate, one, amounts, (value, least, most)),
        why=words.visible(one.reason, limit=160),
        rows_needed=one.rows_needed,
        comparison=one,
    )


def _by_size(gate: GateResult, one: GateComparison) -> tuple[float, ...]:
    """Return what puts the largest harm first among those that break a rule; the others keep the gate's own order."""
    value, _, _ = numbers.harm(gate, one)
    if one.outcome != "breaks" or value is None:
        return (0.0,)
    return (value if numbers.amounts_of(gate, "").floor else -value,)


def _levels(gate: GateResult, one: GateComparison, names: Names) -> str:
    """Return a group's own number against that of the others, `0.34 against 0.58`, where both are known."""
    own = own_value(gate, one, names)
    if own is None or own.value is None or one.value is None:
        return ""
    return f"{plain_number(own.value)} against {plain_number(own.value - one.value)}"


def own_value(gate: GateResult, one: GateComparison, names: Names) -> Finding | None:
    """Return the finding of a group's own number, of a gate that compares it with others'."""
    if not COMPARISONS[gate.compare].signed or one.note:
        return None
    return names.at((gate.on, gate.metric, one.group, "absolute"))


def _gap(
    gate: GateResult, one: GateComparison, amounts: Amounts, held: tuple[float, float | None, float | None]
) -> str:
    """Return a comparison's number and the bound that decides: `24, at least 5`."""
    value, least, most = held
    said = amounts.number(value) + numbers.side_of_zero(gate, one)
    lower = None if least is None else amounts.number(least, "down", beside=gate.limit)
    upper = None if most is None else amounts.number(most, "up", beside=gate.limit)
    match one.outcome:
        case "breaks":
            bound = f"at most {upper}" if amounts.floor else f"at least {lower}"
            return f"{said}, {bound}" if (upper if amounts.floor else lower) is not None else said
        case "holds":
            bound = f"at least {lower}" if amounts.floor else f"at most {upper}"
            return f"{said}, {bound}" if (lower if amounts.floor else upper) is not None else said
        case _ if lower is not None and upper is not None:
            return f"{said}, {lower} to {upper}"
        case _ if upper is not None:
            return f"{said}, at most {upper}"
        case _ if lower is not None:
            why = one.reason.partition(":")[0]
            return f"{said}, at least {lower}, no upper bound{f' ({why})' if why else ''}"
    return said


def _counts(gate: GateResult) -> str:
    """Return `9 of 35 break it, 8 hold, 18 are undecided; 14 more have too few rows`."""
    measured, holding, undecided = gate.count(*MEASURED), gate.count("holds"), gate.count("not_shown")
    said = []
    if breaking := gate.count("breaks"):
        said.append(f"{breaking:,} of {measured:,} break{'s' if breaking == 1 else ''} it")
        if holding:
            said.append(f"{holding:,} hold{'s' if holding == 1 else ''}")
    elif measured:
        shown = gate.limit is not None
        verb = "is shown" if holding == 1 else "are shown"
        said.append(
            f"{holding:,} of {measured:,} {verb} within it"
            if shown
            else f"{measured:,} measured, none shown to break it"
        )
    if undecided and (breaking or gate.limit is not None):
        said.append(f"{undecided:,} {'is' if undecided == 1 else 'are'} undecided")
    left: tuple[tuple[Kind, str, str], ...] = (
        ("too_few", "has too few rows", "have too few rows"),
        ("new", "is new", "are new"),
        ("gone", "is gone", "are gone"),
        ("absent", "is not in the data", "are not in the data"),
        ("waived", "is accepted", "are accepted"),
    )
    more = " more" if measured else ""
    rest = ", ".join(
        f"{count:,}{more} {one if count == 1 else many}"
        for kind, one, many in left
        if (count := gate.count_kind(kind))
    )
    return "; ".join(filter(None, (", ".join(said), rest)))

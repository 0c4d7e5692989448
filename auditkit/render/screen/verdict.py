"""The verdict in a sentence or two that a person can repeat: who fares worse, by how much, how sure, how many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.render.screen.names import sentence
from auditkit.render.screen.said_gap import gap_sentence
from auditkit.values.gate import MEASURED

if TYPE_CHECKING:
    from auditkit.render.screen.gates import GateBlock, GateRow
    from auditkit.render.screen.names import Names
    from auditkit.values.report import Report
    from auditkit.values.shown.answer import Answer


def verdict_sentences(report: Report, blocks: tuple[GateBlock, ...], names: Names) -> tuple[str, ...]:
    """Return what the first screen says beneath the verdict."""
    if not blocks:
        return _answered(report.answers)
    block = blocks[0]
    match block.gate.outcome:
        case "fail":
            return _failed(block, names)
        case "not_shown" | "warn":
            return _not_shown(block)
        case "insufficient" | "not_run":
            return _undecided(block)
    return tuple(dict.fromkeys(f"{sentence(one.at_most)}." for one in blocks if one.at_most))[
        :2
    ] or _answered(report.answers)


def _failed(block: GateBlock, names: Names) -> tuple[str, ...]:
    gate = block.gate
    if not gate.count("breaks"):
        return (f"{gate.id} fails: {_undecided_reason(block)}.",)
    row = block.of("breaks")[0]
    first = gap_sentence(gate, row.comparison, block, names)
    many = f"{sentence(block.counts)} (gate {gate.id}: {block.rule})." if len(gate.comparisons) > 1 else ""
    return tuple(filter(None, (f"{first or _bare(row, block)}.", many)))


def _bare(row: GateRow, block: GateBlock) -> str:
    """Return what is known of a row whose gap no sentence tells."""
    return f"{sentence(block.metric)} of {row.group} is {row.gap}, where the rule is {block.rule}"


def _not_shown(block: GateBlock) -> tuple[str, ...]:
    gate = block.gate
    asked = f"Nothing fails, and it is not shown that every group keeps to it: {block.rule}."
    if gate.outcome == "warn":
        asked = f"Nothing fails, with a warning: {block.rule}."
    open_rows = block.of("not_shown")
    worst = f"Least sure: {open_rows[0].group}, {_unit(open_rows[0], block)}" if open_rows else ""
    if open_rows and open_rows[0].rows_needed:
        worst += f"; about {open_rows[0].rows_needed:,} rows like these would decide"
    return tuple(filter(None, (asked, f"{sentence(block.counts)}.", f"{worst}." if worst else "")))


def _unit(row: GateRow, block: GateBlock) -> str:
    return f"gap {row.gap} points" if block.amounts.in_points else row.gap


def _undecided(block: GateBlock) -> tuple[str, ...]:
    return (f"Nothing could be decided about {block.gate.id} ({block.rule}): {_undecided_reason(block)}.",)


def _undecided_reason(block: GateBlock) -> str:
    gate = block.gate
    if not gate.ran:
        return gate.message
    absent = [row for row in block.rows if row.outcome == "absent"]
    if absent:
        return "; ".join(dict.fromkeys(row.why for row in absent))
    few = [row for row in block.rows if row.comparison.kind == "too_few"]
    if not few and (gate.count_kind("new") or gate.count_kind("gone")):
        return block.counts
    if not few:
        return gate.message if gate.count(*MEASURED) else "there was nothing to compare"
    nearest = min(few, key=lambda row: row.rows_needed or 10**12)
    hint = (
        f"; {'it needs' if len(few) == 1 else f'the nearest to enough is {nearest.group}, at'} about "
        f"{nearest.rows_needed:,} rows"
        if nearest.rows_needed
        else ""
    )
    named = " and ".join(row.group for row in few)
    them = {1: f"{named} has", 2: f"{named} have"}.get(len(few), f"{len(few):,} groups have")
    sides = ", ".join(
        f"{n:,} {'is' if n == 1 else 'are'} {word}"
        for word, n in (("new", gate.count_kind("new")), ("gone", gate.count_kind("gone")))
        if n
    )
    return f"{them} too few rows{hint}{f'; {sides}' if sides else ''}"


def _answered(answers: tuple[Answer, ...]) -> tuple[str, ...]:
    """Return the first answers, those about harm before the others; at most two."""
    ranked = sorted(answers, key=lambda answer: not answer.harm)
    return tuple(f"{answer.text.rstrip('.')}." for answer in ranked[:2])

"""Explains what the last run printed: a gate with what decides it first, a group, a step's id."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from auditkit.render import verdicts, words
from auditkit.render.screen.screen import first_screen
from auditkit.values.compare import COMPARISONS
from auditkit.values.shown.said import percent

if TYPE_CHECKING:
    from auditkit.render.screen.cards import Card
    from auditkit.render.screen.gates import GateBlock
    from auditkit.render.screen.screen import Screen
    from auditkit.values.report import Report

WIDTH, SHOWN = 96, 10


def explained(name: str, report: Report) -> str:
    """Return what a name stands for in a report, "" where it is none of its gates, groups or steps."""
    screen = first_screen(report)
    for block in screen.gates:
        if name == block.gate.id:
            return _gate(block, report)
    for card in screen.cards:
        if name in {card.name, card.title}:
            return _card(card)
    return _group(name, report, screen) or _step(name, report, screen)


def names_in(report: Report) -> tuple[str, ...]:
    """Return the names of a report that can be explained."""
    gates = (gate.id for gate in report.gates)
    groups = (entry.name for entry in report.groups)
    return tuple(dict.fromkeys((*gates, *groups, *(step.id for step in report.steps))))


def _gate(block: GateBlock, report: Report) -> str:
    """Return what decides a gate, then what it found."""
    gate = block.gate
    family = "the run" if gate.family == "run" else "the gate"
    corrected = (
        ""
        if gate.correction == "none"
        else f", corrected ({gate.correction}) for all comparisons of {family}"
    )
    decides = (
        f"It fails where a confidence bound of some group is beyond the limit{corrected}; it holds where every group "
        "is within it by its own bound; else it is not shown to hold."
        if gate.limit is not None
        else f"It fails where a confidence bound of some group meets {gate.rule}{corrected}."
    )
    rows = [
        f"  {verdicts.JUDGED[row.comparison.kind]:13}{row.group}: "
        f"{f'{row.levels}; ' if row.levels else ''}{row.gap or row.why}"
        for row in block.rows[:SHOWN]
    ]
    more = len(block.rows) - SHOWN
    parts = [
        f"gate {gate.id} of {report.name}: {block.rule}",
        decides,
        f"{verdicts.OUTCOMES[gate.outcome]}: {block.counts or gate.message}.",
        f"{block.at_most[:1].upper()}{block.at_most[1:]}." if block.at_most else "",
        f"Metric {gate.metric} of step {gate.on}: auditkit explain {gate.metric}",
    ]
    told = [textwrap.fill(words.visible(part, limit=1000), WIDTH) for part in parts if part]
    told[3:3] = ["\n".join([*rows, *([f"  … and {more:,} more"] if more > 0 else [])])] if rows else []
    return "\n".join(told)


def _card(card: Card) -> str:
    fit = f" ({card.fit})" if card.fit else ""
    who = [
        f"  {one.value}: {percent(one.share)} of the group, {percent(one.share_of_all)} of all rows"
        for one in card.who
    ]
    gap = (
        f"{card.unit or 'loss'} {card.gap} on {card.n_gap:,} rows that the search did not see"
        if card.gap
        else ""
    )
    confirmed = {True: "confirmed", False: "not confirmed", None: "not tested"}[card.confirmed]
    lines = [
        f"{card.name}: {card.title}{fit}",
        f"{card.rows:,} rows, {percent(card.share)}; {confirmed}",
        gap,
        *who,
    ]
    return "\n".join(filter(None, (*lines, f"whole rule: {card.rule}" if card.rule != card.title else "")))


def _group(name: str, report: Report, screen: Screen) -> str:
    """Return a group's rule and numbers, those that can be harm first."""
    names = {one.group for one in report.findings if one.group} | {entry.name for entry in report.groups}
    group = next((one for one in sorted(names) if name in {one, screen.names.group(one)}), None)
    if group is None:
        return ""
    entry = next((one for one in report.groups if one.name == group), None)
    rule = (
        ""
        if entry is None
        else f"{words.visible(entry.rule, limit=1000)}; {entry.n:,} rows, {percent(entry.share)}"
    )
    mine = [one for one in report.findings if one.group == group]
    mine.sort(key=lambda one: (one.compare != "to_rest", one.direction == "neither"))
    told = [
        f"  {screen.names.metric(one.step, one.metric)}, {COMPARISONS[one.compare].title}: "
        f"{words.estimate(one) if one.value is not None else words.visible(one.reason, limit=120)}"
        for one in mine[:SHOWN]
    ]
    more = [f"  … and {len(mine) - SHOWN:,} more numbers"] if len(mine) > SHOWN else []
    return "\n".join(filter(None, (f"group {group} of {screen.title}", rule, *told, *more)))


def _step(name: str, report: Report, screen: Screen) -> str:
    step = next((step for step in report.steps if step.id == name), None)
    if step is None:
        return ""
    said = [
        f"  {answer.text} ({answer.basis})" if answer.basis else f"  {answer.text}"
        for answer in report.answers
        if answer.step == name
    ]
    head = f"step {name} of {screen.title}: {step.title} (auditkit explain {step.use})"
    return "\n".join([head, *said])

"""The report as a job summary or a comment on a pull request: the answer, who breaks the rules, what is not known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from auditkit.render import verdicts, words
from auditkit.render.screen.elsewhere import heading
from auditkit.render.screen.screen import first_screen
from auditkit.values.shown.said import percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from auditkit.render.screen.cards import Card
    from auditkit.render.screen.gates import GateBlock
    from auditkit.render.screen.screen import Screen
    from auditkit.values.report import Report

OFFENDERS = 20
"""Comparisons of one gate; the rest are counted."""
TOP = 10
"""Rows of other tables, mined groups, answers and open gates."""

# Escaped as entities, not with backslashes: GitHub links @names, #12 and bare addresses before it unescapes.
# A colon matters before a word (:emoji:, http://), an underscore at a word's edge, www before its dot.
_ACTIVE = re.compile(
    r"[\\`*{}\[\]<>#@|~$]|&(?=[#\w])|:(?=\S)|(?<![^\W_])_|_(?![^\W_])|w(?=\.)", re.IGNORECASE
)


def render(report: Report) -> str:
    """Return the report as GitHub-flavoured Markdown; text from data can neither format, link nor mention."""
    screen = first_screen(report)
    shown, rest = screen.gates[:TOP], screen.gates[TOP:]
    blocks = [
        f"## {screen.sign} {escape(f'{screen.verdict}: {screen.reason}')}",
        f"**{escape(screen.title)}**" + "".join(f" · {escape(fact)}" for fact in screen.facts),
        f"**! {escape(screen.caution)}**" if screen.caution else "",
        " ".join(escape(sentence) for sentence in screen.sentences),
        *(_gate(block, screen) for block in shown),
        f"{len(rest):,} more gates in the whole report." if rest else "",
        _answers(screen),
        _cards(screen),
        _elsewhere(screen),
        _not_assessed(screen),
        _notes(screen),
        _small(words.provenance(report.provenance)),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def escape(text: str) -> str:
    """Return text that Markdown shows as it is, on one line and inside a table cell."""
    return _ACTIVE.sub(lambda found: f"&#{ord(found[0])};", words.visible(text))


def _gate(block: GateBlock, screen: Screen) -> str:
    """Return a gate's rule and counts, and a table of what breaks it or is not shown."""
    gate = block.gate
    said = block.counts if gate.ran else words.visible(gate.message, limit=200)
    head = (
        f"### {verdicts.SIGNS[gate.outcome]} {escape(words.visible(gate.id, limit=60))}: {escape(block.rule)}"
    )
    rows = [
        (
            verdicts.JUDGED_SIGNS[row.outcome],
            escape(row.group),
            f"{row.n:,}",
            row.levels,
            escape(f"{'gap ' if block.amounts.in_points else ''}{row.gap}" if row.gap else row.why),
        )
        for row in (() if gate.outcome == "pass" else block.open_rows[:OFFENDERS])
    ]
    others = ">Against before" if block.gate.compare == "change" else ">Against the others"
    heads = ("", "Group", ">n", others, ">In points" if block.amounts.in_points else ">Value")
    table = _table(heads, rows, more=0 if gate.outcome == "pass" else len(block.open_rows) - OFFENDERS)
    at_most = f"{block.at_most[:1].upper()}{block.at_most[1:]}." if block.at_most else ""
    told = "" if at_most in screen.sentences else escape(at_most)
    return "\n\n".join(filter(None, (head, escape(f"{said}.") if said else "", table, told)))


def _answers(screen: Screen) -> str:
    """Return the first answer of each step, then others as long as there is room, one line each."""
    first = {answer.step: answer for answer in reversed(screen.answers)}
    others = [answer for answer in screen.answers if first[answer.step] is not answer]
    chosen = [*reversed(list(first.values())), *others][:TOP]
    return "\n".join(
        f"- **{escape(one.step)}** {escape(words.visible(one.text, limit=400))}" for one in chosen
    )


def _cards(screen: Screen) -> str:
    """Return the groups that nobody named by their plain rules, which are never cut."""
    if not screen.cards:
        return ""
    shown = screen.cards[:TOP]
    more = len(screen.cards) - TOP
    lines = ["### Groups nobody named", *(f"- {_card(card)}" for card in shown)]
    return "\n".join(lines) + (f"\n- {more:,} more in the whole report" if more > 0 else "")


def _card(card: Card) -> str:
    fit = f" ({'exact' if card.fit == 'exact' else f'about: {card.fit}'})" if card.fit else ""
    gap = f"; {card.unit or 'loss'} {card.gap} on {card.n_gap:,}" if card.gap else ""
    unsure = "**not confirmed** " if card.confirmed is False else ""
    kind = f"; {card.kind}" if card.kind else ""
    return (
        f"{unsure}{escape(card.title + fit)}: {card.rows:,} rows, {percent(card.share)}{escape(gap + kind)}"
    )


def _elsewhere(screen: Screen) -> str:
    rows = [
        (escape(one.group), escape(one.metric), f"{one.n:,}", escape(one.gap))
        for one in screen.elsewhere[:TOP]
    ]
    what = heading(screen.elsewhere).capitalize()
    table = _table(("Group", "Metric", ">n", f">{what}"), rows, more=len(screen.elsewhere) - TOP)
    return f"### Worst elsewhere, certain after correction\n\n{table}" if table else ""


def _not_assessed(screen: Screen) -> str:
    said = " ".join(screen.unassessed.sentences)
    return f"**Not assessed** {escape(words.visible(said, limit=600))}" if said else ""


def _notes(screen: Screen) -> str:
    lines = [f"> {escape(words.visible(note, limit=500))}" for note in screen.notes[:TOP]]
    return "\n>\n".join(lines)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, more: int = 0) -> str:
    """Return a table, or "" without rows; a head that starts with > is a column of numbers."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    if not lines:
        return ""
    rule = " | ".join("--:" if head.startswith(">") else ":--" for head in heads)
    names = " | ".join(head.lstrip(">") for head in heads)
    body = "\n".join((f"| {names} |", f"| {rule} |", *lines))
    return body + (f"\n\n{more:,} more in the whole report." if more > 0 else "")


def _small(text: str) -> str:
    return f"<sub>{escape(text)}</sub>" if text else ""

"""The parts of the first screen as lines, each as long as a detail level allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.render import verdicts, words
from auditkit.render.screen.elsewhere import heading
from auditkit.render.text.layout import Line, Piece, Style, cells, clipped, cut, in_columns, wrapped
from auditkit.values.shown.said import percent

if TYPE_CHECKING:
    from auditkit.render.screen.cards import Card
    from auditkit.render.screen.gates import GateBlock
    from auditkit.render.screen.screen import Screen
    from auditkit.values.shown.answer import Answer

STYLES: dict[str, Style] = {
    "pass": "green",
    "warn": "yellow",
    "fail": "red",
    "not_shown": "magenta",
    "insufficient": "magenta",
    "not_run": "dim",
    "no gates": "bold",
    "error": "red",
}
INDENT, HANG = "  ", "    "


@dataclass(frozen=True)
class Detail:
    """How much of each part is shown; what is not is counted."""

    offenders: int
    gates: int
    answers: int
    elsewhere: int
    cards: int
    notes: int


LEVELS = (
    Detail(offenders=12, gates=8, answers=8, elsewhere=5, cards=5, notes=3),
    Detail(offenders=12, gates=8, answers=5, elsewhere=3, cards=4, notes=1),
    Detail(offenders=12, gates=8, answers=4, elsewhere=2, cards=3, notes=0),
    Detail(offenders=12, gates=6, answers=3, elsewhere=1, cards=2, notes=0),
    Detail(offenders=10, gates=6, answers=2, elsewhere=1, cards=1, notes=0),
    Detail(offenders=8, gates=5, answers=2, elsewhere=1, cards=1, notes=0),
    Detail(offenders=6, gates=4, answers=1, elsewhere=1, cards=1, notes=0),
    Detail(offenders=4, gates=4, answers=1, elsewhere=0, cards=1, notes=0),
    Detail(offenders=3, gates=3, answers=1, elsewhere=0, cards=1, notes=0),
    Detail(offenders=1, gates=2, answers=1, elsewhere=0, cards=1, notes=0),
)
"""From the fullest to the barest; the first that fits the screen is taken."""


def head(screen: Screen, verdict: str, width: int) -> list[Line]:
    """Return the verdict with its reason, the data, what makes them void, and the answer in sentences."""
    sign: Style = STYLES[verdict]
    mark = f"{screen.sign} {screen.verdict}"
    title, *more = wrapped(f"{screen.reason} · {screen.title}", width, first=f"{mark}  ", rest=INDENT)
    first: Line = (Piece(mark, sign), Piece("  "), Piece(title[1].text, "bold"))
    facts = clipped(wrapped(" · ".join(screen.facts), width, style="dim"), 4, width)
    void = wrapped(screen.caution, width, first="! ", rest=INDENT, style="yellow") if screen.caution else []
    said = [line for one in screen.sentences for line in wrapped(one, width)]
    return [first, *more, *facts, *void, *clipped(said, 8, width)]


def gates(screen: Screen, detail: Detail, width: int) -> list[Line]:
    """Return the gates, failed ones first."""
    shown = screen.gates[: detail.gates]
    lines = [line for block in shown for line in _gate(block, screen, detail, width)]
    left = screen.gates[detail.gates :]
    if left:
        counts = {one.gate.outcome: sum(b.gate.outcome == one.gate.outcome for b in left) for one in left}
        tally = ", ".join(f"{count:,} {verdicts.OUTCOMES[outcome]}" for outcome, count in counts.items())
        lines += wrapped(
            f"… and {len(left):,} more gate{'' if len(left) == 1 else 's'}: {tally}", width, style="dim"
        )
    return lines


def _gate(block: GateBlock, screen: Screen, detail: Detail, width: int) -> list[Line]:
    gate = block.gate
    mark = f"{verdicts.SIGNS[gate.outcome]} {cut(words.visible(gate.id, limit=80), 28)}"
    worst = ""
    if gate.outcome == "pass" and block.rows and (row := block.rows[0]).value is not None:
        worst = f"worst {row.group} {_gap_word(block)}{row.gap}"
    said = (
        ", ".join(filter(None, (block.counts, worst))) if gate.ran else words.visible(gate.message, limit=100)
    )
    text = f"{block.rule}: {said}" if said else block.rule
    head_line, *more = wrapped(text, width, first=f"{mark}  ", rest=HANG)
    lines: list[Line] = [(Piece(mark, STYLES[gate.outcome]), Piece("  "), *head_line[1:]), *more]
    if gate.outcome != "pass":
        lines += _rows(block, detail, width)
    if block.at_most and not any(block.at_most[1:] in one for one in screen.sentences):
        lines += wrapped(
            f"{block.at_most[:1].upper()}{block.at_most[1:]}.", width, first=HANG, rest=HANG, style="dim"
        )
    return lines


def _rows(block: GateBlock, detail: Detail, width: int) -> list[Line]:
    """Return the comparisons that break a rule, or are not shown to keep to it."""
    rows = block.open_rows
    shown = rows[: detail.offenders]
    table = [
        (
            row.group,
            row.levels,
            f"{_gap_word(block)}{row.gap}" if row.gap else cut(row.why, 40),
            f"n {row.n:,}",
        )
        for row in shown
    ]
    if not table:
        return []
    needed = sum(max(cells(row[i]) for row in table) for i in (1, 2, 3)) + cells(HANG) + 9
    if (
        needed + min(24, max(cells(row[0]) for row in table)) > width
    ):  # the levels follow from the gap: they give way
        table = [(group, "", gap, n) for group, _, gap, n in table]
    kept = [i for i in range(4) if any(row[i] for row in table)]
    set_rows = in_columns(
        [[row[i] for i in kept] for row in table], width, indent=HANG, numbers=frozenset({len(kept) - 1})
    )
    lines: list[Line] = [(Piece(HANG), Piece(cut("   ".join(row), width - len(HANG)))) for row in set_rows]
    if len(rows) > len(shown):
        lines.append(
            (Piece(HANG), Piece(f"… and {len(rows) - len(shown):,} more, less far from the rule", "dim"))
        )
    return lines


def _gap_word(block: GateBlock) -> str:
    return "gap " if block.amounts.in_points else ""


def answers(screen: Screen, detail: Detail, width: int) -> list[Line]:
    """Return what steps answer, a mark before each: `!` harm, `?` not shown, `·` anything else."""
    chosen = _chosen(screen.answers, detail.answers)
    lines: list[Line] = []
    for step in dict.fromkeys(answer.step for answer in chosen):
        mine = [answer for answer in chosen if answer.step == step]
        name = cut(words.visible(step, limit=60), 24)
        lines.append((Piece(f"Also found by {name}", "bold"),))
        for answer in mine:
            mark = "!" if answer.harm else "?" if answer.sure in {"not_shown", "too_few"} else "·"
            lines += wrapped(
                words.visible(answer.text, limit=400), width, first=f"{INDENT}{mark} ", rest=HANG
            )
    if len(screen.answers) > len(chosen):
        lines.append(
            (Piece(f"{INDENT}… and {len(screen.answers) - len(chosen):,} more answers with -v", "dim"),)
        )
    return lines


def _chosen(every: tuple[Answer, ...], most: int) -> list[Answer]:
    """Return at most so many answers: the first of each step, then the others in their order."""
    first = {answer.step: place for place, answer in reversed(list(enumerate(every)))}
    ranked = sorted(range(len(every)), key=lambda place: (first[every[place].step] != place, place))
    return [every[place] for place in sorted(ranked[:most])]


def elsewhere(screen: Screen, detail: Detail, width: int) -> list[Line]:
    """Return the worst harms that no gate failed for."""
    shown = screen.elsewhere[: detail.elsewhere]
    if not shown:
        return []
    table = [(one.group, one.metric, one.gap, f"n {one.n:,}") for one in shown]
    set_rows = in_columns(table, width, indent=INDENT, numbers=frozenset({3}), gives=2)
    said = cut(f"  {heading(shown)}; certain after correction", width - len("Worst elsewhere"))
    lines: list[Line] = [(Piece("Worst elsewhere", "bold"), Piece(said, "dim"))]
    return [*lines, *((Piece(INDENT), Piece(cut("   ".join(row), width - len(INDENT)))) for row in set_rows)]


def cards(screen: Screen, detail: Detail, width: int) -> list[Line]:
    """Return the groups that nobody named, confirmed ones first."""
    if not screen.cards:
        return []
    tested = [card for card in screen.cards if card.confirmed is not None]
    confirmed = sum(card.confirmed is True for card in tested)
    counted = (
        f"{confirmed:,} of {len(tested):,} confirmed on rows that the search did not see"
        if tested
        else "not tested"
    )
    lines: list[Line] = [
        (Piece("Groups nobody named", "bold"), Piece(cut(f"  {counted}", width - 19), "dim"))
    ]
    for card in screen.cards[: detail.cards]:
        lines += _card(card, width)
    if len(screen.cards) > detail.cards:
        lines.append((Piece(f"{INDENT}… and {len(screen.cards) - detail.cards:,} more", "dim"),))
    return lines


def _card(card: Card, width: int) -> list[Line]:
    """Return a card: its rule, cut where it is longer than two lines, and its numbers, which are whole."""
    fit = {"": "", "exact": " (exact)"}.get(card.fit, f" (about: {card.fit})")
    mark = {True: "·", False: "○", None: "·"}[card.confirmed]
    unsure = "not confirmed: " if card.confirmed is False else ""
    rule = cut(f"{unsure}{card.title}", 2 * (width - 8) - cells(fit)) + fit
    gap = f" · {card.unit or 'loss'} {card.gap} on {card.n_gap:,}" if card.gap else ""
    kind = f" · {card.kind}" if card.kind else ""
    numbers = f"{card.rows:,} rows, {percent(card.share)}{gap}{kind}"
    return [
        *wrapped(rule, width, first=f"{INDENT}{mark} ", rest=HANG),
        *wrapped(numbers, width, first=HANG, rest=HANG, style="dim"),
    ]


def unassessed(screen: Screen, width: int) -> list[Line]:
    """Return what was not assessed, in at most four lines."""
    said = " ".join(screen.unassessed.sentences)
    if not said:
        return []
    return _labelled("Not assessed", said, width, most=4)


def notes(screen: Screen, detail: Detail, width: int) -> list[Line]:
    """Return the first notes, each in at most two lines."""
    lines: list[Line] = []
    for note in screen.notes[: detail.notes]:
        lines += _labelled("Note", words.visible(note, limit=500), width, most=2)
    hidden = len(screen.notes) - detail.notes
    if hidden > 0:
        lines.append(
            (
                Piece(
                    f"{hidden:,} {'more ' if detail.notes else ''}note{'' if hidden == 1 else 's'} with -v",
                    "dim",
                ),
            )
        )
    return lines


def foot(screen: Screen, run: str, width: int) -> list[Line]:
    """Return the next commands, and where the run is kept."""
    lines: list[Line] = []
    indent, line = "Next  ", ""
    for command in (words.visible(one, limit=max(width - 8, 30)) for one in screen.commands):
        longer = f"{line}   {command}" if line else command
        if line and cells(indent) + cells(longer) > width:
            lines.append((Piece(indent, "bold"), Piece(line)))
            indent, line = "      ", command
        else:
            line = longer
    lines += [(Piece(indent, "bold"), Piece(line))] if line else []
    return [*lines, (Piece(cut(f"Run {words.visible(run, limit=60)}", width), "dim"),)] if run else lines


def _labelled(label: str, text: str, width: int, *, most: int) -> list[Line]:
    """Return a text after a bold label, its end cut where it takes more than `most` lines."""
    found = clipped(wrapped(text, width, first=f"{label}  ", rest=INDENT), most, width)
    start, *rest = found
    return [(Piece(f"{label}  ", "bold"), *start[1:]), *rest]

"""The first screen: the answer, the gates, what steps answer, the worst elsewhere, mined groups, what is not known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditkit.render import verdicts, words
from auditkit.render.screen.cards import cards
from auditkit.render.screen.commands import next_commands
from auditkit.render.screen.elsewhere import elsewhere
from auditkit.render.screen.gates import gate_blocks
from auditkit.render.screen.names import names_of, sentence
from auditkit.render.screen.unassessed import unassessed
from auditkit.render.screen.verdict import verdict_sentences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from auditkit.render.outline import Section
    from auditkit.render.screen.cards import Card
    from auditkit.render.screen.elsewhere import Elsewhere
    from auditkit.render.screen.gates import GateBlock
    from auditkit.render.screen.names import Names
    from auditkit.render.screen.unassessed import Unassessed
    from auditkit.values.report import Report
    from auditkit.values.shown.answer import Answer


@dataclass(frozen=True)
class Screen:
    """What a first screen says, as plain values in reading order.

    `verdict` and `reason` are `FAIL` and `1 of 2 gates failed`; `sentences` are the answer; `facts` are the data in
    a few words, the predictions among them; `caution` says what makes all of it void, such as a leak; `answers` are
    those that the sentences do not give already.
    """

    verdict: str
    sign: str
    reason: str
    sentences: tuple[str, ...]
    title: str
    facts: tuple[str, ...]
    caution: str
    gates: tuple[GateBlock, ...]
    answers: tuple[Answer, ...]
    elsewhere: tuple[Elsewhere, ...]
    cards: tuple[Card, ...]
    unassessed: Unassessed
    notes: tuple[str, ...]
    commands: tuple[str, ...]
    names: Names


def first_screen(report: Report, *, run: str = "", made: Sequence[Section] | None = None) -> Screen:
    """Return the first screen of a report, kept as `run` if it is; `made` are its sections, where they are known."""
    names = names_of(report)
    gates = gate_blocks(report, names)
    sentences = tuple(words.visible(one, limit=600) for one in verdict_sentences(report, gates, names))
    mined, worst = cards(report), elsewhere(report, names, made)
    told = (*sentences, *(sentence(block.at_most) for block in gates))
    return Screen(
        verdict=verdicts.OUTCOMES[report.verdict],
        sign=verdicts.SIGNS[report.verdict],
        reason=verdicts.verdict_reason(report),
        sentences=sentences,
        title=words.visible(report.name, limit=60),
        facts=_facts(report),
        caution=words.caution(report),
        gates=gates,
        answers=tuple(
            answer
            for answer in report.answers
            if not (_is_card(answer, mined) or _is_said(answer, told, worst))
        ),
        elsewhere=worst,
        cards=mined,
        unassessed=unassessed(report, names),
        notes=tuple(note for note in report.notes if not _is_fact(note, report)),
        commands=next_commands(report, mined, run=run),
        names=names,
    )


def _is_said(answer: Answer, sentences: tuple[str, ...], worst: tuple[Elsewhere, ...]) -> bool:
    """Whether one of the sentences is the answer or begins as it does, or a row of the worst elsewhere says it."""
    text = answer.text.rstrip(".")
    by_row = any(
        one.step == answer.step and one.group in text and text.lower().startswith(one.metric.lower())
        for one in worst
    )
    return by_row or any(said.startswith(text) for said in sentences)


def _is_card(answer: Answer, mined: tuple[Card, ...]) -> bool:
    """Whether the cards show what is answered: that groups are confirmed, and which of them fares worst."""
    return answer.sure == "shown" and any(card.step == answer.step for card in mined)


def _is_fact(note: str, report: Report) -> bool:
    """Whether a note says whose predictions are audited, or what makes them void, which the head says already."""
    told = [str(report.subject.get(key) or "").rstrip(".").lower() for key in ("predictions", "caution")]
    return note.startswith("Predictions: ") or note.rstrip(".").lower() in filter(None, told)


def _facts(report: Report) -> tuple[str, ...]:
    """Return the data in a few words: rows, target and which outcome is meant, whose predictions."""
    subject = report.subject
    said = [_rows(subject), _outcome(subject), _predictions(subject)]
    return tuple(filter(None, said))


def _rows(subject: Mapping[str, Any]) -> str:
    """Return how many rows there are, and how many of them are compared where only some can be."""
    rows, compared = subject.get("rows"), subject.get("rows_compared")
    if not isinstance(rows, int):
        return ""
    return f"{compared:,} of {rows:,} rows compared" if isinstance(compared, int) else f"{rows:,} rows"


def _outcome(subject: Mapping[str, Any]) -> str:
    if counted := words.counted(subject):
        return counted
    target, positive = (
        words.plain(subject[key], 40) if subject.get(key) else "" for key in ("target", "positive")
    )
    return f"positive: {target} = {positive}" if target and positive else f"target {target}" if target else ""


def _predictions(subject: Mapping[str, Any]) -> str:
    said = subject.get("predictions")
    versus = subject.get("versus")
    against = f" against {words.plain(versus, 100)}" if versus else ""
    return f"{words.plain(said, 200)}{against}" if said else ""

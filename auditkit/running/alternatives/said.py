"""What is said of the alternatives: those that failed first, then the recommended one and whether it kept its limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.running.alternatives.choose import GAP
from auditkit.running.alternatives.limit import highest
from auditkit.running.alternatives.outcomes import BEFORE
from auditkit.running.alternatives.shown import CHART, TABLE
from auditkit.values.shown.answer import Answer
from auditkit.values.shown.said import percent, points

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit.measures.repairs.failures import Kind
    from auditkit.running.alternatives.choose import Choice
    from auditkit.running.alternatives.limit import Limit
    from auditkit.running.alternatives.outcomes import Compared
    from auditkit.values.finding import Finding
    from auditkit.values.shown.answer import Sure


KINDS: dict[Kind, str] = {
    "constant": "nearly constant predictions",
    "wider": "a gap that grew",
    "reversed": "a gap that reversed",
    "levelled_down": "levelling down",
}
"""How a repair failed, in few words."""


def answers(
    every: Sequence[Compared],
    choice: Choice,
    *,
    findings: Sequence[Finding],
    limit: Limit | None,
    confidence: float,
) -> Iterator[Answer]:
    """Yield which repairs failed and how, if any did, then what is recommended; `findings` are the repairs' own."""
    repairs = [one for one in every if one.measured is not None]
    failed = [one for one in repairs if one.measured is not None and one.measured.failed]
    if failed:
        how = "; ".join(f"{one.name}: {_kinds(one)}" for one in failed)
        many = f"{len(failed)} of {len(repairs)} repairs" if len(repairs) > 1 else failed[0].name
        yield Answer(
            f"{many} failed on held-out rows ({how}).",
            basis=f"paired on the same rows, {percent(confidence)} confidence for each repair",
            sure="shown",
            harm=True,
            exhibit=TABLE,
        )
    own = () if choice.chosen is None else [one for one in findings if one.step == choice.chosen.name]
    yield _recommended(choice, limit, findings=own, confidence=confidence)


def _kinds(one: Compared) -> str:
    """Return how a repair failed in few words, each once."""
    failures = () if one.measured is None else one.measured.failed
    return ", ".join(dict.fromkeys(KINDS[failure.kind] for failure in failures))


def _recommended(
    choice: Choice, limit: Limit | None, *, findings: Sequence[Finding], confidence: float
) -> Answer:
    if choice.chosen is None:
        return Answer(f"Nothing is recommended: {choice.why}.", sure="not_shown", exhibit=CHART)
    name = "to leave the predictions as they are" if choice.chosen.name == BEFORE else choice.chosen.name
    chosen = f"Recommended is {name}: {choice.why}."
    if limit is None:
        change, sure = _changed(choice.chosen, findings)
        text = f"{chosen} {_on_held_out(choice.chosen)}{change}"
        return Answer(text, sure=sure, harm=change.startswith("; the gap grew"), exhibit=CHART)
    kept, sure = _kept(choice.chosen, limit)
    return Answer(
        f"{chosen} {kept}",
        basis=f"held-out rows, {percent(confidence)} confidence",
        sure=sure,
        harm=kept.startswith("On held-out rows it breaks"),
        exhibit=CHART,
    )


def _on_held_out(chosen: Compared) -> str:
    gaps = [gap.value for gap in chosen.gaps(GAP, part="test") if gap.value is not None]
    gap = f"a gap of {points(max(gaps))} points" if gaps else "a gap that was not measured"
    return (
        f"On held-out rows it has {gap} and a balanced accuracy of "
        f"{percent(chosen.overall('balanced_accuracy', part='test'))}"
    )


def _changed(chosen: Compared, findings: Sequence[Finding]) -> tuple[str, Sure]:
    """Return the end of the sentence, whether every attribute's gap is shown to have shrunk, and how sure that is.

    It goes by the repair's own findings, whose intervals know of all that it trained.
    """
    if chosen.measured is None:
        return ".", "stated"
    spans = [
        one.interval for one in findings if one.metric == f"{GAP}_change" and one.compare == "difference"
    ]
    if spans and all(span is not None and span.high < 0 for span in spans):
        return "; that the gap shrank is shown.", "shown"
    if any(span is not None and span.low > 0 for span in spans):
        return "; the gap grew there.", "shown"
    return "; that the gap shrank is not shown.", "not_shown"


def _kept(chosen: Compared, limit: Limit) -> tuple[str, Sure]:
    """Return whether the limit is kept on held-out rows, in the three answers of a limit."""
    gaps = chosen.gaps(limit.metric, part="test")
    high, most = highest(gaps), points(limit.most)
    match limit.answer(gaps):
        case "holds":
            return (
                f"On held-out rows it holds: the gap is at most {points(high, 'up', beside=limit.most)} points.",
                "shown",
            )
        case "breaks":
            found = max(gap.value for gap in gaps if gap.value is not None)
            return (
                f"On held-out rows it breaks the limit of {most} points: the gap is {points(found)}.",
                "shown",
            )
        case _:
            reach = f"; the gap may be up to {points(high, 'up')} points" if high <= 1 else ""
            return f"On held-out rows the limit of {most} points is not shown to hold{reach}.", "not_shown"

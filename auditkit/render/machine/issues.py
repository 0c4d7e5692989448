"""What a report has to say of its gates, the worst first: the one list that annotations of every host are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from auditkit.render import verdicts, words
from auditkit.render.machine.sarif import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditkit.values.gate import GateComparison, GateResult
    from auditkit.values.report import Report

Level = Literal["error", "warning", "notice"]
LEVELS: tuple[Level, ...] = ("error", "warning", "notice")
"""From the worst to the mildest: what fails, what warns or decided nothing, what is for review or accepted."""


@dataclass(frozen=True, kw_only=True)
class Issue:
    """One thing to say, and the line of the recipe that it is about."""

    level: Level
    title: str
    text: str
    fingerprint: str
    file: str
    line: int


def issues(report: Report) -> tuple[Issue, ...]:
    """Return all that did not simply hold, the worst first; of a run that ended early, why; what makes it void."""
    found = [issue for gate in report.gates if gate.ran for issue in _of(gate, report)]
    if report.failure is not None:
        where = f", step {report.failure.step}" if report.failure.step else ""
        file, line = place_of("", report.provenance)
        told = words.visible(report.failure.message, limit=1000)
        first = Issue(
            level="error",
            title=f"auditkit: not finished{where}",
            text=told,
            fingerprint=f"{words.visible(report.name, limit=200)}/not finished",
            file=file,
            line=line,
        )
        found.insert(0, first)
    if void := words.caution(report):
        file, line = place_of("", report.provenance)
        found.append(
            Issue(
                level="warning",
                title="auditkit: this audit may mean nothing",
                text=void,
                fingerprint=f"{words.visible(report.name, limit=200)}/caution",
                file=file,
                line=line,
            )
        )
    return tuple(sorted(found, key=lambda issue: LEVELS.index(issue.level)))


def _of(gate: GateResult, report: Report) -> Iterator[Issue]:
    told = [one for one in gate.comparisons if one.outcome != "holds" or one.warns]
    if gate.outcome == "pass":
        told = [one for one in told if one.outcome == "waived"]
    elif not told:
        yield _issue(gate, None, report)
    for one in told:
        yield _issue(gate, one, report)


def _issue(gate: GateResult, one: GateComparison | None, report: Report) -> Issue:
    file, line = place_of(gate.id, report.provenance)
    if one is None:
        text = gate.message
    else:
        text = f"{verdicts.compared(one)}: {verdicts.became(gate, one)}"
        text += f": {one.reason}" if one.reason and one.value is not None else ""
    return Issue(
        level=_level(gate, one),
        title=words.visible(f"auditkit {gate.id}: {verdicts.OUTCOMES[gate.outcome]}", limit=200),
        text=words.visible(text, limit=1000),
        fingerprint=one.fingerprint if one and one.fingerprint else words.visible(gate.id, limit=200),
        file=file,
        line=line,
    )


def _level(gate: GateResult, one: GateComparison | None) -> Level:
    if one is not None and one.outcome == "waived":
        return "notice"
    undecided = one is None or one.outcome in {"not_shown", "too_few"}
    if gate.outcome == "fail" and (not undecided or gate.insufficient == "fail"):
        return "error"
    if gate.outcome in {"warn", "insufficient"} or (one is not None and one.outcome == "absent"):
        return "warning"
    return "notice"

"""The one function by which a report is redacted: what is kept, shown or written afterwards comes from its result."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from auditkit.redact.decide import decide
from auditkit.redact.gates import redacted_gate
from auditkit.store.digest import with_digest
from auditkit.values.exit_code import ExitCode
from auditkit.values.report import GroupEntry, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditkit.redact.decide import Decided
    from auditkit.values.exit_code import Failure
    from auditkit.values.finding import Finding
    from auditkit.values.report import Accepted, Report

LEAST = 10
"""Rows below which a count is suppressed, the threshold of many statistical offices."""
REASON = f"suppressed: it, or what follows from it and other numbers, is about fewer than {LEAST} rows"
NO_CHANGE = (
    "suppressed: a change tells of two predictions of the same rows, and has no number in a redacted report"
)
HIDDEN = "suppressed"
SENTENCE = "suppressed: the sentence may repeat what stands in a row; it was said on standard error"
PLAIN_DETAILS = frozenset({
    "attribute", "condition", "condition_rows", "class", "k", "query", "percentile", "of", "rule", "kind", "found_by",
    "beta", "best", "lowest", "highest", "groups", "groups_compared", "furthest_apart", "confirmed", "p_value",
    "p_corrected", "method", "foretells", "measured",
})  # fmt: skip
"""Details of findings that say nothing of single rows; all others are left out."""
NAMING = frozenset({"attribute", "condition", "class"})
"""Those that stay of a finding whose number does not."""


def redacted(report: Report, least: int = LEAST) -> Report:
    """Return the report without numbers from which a count of 1 to least - 1 rows follows, and without exhibits.

    Groups that few rows tell apart keep their names, not their numbers; of a crossing of attributes, groups that are
    hidden are not named either. Gates keep their outcomes: they were decided before. Whatever steps say in words is
    kept without its numbers. Redacting twice changes nothing.
    """
    said = f"Redacted: whatever a count of fewer than {least} rows follows from is suppressed"
    if any(note.startswith(said) for note in report.notes):
        return report
    decided = decide(report, least)
    exhibits = len(report.tables) + len(report.charts)
    note = f"{said}, and {exhibits} tables and charts of steps are left out." if exhibits else f"{said}."
    hidden = replace(
        report,
        recipe=_recipe(report.recipe, decided),
        subject=_subject(report.subject, decided),
        findings=tuple(kept for finding in report.findings for kept in _finding(finding, decided, least)),
        answers=tuple(
            replace(
                answer, text=without_numbers(answer.text), basis=without_numbers(answer.basis), exhibit=""
            )
            for answer in report.answers
        ),
        groups=tuple(_group(entry, decided) for entry in report.groups),
        gates=tuple(redacted_gate(gate, decided) for gate in report.gates),
        skipped=tuple(_skipped(report, decided)),
        notes=(*(without_numbers(_unmarked(told, report.waivers)) for told in report.notes), note),
        tables=(),
        charts=(),
        results={},
        models={},
        provenance=_provenance(report.provenance, decided),
        waivers=tuple(
            replace(one, group="", fingerprint=HIDDEN, reason=without_numbers(one.reason))
            for one in report.waivers
        ),
        failure=report.failure and _failure(report.failure),
    )
    return with_digest(hidden) if "findings_sha256" in report.provenance else hidden


def _finding(finding: Finding, decided: Decided, least: int) -> Iterator[Finding]:
    fate = decided.fate(finding)
    details = {
        key: value for key, value in finding.details.items() if key in PLAIN_DETAILS and not _nested(value)
    }
    if fate == "gone":
        return
    if fate == "stays":
        yield replace(finding, details=details, reason=without_small(finding.reason, least))
        return
    told: dict[str, object] = {key: value for key, value in details.items() if key in NAMING}
    n, reason = (
        finding.n if fate == "without number" else 0,
        NO_CHANGE if finding.compare == "change" else REASON,
    )
    yield replace(
        finding, value=None, interval=None, n=n, rows_needed=None, reason=reason, left_out={}, details=told
    )


def _nested(value: object) -> bool:
    return isinstance(value, Mapping | list | tuple)


def _group(entry: GroupEntry, decided: Decided) -> GroupEntry:
    """Return a group with its size, or as one that is hidden: its rule may be what singles somebody out."""
    if decided.size_stays(entry.name):
        return entry
    if decided.names.parts(entry.name):
        return replace(entry, n=0, share=0.0)
    return replace(entry, n=0, share=0.0, rule=REASON, expression="", confirmed=entry.confirmed)


def _skipped(report: Report, decided: Decided) -> Iterator[Skipped]:
    """Yield what was not assessed: of groups that are hidden one entry in all, other reasons without their numbers."""
    for item in report.skipped:
        group = item.what.rpartition(": ")[0] or item.what
        if group in decided.ruled or decided.names.parts(group):
            if decided.fate_of(group, "", "absolute") == "stays":
                yield item
            continue
        yield replace(
            item, what=without_numbers(item.what), why=without_numbers(item.why), n=None, rows_needed=None
        )
    if decided.hides:
        yield Skipped(step="", what="groups that few rows tell apart", why=REASON)


def _subject(subject: Mapping[str, Any], decided: Decided) -> dict[str, Any]:
    """Return the subject's facts with the sizes that stay."""
    sizes = subject.get("groups")
    told = {key: value for key, value in subject.items() if key != "rows_compared"}
    if "caution" in told:
        told["caution"] = without_numbers(str(told["caution"]))
    if isinstance(sizes, Mapping):
        told["groups"] = {
            name: {
                label: n if decided.size_stays(f"{name}={label}") else HIDDEN for label, n in groups.items()
            }
            if isinstance(groups, Mapping)
            else groups
            for name, groups in sizes.items()
        }
    if not decided.sizes:
        told["rows"] = HIDDEN
    return told


def _recipe(recipe: Mapping[str, Any], decided: Decided) -> Mapping[str, Any]:
    """Return the recipe without the rules of groups that are hidden."""
    groups = recipe.get("groups")
    if not isinstance(groups, Mapping):
        return recipe
    kept = {
        name: {key: HIDDEN if key in {"where", "rule"} else value for key, value in group.items()}
        if isinstance(group, Mapping) and decided.ruled.get(str(name), "stays") == "without size"
        else group
        for name, group in groups.items()
    }
    return {**recipe, "groups": kept}


def _provenance(provenance: Mapping[str, Any], decided: Decided) -> Mapping[str, Any]:
    """Return where the report comes from, without a command that may hold the rule of a group that is hidden."""
    if "command" not in provenance or "without size" not in decided.ruled.values():
        return provenance
    return {**provenance, "command": HIDDEN}


def _failure(failure: Failure) -> Failure:
    """Return why a run ended without its sentence: what a reader, a model or a plugin says may repeat a cell."""
    asked = failure.exit_code in {ExitCode.INTERRUPTED, ExitCode.TERMINATED}
    return failure if asked else replace(failure, message=SENTENCE)


def _unmarked(note: str, waivers: Iterable[Accepted]) -> str:
    """Return a note without the marks of what was accepted: whoever guesses a group can work out its mark."""
    for one in waivers:
        note = note.replace(one.fingerprint, HIDDEN) if one.fingerprint else note
    return note


_NUMBER = re.compile(
    r"""(?<![\w.'"])(?<![A-Za-z_]-)[-+−]?(?:\d+(?:[.,]\d+)*|\.\d+)(?:[eE][-+]?\d+)?(?:\s?%)?(?!\w)"""
)


def without_numbers(text: str) -> str:
    """Return a sentence with each number as `#`: words may repeat what is suppressed. Names such as x1 stay."""
    return _NUMBER.sub("#", text)


def without_small(text: str, least: int) -> str:
    """Return a sentence with `#` for each whole number from 1 to least - 1."""
    small = "|".join(map(str, range(1, least)))
    return re.sub(rf"(?<![\w.,])(?:{small})(?![\w,.]*\d)(?!\w)", "#", text)

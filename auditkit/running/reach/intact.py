"""Whether a report is as auditkit wrote it: its file's mark, the hash of its findings, the gates of its recipe."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from auditkit.errors import DataError, UsageError
from auditkit.gates.decide import words_of_rule
from auditkit.recipe.document import Document
from auditkit.recipe.validation import validate
from auditkit.spec.recipe import Recipe
from auditkit.store.digest import digests_of_document
from auditkit.store.mark import has_mark, is_untouched
from auditkit.store.runs import file_of_run, read_stored

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from auditkit.spec.gate import GateSpec
    from auditkit.values.gate import GateResult
    from auditkit.values.report import Report

UNKNOWN = "Not known to be as it was written: this report notes no hash of its findings."
_DECLARED = ("id", "on", "metric", "compare", "limit", "rule", "insufficient", "absent")
"""What a gate's result repeats of the recipe."""


def recipe_of(report: Report) -> Recipe:
    """Return the recipe that a report holds. Raises DataError where it holds none that this version reads."""
    try:
        return validate(Recipe, Document(dict(report.recipe)))
    except UsageError as error:
        message = f"the recipe of this run cannot be read by this version of auditkit: {error}"
        raise DataError(message) from error


def intact_run(name: str, folder: Path) -> Report:
    """Return a run by id, by `last` or by its file, as `intact_report` does."""
    return intact_report(file_of_run(name, folder), name)


def intact_report(file: Path, name: str) -> Report:
    """Return the report in a JSON file, which messages call `name`; one that notes no hash says so in its first note.

    Raises UsageError where the file, the findings or the recipe's gates are not those that were written.
    """
    (report, document), content = read_stored(file), file.read_bytes()
    if has_mark(content, file.suffix) and not is_untouched(content, file.suffix):
        raise UsageError(_changed(name, "the file is not the one that its mark hashes"))
    then = report.provenance.get("findings_sha256")
    findings, gates = digests_of_document(document)
    if then not in {None, findings}:
        raise UsageError(_changed(name, "its findings are not those that it hashes"))
    if report.provenance.get("gates_sha256") not in {None, gates}:
        raise UsageError(_changed(name, "its recipe and gates are not those that it hashes"))
    for problem in _at_odds(report):
        raise UsageError(_changed(name, problem))
    return report if then is not None else replace(report, notes=(UNKNOWN, *report.notes))


def _changed(name: str, problem: str) -> str:
    return f"run {name} has changed since it was written: {problem}; auditkit runs verify {name}"


def _at_odds(report: Report) -> Iterator[str]:
    """Yield how the gates of the recipe differ from those that were decided."""
    if not report.recipe:  # a run that ended before its recipe was read
        return
    hides_groups = any(note.startswith("Redacted:") for note in report.notes)
    asked, decided = recipe_of(report).gates, report.gates
    if len(asked) != len(decided):
        yield f"its recipe has {len(asked)} gates, and {len(decided)} were decided"
        return
    for spec, result in zip(asked, decided, strict=True):
        for key, (now, then) in _both(spec, result).items():
            if now != then:
                yield f"gate '{result.id}' was decided with {key} {then!r}, and its recipe says {now!r}"
        others = () if hides_groups else _others(spec, result)
        if others:
            yield f"gate '{result.id}' is of group '{spec.group}', and was decided for '{others[0]}'"


def _both(spec: GateSpec, result: GateResult) -> dict[str, tuple[object, object]]:
    """Return each declared part of a gate, as its recipe has it and as it was decided."""
    told = {"limit": spec.largest, "rule": words_of_rule(spec)}
    return {key: (told.get(key, getattr(spec, key, None)), getattr(result, key)) for key in _DECLARED}


def _others(spec: GateSpec, result: GateResult) -> list[str]:
    """Return the groups that were compared beside the one that a gate names."""
    return [
        one.group
        for one in result.comparisons
        if spec.group is not None and spec.group not in {one.group, one.group.rpartition(" [")[0]}
    ]

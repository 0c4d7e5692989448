"""Gates decided again on the findings of a run that was kept: its own, or those of another recipe."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from auditkit.errors import DataError, UsageError, nearest
from auditkit.gates.accepted import accept, said_of
from auditkit.gates.census import StoredCensus
from auditkit.gates.check import GateError, check_gate
from auditkit.gates.decide import decide
from auditkit.gates.fingerprint import marked
from auditkit.gates.harm import sides_of
from auditkit.recipe.write import recipe_document
from auditkit.store.digest import with_digest_of_gates
from auditkit.values.gate import verdict_of
from auditkit.values.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from auditkit.spec.recipe import Recipe
    from auditkit.spec.waiver import Waiver
    from auditkit.values.report import Report


def decided_again(
    report: Report, recipe: Recipe, waivers: Sequence[Waiver], *, today: date, own: bool
) -> Report:
    """Return the report with the gates of a recipe decided on its findings; `own`: the recipe is the run's.

    Raises UsageError for a gate on a step that the run has not, or that its findings cannot answer, and DataError for a
    run whose numbers are not all there.
    """
    _refuse(report)
    _check(report, recipe)
    gates = decide(
        recipe.gates,
        report.findings,
        recipe.stats,
        ran={step.id for step in report.steps},
        census=StoredCensus(report.groups, report.gates),
        sides=sides_of(
            recipe.gates, {step.id: step.metrics for step in report.steps}, _outcome(report.subject)
        ),
    )
    decided, accepted = accept(marked(gates, recipe.name), waivers, recipe=recipe.name, today=today)
    verdict, exit_code = verdict_of(decided)
    told = (note for note in report.notes if not note.startswith("The waiver "))
    stored = dict(report.recipe)
    again = replace(
        report,
        name=recipe.name,
        verdict=verdict,
        exit_code=exit_code,
        recipe=stored if own else {**stored, "gates": recipe_document(recipe).get("gates", [])},
        gates=decided,
        waivers=accepted,
        notes=(*told, *said_of(accepted)),
    )
    return with_digest_of_gates(again) if "findings_sha256" in report.provenance else again


def _refuse(report: Report) -> None:
    if report.failure is not None:
        message = (
            f"this run did not come to its end, so that nothing can be decided: {report.failure.message}"
        )
        raise DataError(message)
    if any(note.startswith("Redacted:") for note in report.notes):
        message = "this run was redacted before it was kept: its gates cannot be decided again"
        raise DataError(message)


def _check(report: Report, recipe: Recipe) -> None:
    """Raise UsageError for a gate that no finding of the run can answer."""
    steps = {step.id: step for step in report.steps}
    waiting = {spec.id for spec in recipe.steps if spec.when is not None}
    for gate in recipe.gates:
        if gate.on not in steps:
            if gate.on in waiting:
                continue
            message = (
                f"gate '{gate.id}' is on '{gate.on}', which is no step of this run{nearest(gate.on, steps)}"
            )
            raise UsageError(message)
        step = steps[gate.on]
        try:
            check_gate(gate, step.metrics, recipe.stats, step=step.use, outcome=_outcome(report.subject))
        except GateError as error:
            message = f"gate '{gate.id}': {error}"
            raise UsageError(message) from error


def _outcome(subject: Mapping[str, Any]) -> Outcome | None:
    """Return the outcome that a report's data count."""
    told = subject.get("outcome")
    if not isinstance(told, dict) or told.get("kind") not in {"favourable", "unfavourable", "positive"}:
        return None
    return Outcome(
        column=str(told.get("column")),
        value=told.get("value"),
        kind=told["kind"],
        said=bool(told.get("said")),
    )

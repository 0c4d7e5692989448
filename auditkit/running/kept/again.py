"""Gates decided again on the findings of a run that was kept: its own, or those of another recipe.

What this version decided about the same gates on the same findings, nobody having accepted any of it, stands as it is
noted: to work out the same bounds once more would only take time. `intact` holds a report to its hashes before.
"""

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
from auditkit.running.reach.intact import recipe_of
from auditkit.running.reach.provenance import versions
from auditkit.store.digest import with_digest_of_gates
from auditkit.values.gate import verdict_of
from auditkit.values.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from auditkit.spec.recipe import Recipe
    from auditkit.spec.waiver import Waiver
    from auditkit.values.gate import GateResult
    from auditkit.values.report import Report

_TOUCHING = frozenset({"used", "expired", "lapsed"})
"""States of waivers that may have changed what is noted of a comparison."""


def decided_again(
    report: Report, recipe: Recipe, waivers: Sequence[Waiver], *, today: date, own: bool
) -> Report:
    """Return the report with the gates of a recipe decided on its findings; `own`: the recipe is the run's.

    Raises UsageError for a gate on a step that the run has not, or that its findings cannot answer, and DataError for a
    run whose numbers are not all there.
    """
    _refuse(report)
    _check(report, recipe)
    gates = report.gates if _stand(report, recipe) else marked(_anew(report, recipe), recipe.name)
    decided, accepted = accept(gates, waivers, recipe=recipe.name, today=today)
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


def _stand(report: Report, recipe: Recipe) -> bool:
    """Whether the gates that the run decided are those that would be decided again."""
    noted = report.provenance
    if not {"findings_sha256", "gates_sha256"} <= noted.keys() or noted.get("versions") != versions():
        return False
    if any(one.state in _TOUCHING for one in report.waivers):
        return False
    own = recipe_of(report)
    return (own.name, own.gates, own.stats) == (recipe.name, recipe.gates, recipe.stats)


def _anew(report: Report, recipe: Recipe) -> tuple[GateResult, ...]:
    """Return the gates of a recipe decided on the run's findings."""
    metrics = {step.id: step.metrics for step in report.steps}
    return decide(
        recipe.gates,
        report.findings,
        recipe.stats,
        ran=set(metrics),
        census=StoredCensus(report.groups, report.gates),
        sides=sides_of(recipe.gates, metrics, _outcome(report.subject)),
    )


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

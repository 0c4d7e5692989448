"""What a recipe's gates, tags and alternatives may not say; most of it is told at its line, before data are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.data.meaning.outcomes import declared
from auditkit.errors import UsageError, nearest
from auditkit.gates.census import census_of
from auditkit.gates.check import GateError, check_clusters, check_gate, check_reference, check_side

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from typing import Any

    from auditkit.plugins.host import Host
    from auditkit.recipe.document import Document
    from auditkit.spec.gate import GateSpec
    from auditkit.spec.recipe import Recipe
    from auditkit.step.step import Step
    from auditkit.values.grouping import Grouping
    from auditkit.values.outcome import Outcome
    from auditkit.values.subject import Subject


def check_tags(recipe: Recipe, when: Collection[str]) -> None:
    """Raise UsageError for a tag that no step waits for."""
    known = {spec.when for spec in recipe.steps if spec.when is not None}
    for tag in when:
        if tag not in known:
            hint = nearest(tag, known) if known else "; no step of this recipe has a tag"
            message = f"--when {tag}: no step waits for it{hint}"
            raise UsageError(message)


def check_alternatives(recipe: Recipe, ran: Mapping[str, Step[Any]], document: Document) -> None:
    """Raise RecipeError, at its line, for a step that is no repair where repairs are alternatives."""
    if recipe.alternatives is None:
        return
    for i, spec in enumerate(recipe.steps):
        if spec.id in ran and ran[spec.id].kind != "repair":
            message = f"alternatives are of repairs, and '{spec.use}' is none: leave it out, or alternatives"
            raise document.error(("steps", i, "use"), message)


def check_gates(recipe: Recipe, host: Host, document: Document) -> None:
    """Raise RecipeError, at its line, for a gate that can never decide; those of steps that wait for a tag too."""
    uses = {spec.id: spec.use for spec in recipe.steps}
    references = {name: spec.reference for name, spec in recipe.groups.items() if spec.column is not None}
    said = declared(recipe.data, host.datasets.get(recipe.data.path))
    for i, gate in enumerate(recipe.gates):
        use = uses[gate.on]
        if use not in host.steps:  # a step that is left out may need a plugin that is not here
            continue
        try:
            check_gate(gate, host.steps[use].metrics, recipe.stats, step=use, outcome=said)
            check_clusters(recipe.data.cluster, step=use, read=host.steps[use].reads_clusters)
            if recipe.groups:  # without any the data have their own
                check_reference(gate, references)
        except GateError as error:
            raise document.error(("gates", i, error.key), f"gate '{gate.id}': {error}") from error


def check_sides(
    gates: Iterable[GateSpec], ran: Mapping[str, Step[Any]], outcome: Outcome | None, document: Document
) -> None:
    """Raise RecipeError, at its line, for a gate whose worse side nobody has said."""
    for i, gate in enumerate(gates):
        if gate.on not in ran:
            continue
        try:
            check_side(gate, ran[gate.on].metrics, outcome)
        except GateError as error:
            raise document.error(("gates", i, error.key), f"gate '{gate.id}': {error}") from error


def check_references(gates: Iterable[GateSpec], groupings: Iterable[Grouping]) -> None:
    """Raise UsageError for a gap to a reference group that the data's own attributes do not name."""
    references = {grouping.name: grouping.reference for grouping in groupings}
    for gate in gates:
        try:
            check_reference(gate, references)
        except GateError as error:
            message = f"gate '{gate.id}': {error}"
            raise UsageError(message) from error


def foreseen(gates: Iterable[GateSpec], ran: Mapping[str, Step[Any]], subject: Subject) -> Iterator[str]:
    """Yield a sentence for each gate that will not run, or whose group the data lack."""
    census = census_of(subject)
    for gate in gates:
        if gate.on not in ran:
            yield f"gate '{gate.id}' will not run: step '{gate.on}' waits for --when"
            continue
        named = gate.group is not None and "=" in gate.group and ran[gate.on].kind != "finder"
        if named and not census.rows(str(gate.group)):
            yield f"gate '{gate.id}': {census.lacking(str(gate.group))} (absent: {gate.absent})"

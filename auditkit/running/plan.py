"""A recipe whose steps, parameters and gates have been checked: all that can be wrong before a minute of work."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.data.sources import inputs_of
from auditkit.data.subjects import load
from auditkit.errors import UsageError, nearest
from auditkit.gates.condition import parse_condition
from auditkit.groups.cut import group_by
from auditkit.recipe.document import Document
from auditkit.recipe.validation import validate
from auditkit.running.parameter_files import files_of, with_paths

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from auditkit.plugins.host import Host
    from auditkit.spec.gate import GateSpec
    from auditkit.spec.recipe import Recipe
    from auditkit.spec.step import StepSpec
    from auditkit.step.step import Step
    from auditkit.values.subject import Subject


@dataclass(frozen=True)
class Planned:
    """A step that is ready to run: its declaration and its checked parameters, as given and with files found."""

    spec: StepSpec
    step: Step[Any]
    given: Any
    params: Any


@dataclass(frozen=True)
class Plan:
    """A recipe whose steps, parameters and gates have been checked; nothing has run."""

    recipe: Recipe
    steps: tuple[Planned, ...]
    left_out: tuple[StepSpec, ...]
    host: Host
    folder: Path


def make_plan(
    recipe: Recipe, document: Document, host: Host, *, folder: Path, when: Collection[str] = ()
) -> Plan:
    """Return the plan of a recipe, or raise before a minute of work is spent.

    `folder` is where relative paths start; `when` are the tags whose steps run besides the untagged ones.
    """
    host.require(recipe.requires)
    planned, left_out = [], []
    for i, spec in enumerate(recipe.steps):
        if spec.when is not None and spec.when not in when:
            left_out.append(spec)
            continue
        try:
            step = host.step(spec.use)()
        except UsageError as error:
            raise document.error(("steps", i, "use"), str(error)) from error
        told = Document(dict(spec.with_), document.file, _below(document, ("steps", i, "with")))
        given: Any = validate(step.Params, told)
        planned.append(Planned(spec, step, given, with_paths(given, folder=folder, step=spec.id)))
    plan = Plan(recipe, tuple(planned), tuple(left_out), host, folder)
    for i, gate in enumerate(recipe.gates):
        _check_gate(gate, plan, document, i)
    return plan


def load_subject(plan: Plan) -> Subject:
    """Return the plan's subject, grouped, after every step said that it can serve it."""
    data, host = plan.recipe.data, plan.host
    subject = load(data, datasets=host.datasets, loaders=host.loaders, models=host.models, folder=plan.folder)
    subject = group_by(subject, plan.recipe.groups)
    for planned in plan.steps:
        planned.step.check(subject, planned.params)
    return subject


def inputs(plan: Plan) -> tuple[Path, ...]:
    """Return the files that a run of this plan reads."""
    data = inputs_of(plan.recipe.data, datasets=plan.host.datasets, folder=plan.folder)
    named = (Path(name) for planned in plan.steps for name in files_of(planned.params))
    return (*data, *(path for path in named if path.is_file()))


def _below(
    document: Document, place: tuple[str | int, ...]
) -> Mapping[tuple[str | int, ...], tuple[int, int]]:
    """Return the positions of the document under a place, relative to it."""
    depth = len(place)
    below = {key[depth:]: where for key, where in document.positions.items() if key[:depth] == place}
    return below or {(): document.positions.get(place[:-1], (0, 0))} if document.positions else {}


def _check_gate(gate: GateSpec, plan: Plan, document: Document, index: int) -> None:
    """Raise RecipeError if a gate's condition is malformed or its step has no such metric."""
    for key, text in (("fail_if", gate.fail_if), ("warn_if", gate.warn_if)):
        if text is None:
            continue
        try:
            parse_condition(text)
        except UsageError as error:
            raise document.error(("gates", index, key), f"gate '{gate.id}': {error}") from error
    planned = next((p for p in plan.steps if p.spec.id == gate.on), None)
    if planned is None:
        return
    metrics = [metric.name for metric in planned.step.metrics]
    if metrics and gate.metric not in metrics:
        message = f"gate '{gate.id}': {planned.spec.use} has no metric '{gate.metric}'{nearest(gate.metric, metrics)}"
        raise document.error(("gates", index, "metric"), message)

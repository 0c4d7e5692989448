"""One run, read straight down: plan, load, check, one loop over the steps, gates, report."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Any, cast

from auditkit import gates as gate_rules
from auditkit.context import Ledger, Observer, RunContext
from auditkit.document import Document
from auditkit.errors import UsageError, nearest
from auditkit.loading import group_by, inputs_of, load
from auditkit.parameter_files import files_of, with_paths
from auditkit.provenance import describe
from auditkit.report import Finding, GroupEntry, Report, StepEntry
from auditkit.step import Audit, Finder, Repair, Step
from auditkit.unassessed import left_out, ungrouped, unmeasured
from auditkit.validation import parameters, validate

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from auditkit.host import Host
    from auditkit.spec import GateSpec, Recipe, StepSpec
    from auditkit.subject import Group, Subject


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


@dataclass(frozen=True)
class _State:
    """What the loop carries from step to step."""

    subject: Subject
    findings: tuple[Finding, ...] = ()
    groups: tuple[GroupEntry, ...] = ()
    stage: int = 0
    """Repairs so far."""


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


def run(plan: Plan, *, observer: Observer | None = None, work: Path | None = None) -> Report:
    """Return the report of a plan: every step run, every gate decided.

    `work` is where unfinished work may outlive an interrupt; without it, a temporary folder.
    """
    if work is not None:
        return _run(plan, observer or Observer(), work)
    with TemporaryDirectory(prefix="auditkit-") as folder:
        return _run(plan, observer or Observer(), Path(folder))


def _run(plan: Plan, watch: Observer, work: Path) -> Report:
    started, clock = datetime.now(UTC), perf_counter()
    subject = load_subject(plan)
    ledger = Ledger(notes=list(subject.notes))
    state = _State(subject, groups=_named_beforehand(subject))
    for planned in plan.steps:
        watch.step(planned.spec.id)
        context = RunContext(plan.recipe.stats, planned.spec.id, ledger, watch, work)
        state = _advance(state, planned, context)
    active = {planned.spec.id for planned in plan.steps}
    results = tuple(
        gate_rules.decide(gate, state.findings, plan.recipe.stats)
        for gate in plan.recipe.gates
        if gate.on in active
    )
    verdict, exit_code = gate_rules.verdict_of(results)
    return Report(
        name=plan.recipe.name,
        verdict=verdict,
        exit_code=exit_code,
        recipe=recipe_document(plan.recipe),
        subject=_summary(subject, plan, ledger),
        steps=tuple(_entry(planned, plan.host) for planned in plan.steps),
        findings=state.findings,
        groups=state.groups,
        gates=results,
        skipped=(
            *left_out(plan.left_out),
            *unmeasured(state.findings),
            *ledger.skipped,
            *ungrouped(subject),
        ),
        notes=tuple(ledger.notes),
        tables=tuple(ledger.tables),
        charts=tuple(ledger.charts),
        provenance=describe(
            inputs=inputs(plan),
            host=plan.host,
            seed=plan.recipe.stats.seed,
            folder=plan.folder,
            started=started.isoformat(timespec="seconds"),
            seconds=perf_counter() - clock,
        ),
    )


def inputs(plan: Plan) -> tuple[Path, ...]:
    """Return the files that a run of this plan reads."""
    data = inputs_of(plan.recipe.data, datasets=plan.host.datasets, folder=plan.folder)
    named = (Path(name) for planned in plan.steps for name in files_of(planned.params))
    return (*data, *(path for path in named if path.is_file()))


def recipe_document(recipe: Recipe) -> dict[str, Any]:
    """Return a recipe as the plain data of its YAML file, without what equals the default."""
    steps = [
        {"id": s.id, "use": s.use}
        | ({"with": dict(s.with_)} if s.with_ else {})
        | ({"when": s.when} if s.when else {})
        for s in recipe.steps
    ]
    document = {
        "version": recipe.version,
        "name": recipe.name,
        "data": _set_fields(recipe.data),
        "groups": {name: _set_fields(group) for name, group in recipe.groups.items()},
        "stats": asdict(recipe.stats),
        "steps": steps,
        "gates": [_set_fields(gate) for gate in recipe.gates],
        "reports": list(recipe.reports),
        "requires": list(recipe.requires),
    }
    return {key: value for key, value in document.items() if value not in ([], {})}


def _set_fields(value: Any) -> dict[str, Any]:
    defaults = {parameter.name: parameter.default for parameter in parameters(type(value))}
    return {
        key: list(item) if isinstance(item, tuple) else item
        for key, item in asdict(value).items()
        if item != defaults.get(key)
    }


def _advance(state: _State, planned: Planned, context: RunContext) -> _State:
    """Return the state after one step, its findings stamped with the step and the stage."""
    step, subject, params = planned.step, state.subject, planned.params
    found: Sequence[Finding] = ()
    groups: tuple[GroupEntry, ...] = ()
    stage = state.stage
    match step:
        case Finder():
            mined = step.find(subject, params, context)
            subject, found = subject.with_groups(mined.groups), mined.findings
            groups = tuple(_remember(g, planned.spec.id, mined.confirmed) for g in mined.groups)
        case Audit():
            found = step.run(subject, params, context)
        case Repair():
            repaired = step.apply(subject, params, context)
            subject, found, stage = repaired.subject, repaired.findings, stage + 1
            if repaired.result is not None:
                context.observer.result(planned.spec.id, repaired.result)
    before = state.stage  # a repair's own findings carry 0 for before it and 1 for after
    stamped = tuple(replace(f, step=planned.spec.id, stage=before + f.stage) for f in found)
    return _State(subject, (*state.findings, *stamped), (*state.groups, *groups), stage)


def _named_beforehand(subject: Subject) -> tuple[GroupEntry, ...]:
    """Return the groups that the recipe or the data set names, each as rates audits it."""
    return tuple(
        GroupEntry(
            name=f"{grouping.name}={label}", rule=f"{grouping.name} is {label}", expression=expression,
            n=(n := int((grouping.codes == code).sum())), share=n / len(subject),
        )
        for grouping in subject.groupings
        for code, (label, expression) in enumerate(zip(grouping.labels, grouping.expressions, strict=True))
    ) + tuple(_remember(group, "", None) for group in subject.groups)  # fmt: skip


def _remember(group: Group, step: str, confirmed: Collection[str] | None) -> GroupEntry:
    return GroupEntry(
        name=group.name, rule=group.rule, expression=group.expression, n=group.n, share=group.share, step=step,
        confirmed=None if confirmed is None else group.name in confirmed,
    )  # fmt: skip


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
            gate_rules.parse_condition(text)
        except UsageError as error:
            raise document.error(("gates", index, key), f"gate '{gate.id}': {error}") from error
    planned = next((p for p in plan.steps if p.spec.id == gate.on), None)
    if planned is None:
        return
    metrics = [metric.name for metric in planned.step.metrics]
    if metrics and gate.metric not in metrics:
        message = f"gate '{gate.id}': {planned.spec.use} has no metric '{gate.metric}'{nearest(gate.metric, metrics)}"
        raise document.error(("gates", index, "metric"), message)


def _entry(planned: Planned, host: Host) -> StepEntry:
    step = planned.step
    plugin = host.plugin_of(type(step))
    return StepEntry(
        id=planned.spec.id, use=planned.spec.use, kind=step.kind, title=step.title, method=step.method,
        plugin=f"{plugin.name} {plugin.version}".strip(),
        params=asdict(cast("Any", planned.given)), metrics=step.metrics,
    )  # fmt: skip


def _summary(subject: Subject, plan: Plan, ledger: Ledger) -> dict[str, Any]:
    """Return what the report says about the data."""
    dataset = plan.host.datasets.get(plan.recipe.data.path)
    sizes = {
        grouping.name: {
            label: int((grouping.codes == i).sum()) for i, label in enumerate(grouping.labels)
        }
        for grouping in subject.groupings
    }  # fmt: skip
    positive = str(subject.classes[-1]) if subject.task == "binary" else None
    return {
        "source": subject.source,
        "rows": len(subject),
        "columns": len(subject.table.columns),
        "task": subject.task,
        "target": subject.target,
        "classes": [str(item) for item in subject.classes],
        "positive": positive,
        "predictions": next(
            (found.source for found in ledger.predictions.values()), subject.pred or subject.score
        ),
        "split": subject.split,
        "weight": subject.weight,
        "features": list(subject.features),
        "sensitive": list(subject.sensitive),
        "groups": sizes,
        "title": dataset.title if dataset else "",
        "licence": dataset.licence if dataset else "",
        "citation": dataset.citation if dataset else "",
    }

"""One run, read straight down: plan, load, check, one loop over the steps, gates, report."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Any, cast

from auditkit.gates.decide import decide, verdict_of
from auditkit.recipe.write import recipe_document
from auditkit.running.context import RunContext
from auditkit.running.ledger import Ledger, Observer
from auditkit.running.plan import inputs, load_subject
from auditkit.running.provenance import describe
from auditkit.running.unassessed import left_out, ungrouped, unmeasured
from auditkit.step.step import Audit, Finder, Repair
from auditkit.values.report import GroupEntry, Report, StepEntry

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from auditkit.plugins.host import Host
    from auditkit.running.plan import Plan, Planned
    from auditkit.values.finding import Finding
    from auditkit.values.grouping import Group
    from auditkit.values.subject import Subject


@dataclass(frozen=True)
class _State:
    """What the loop carries from step to step."""

    subject: Subject
    findings: tuple[Finding, ...] = ()
    groups: tuple[GroupEntry, ...] = ()
    stage: int = 0
    """Repairs so far."""


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
        decide(gate, state.findings, plan.recipe.stats) for gate in plan.recipe.gates if gate.on in active
    )
    verdict, exit_code = verdict_of(results)
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

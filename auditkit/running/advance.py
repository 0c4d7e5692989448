"""One step of a run: what it returns is checked against its declaration and stamped with the step and the stage."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from auditkit.errors import PluginError, nearest
from auditkit.running.remembered import remember
from auditkit.step.step import Audit, Finder, Repair
from auditkit.values.finding import as_declared

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from auditkit.running.context import RunContext
    from auditkit.running.plan import Planned
    from auditkit.values.finding import Finding
    from auditkit.values.report import GroupEntry
    from auditkit.values.subject import Subject


@dataclass(frozen=True)
class State:
    """What a run carries from step to step; `stage` counts the repairs so far, `results` are what they hand back."""

    subject: Subject
    findings: tuple[Finding, ...] = ()
    groups: tuple[GroupEntry, ...] = ()
    stage: int = 0
    results: Mapping[str, pd.DataFrame] = field(default_factory=dict)


def advance(state: State, planned: Planned, context: RunContext) -> State:
    """Return the state after one step."""
    step, subject, params = planned.step, state.subject, planned.params
    match step:
        case Finder():
            mined = step.find(subject, params, context)
            found = tuple(remember(group, planned.spec.id, mined.confirmed) for group in mined.groups)
            state = replace(state, subject=subject.with_groups(mined.groups), groups=(*state.groups, *found))
            return _with(state, mined.findings, planned, stage=state.stage)
        case Audit():
            return _with(state, step.run(subject, params, context), planned, stage=state.stage)
        case Repair():
            repaired = step.apply(subject, params, context)
            results = {} if repaired.result is None else {planned.spec.id: repaired.result}
            before = state.stage  # a repair's own findings carry 0 for before it and 1 for after
            state = replace(
                state, subject=repaired.subject, stage=before + 1, results={**state.results, **results}
            )
            return _with(state, repaired.findings, planned, stage=before)
    message = f"step '{planned.spec.id}' is neither a finder, an audit nor a repair"
    raise PluginError(message)


def _with(state: State, found: Sequence[Finding], planned: Planned, *, stage: int) -> State:
    """Return the state with a step's findings."""
    stamped = (
        replace(_declared(finding, planned), step=planned.spec.id, stage=stage + finding.stage)
        for finding in found
    )
    return replace(state, findings=(*state.findings, *stamped))


def _declared(finding: Finding, planned: Planned) -> Finding:
    """Return the finding with what its metric declares, or raise PluginError if its step declares no such number."""
    metrics = {metric.name: metric for metric in planned.step.metrics}
    if finding.metric not in metrics:
        hint = nearest(finding.metric, metrics)
        message = f"{planned.spec.use} reports '{finding.metric}', which it does not declare{hint}"
        raise PluginError(message)
    metric = metrics[finding.metric]
    if finding.compare not in metric.compares:
        message = (
            f"{planned.spec.use} reports '{finding.metric}' as {finding.compare}, which it does not declare; "
            f"declared: {', '.join(metric.compares)}"
        )
        raise PluginError(message)
    return as_declared(finding, metric)

"""What a report remembers of a run: the data, the groups and the steps, as plain values without rows."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, cast

from auditkit.values.labels import label_text
from auditkit.values.report import GroupEntry, StepEntry

if TYPE_CHECKING:
    from collections.abc import Collection

    from auditkit.plugins.host import Host
    from auditkit.running.ledger import Ledger
    from auditkit.running.plan import Plan, Planned
    from auditkit.values.grouping import Group
    from auditkit.values.outcome import Outcome
    from auditkit.values.subject import Subject


def group_entries(subject: Subject) -> tuple[GroupEntry, ...]:
    """Return the groups that the recipe or the data set names, each as rates audits it."""
    return tuple(
        GroupEntry(
            name=f"{grouping.name}={label}",
            rule=f"{grouping.name} is {label}",
            expression=expression,
            n=(n := subject.rows_in(grouping.codes == code)),
            share=n / subject.n_rows,
        )
        for grouping in subject.groupings
        for code, (label, expression) in enumerate(zip(grouping.labels, grouping.expressions, strict=True))
    ) + tuple(
        replace(remember(group, "", None), n=(n := subject.rows_in(group.mask)), share=n / subject.n_rows)
        for group in subject.groups
    )


def remember(group: Group, step: str, confirmed: Collection[str] | None) -> GroupEntry:
    """Return a group without its rows; `confirmed` names those that held up, None where none was tested."""
    return GroupEntry(
        name=group.name,
        rule=group.rule,
        expression=group.expression,
        n=group.n,
        share=group.share,
        step=step,
        confirmed=None if confirmed is None else group.name in confirmed,
    )


def step_entry(planned: Planned, host: Host) -> StepEntry:
    """Return what ran, with the parameters as they were given."""
    step = planned.step
    plugin = host.plugin_of(type(step))
    return StepEntry(
        id=planned.spec.id,
        use=planned.spec.use,
        kind=step.kind,
        title=step.title,
        method=step.method,
        plugin=f"{plugin.name} {plugin.version}".strip(),
        params=asdict(cast("Any", planned.given)),
        metrics=step.metrics,
    )


def subject_facts(subject: Subject, plan: Plan, ledger: Ledger) -> dict[str, Any]:
    """Return what the report says about the data."""
    dataset = plan.host.datasets.get(plan.recipe.data.path)
    sizes = {
        grouping.name: {
            label: subject.rows_in(grouping.codes == i) for i, label in enumerate(grouping.labels)
        }
        for grouping in subject.groupings
    }
    name = None if subject.versus is None else subject.versus.name
    now = None if subject.versus is None else subject.versus.now
    if now is not None:
        return {**now.facts, "source": subject.source, "versus": name}
    return {
        "source": subject.source,
        "rows": subject.n_rows,
        **_compared(subject),
        "columns": len(subject.table.columns),
        "task": subject.task,
        "target": subject.target,
        "classes": [str(item) for item in subject.classes],
        "outcome": _outcome_facts(subject.outcome),
        "predictions": ledger.predictions_source or _named(subject),
        **({"caution": ledger.caution} if ledger.caution else {}),
        "versus": name,
        "split": subject.split,
        "weight": subject.weight,
        "cluster": subject.cluster,
        "given": list(subject.given),
        "features": list(subject.features),
        "sensitive": list(subject.sensitive),
        "groups": sizes,
        "title": dataset.title if dataset else "",
        "licence": dataset.licence if dataset else "",
        "citation": dataset.citation if dataset else "",
    }


def _compared(subject: Subject) -> dict[str, int]:
    """Return how many rows are compared, where some of them have no counterpart."""
    rows = None if subject.versus is None else subject.versus.rows
    shared = len(subject) if rows is None else int((rows >= 0).sum())
    return {"rows_compared": shared} if shared < len(subject) else {}


def _outcome_facts(outcome: Outcome | None) -> dict[str, Any] | None:
    """Return what is counted, of which column, in whose favour, and whether somebody said so."""
    if outcome is None:
        return None
    value = label_text(outcome.value)
    return {
        "column": outcome.column, "value": value, "kind": outcome.kind, "said": outcome.said, "by": outcome.by
    }  # fmt: skip


def _named(subject: Subject) -> str | None:
    """Return the columns that hold predictions, where no step has read them."""
    named = [f"'{name}'" for name in (subject.pred, subject.score) if name is not None]
    return f"column {' and '.join(named)}" if named else None

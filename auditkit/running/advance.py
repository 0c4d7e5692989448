"""One step of a run: called where a fault gets its name, held to its contract, stamped with step and stage."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from auditkit.data.meaning.repeats import note_of_repeats, note_of_shared_rows
from auditkit.errors import PluginError
from auditkit.plugins.fault import at_fault
from auditkit.predict.baseline import learnt_from
from auditkit.predict.leaks.told import leaks
from auditkit.running.handed.contract import Contract, checked, fault, items_of, shown
from auditkit.running.handed.lent import as_it_is, lent, seal
from auditkit.running.handed.mined import checked_groups
from auditkit.running.handed.names import names_of
from auditkit.running.handed.rows import followed, unseen
from auditkit.running.handed.tabulated import table_of
from auditkit.running.remembered import remember
from auditkit.step.step import Audit, Finder, Repair, Repaired
from auditkit.values.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit.running.context import RunContext
    from auditkit.running.plan import Planned
    from auditkit.values.grouping import Group
    from auditkit.values.report import GroupEntry
    from auditkit.values.subject import Subject


@dataclass(frozen=True)
class State:
    """What a run carries from step to step; `stage` counts the repairs so far.

    `results` and `models` are what repairs hand back, by step.

    `audited` is the subject without the rows that a repair learned from, at the places `rows` of the whole; None where
    the audits measure on all rows.
    """

    subject: Subject
    findings: tuple[Finding, ...] = ()
    groups: tuple[GroupEntry, ...] = ()
    stage: int = 0
    results: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    models: Mapping[str, Any] = field(default_factory=dict)
    audited: Subject | None = None
    rows: NDArray[np.int64] | None = None


def first_state(subject: Subject, groups: tuple[GroupEntry, ...]) -> State:
    """Return the state before any step; rows that a repair's file says it learned from are left out of audits."""
    rows = unseen(subject)
    return State(subject, groups=groups, audited=None if rows is None else subject.take(rows), rows=rows)


def advance(state: State, planned: Planned, context: RunContext) -> State:
    """Return the state after one step. Raises PluginError for a step that fails or breaks its contract."""
    _say_of_clusters(state.subject, planned, context)
    _say_of_training(state.subject, planned, context)
    if state.subject.given and not planned.step.reads_given:
        context.say(f"{planned.spec.use} does not compare within {', '.join(state.subject.given)}.")
    match planned.step:
        case Finder() as finder:
            return _found(state, finder, planned, context)
        case Audit() as audit:
            return _audited(state, audit, planned, context)
        case Repair() as repair:
            return _repaired(state, repair, planned, context)
    message = f"{planned.who} is neither a finder, an audit nor a repair"
    raise PluginError(message)


def _say_of_clusters(subject: Subject, planned: Planned, context: RunContext) -> None:
    """Say of a step that takes rows that belong together for strangers that it does."""
    if subject.cluster is not None and not planned.step.reads_clusters:
        context.say(
            f"{planned.spec.use} takes rows of one '{subject.cluster}' for strangers: its intervals are narrower than "
            "they should be, and what it held out may hold rows of those that it saw."
        )


def _say_of_training(subject: Subject, planned: Planned, context: RunContext) -> None:
    """Say of a step that trains a model what it learns too well: rows that it is tested on, and the outcome itself."""
    with at_fault(planned.who):
        trains = planned.step.trains(subject)
    if not trains:
        return
    for note in filter(None, (note_of_repeats(subject), note_of_shared_rows(subject))):
        context.say(note)
    reads_columns = subject.embeddings is None and subject.images is None
    if reads_columns and (void := leaks(subject, learnt_from(subject))):
        context.warn(f"{void[0].upper()}{void[1:]}.")


def _audited(state: State, audit: Audit[Any], planned: Planned, context: RunContext) -> State:
    """Return the state with what an audit found on the rows that no repair learned from."""
    subject = state.subject if state.audited is None else state.audited
    with at_fault(planned.who), lent(subject, who=planned.who):
        findings = _read(audit.run(subject, planned.params, context), planned)
    after = _with(state, findings, planned, subject, stage=state.stage)
    if not audit.tabulates:
        return after
    found = after.findings[len(state.findings) :]
    return replace(after, results={**after.results, planned.spec.id: table_of(found)})


def _found(state: State, finder: Finder[Any], planned: Planned, context: RunContext) -> State:
    """Return the state with the groups that a finder found."""
    with at_fault(planned.who), lent(state.subject, who=planned.who):
        mined = finder.find(state.subject, planned.params, context)
        groups = checked_groups(mined, state.subject, who=planned.who)
        findings = _read(mined.findings, planned)
    entries = tuple(remember(group, planned.spec.id, mined.confirmed) for group in groups)
    state = replace(
        state,
        subject=state.subject.with_groups(groups),
        groups=(*state.groups, *entries),
        audited=_audited_with(state, groups),
    )
    return _with(state, findings, planned, state.subject, stage=state.stage)


def _audited_with(state: State, groups: tuple[Group, ...]) -> Subject | None:
    if state.audited is None or state.rows is None:
        return None
    return state.audited.with_groups(group.take(state.rows) for group in groups)


def _repaired(state: State, repair: Repair[Any], planned: Planned, context: RunContext) -> State:
    """Return the state with the repaired subject; findings of the repair carry 0 for before it and 1 for after."""
    before = as_it_is(state.subject)  # a repair may change the table itself, and even sort it
    seal(before)
    with at_fault(planned.who):
        repaired = repair.apply(state.subject, planned.params, context)
        if not isinstance(repaired, Repaired):
            fault(planned.who, f"apply must return Repaired, and returned {shown(repaired)}")
        findings = _read(repaired.findings, planned)
        subject = followed(before, repaired, who=planned.who)
    if subject.model is not None:
        context.ledger.forget()
    rows = unseen(subject)
    _say_what_was_learned(subject, rows, context)
    results = {} if repaired.result is None else {planned.spec.id: repaired.result}
    models = {} if repaired.model is None else {planned.spec.id: repaired.model}
    after = replace(
        state,
        subject=subject,
        stage=state.stage + 1,
        results={**state.results, **results},
        models={**state.models, **models},
        audited=None if rows is None else subject.take(rows),
        rows=rows,
    )
    return _with(after, findings, planned, subject, stage=state.stage)


def _say_what_was_learned(subject: Subject, rows: NDArray[np.int64] | None, context: RunContext) -> None:
    """Say on which rows later audits measure, where a repair says which rows it learned from."""
    if rows is not None:
        context.say(
            f"After {context.step}, audits leave out the {len(subject) - len(rows):,} of {len(subject):,} rows that a "
            "repair learned from; finders still see them."
        )
    elif subject.seen is not None and subject.seen.all():
        context.say(
            f"A repair learned from all rows: what is measured after {context.step} flatters it, for want of others."
        )


def _read(found: Any, planned: Planned) -> tuple[Finding, ...]:
    """Return a step's findings, computed to the last one."""
    return items_of(found, Finding, who=planned.who, what="findings")


def _with(
    state: State, found: tuple[Finding, ...], planned: Planned, subject: Subject, *, stage: int
) -> State:
    """Return the state with a step's findings about a subject."""
    with at_fault(planned.who):
        contract = Contract(
            planned.step, names_of(subject), planned.who, planned.spec.id, stage, subject.outcome
        )
        kept = tuple(checked(finding, contract) for finding in found)
    return replace(state, findings=(*state.findings, *kept))

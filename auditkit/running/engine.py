"""One run, read straight down: load, step by step, gates, report."""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Any

from auditkit.data.memory import room_of, within
from auditkit.gates.accepted import accept, said_of
from auditkit.gates.census import census_of
from auditkit.gates.decide import decide
from auditkit.gates.fingerprint import marked
from auditkit.interrupt import heeded
from auditkit.recipe.write import recipe_document
from auditkit.running.advance import State, first_state
from auditkit.running.alternatives.run import ENTRY, alternatives_of
from auditkit.running.broken import failure_of, sides_in, undecided
from auditkit.running.context import RunContext
from auditkit.running.going_on import go_on
from auditkit.running.ledger import Ledger, Observer
from auditkit.running.plan import files_read, files_written, inputs, load_subject
from auditkit.running.reach.consent import consented
from auditkit.running.reach.gate_lines import gate_lines
from auditkit.running.reach.provenance import describe
from auditkit.running.reach.whereabouts import without_whereabouts
from auditkit.running.remembered import group_entries, step_entry, subject_facts
from auditkit.running.unassessed import unassessed
from auditkit.running.workers.mapped import ALONE
from auditkit.running.workers.worth import workers_for
from auditkit.store.digest import with_digest
from auditkit.store.outputs import check_outputs
from auditkit.values.gate import verdict_of
from auditkit.values.report import Report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditkit.running.plan import Plan
    from auditkit.running.workers.mapped import Workers
    from auditkit.values.exit_code import Failure
    from auditkit.values.gate import GateResult
    from auditkit.values.subject import Subject


def run(
    plan: Plan, *, observer: Observer | None = None, work: Path | None = None, workers: Workers = ALONE
) -> Report:
    """Return the report of a plan: every step run, every gate decided; `workers` change no number of it.

    `work` is where unfinished work may outlive an interrupt; without it, a temporary folder. Raises UsageError, before
    anything runs, where a step would write a file that it may not.
    """
    import numpy as np

    written = tuple(files_written(plan))
    check_outputs((), inputs=files_read(plan), overwrite=plan.consent.overwrite, made=written)
    with ExitStack() as held:
        # Of every number that is not finite the report says that it is not measured, and why: NumPy need not.
        held.enter_context(np.errstate(over="ignore", invalid="ignore", divide="ignore"))
        held.enter_context(within(room_of(plan.recipe.data.memory_limit)))
        if work is None:
            work = Path(held.enter_context(TemporaryDirectory(prefix="auditkit-")))
        return _run(plan, observer or Observer(), work, workers)


@dataclass(frozen=True)
class _Course:
    """One run from its beginning on; `clock` is when it began, in seconds."""

    plan: Plan
    subject: Subject
    ledger: Ledger
    started: datetime
    clock: float


def _run(plan: Plan, watch: Observer, work: Path, workers: Workers) -> Report:
    started = datetime.now(UTC)
    subject = load_subject(plan)
    clock = perf_counter() - plan.loaded.seconds  # perhaps read before, to find unfinished work
    course = _Course(plan, subject, Ledger(notes=list(subject.notes)), started, clock)
    state = first_state(subject, group_entries(subject))
    stats, leave = plan.recipe.stats, plan.consent.overwrite

    def lent(step: str, helped: Workers = ALONE) -> RunContext:
        return RunContext(stats, step, course.ledger, watch, work, leave, helped)

    tried = alternatives_of(plan, state, course.ledger)
    for planned in plan.steps:
        watch.step(planned.spec.id)
        try:
            with heeded():
                context = lent(planned.spec.id, workers_for(planned, state.subject, stats, workers))
                state = (tried.go_on if tried else go_on)(state, planned, context)
        except BaseException as error:
            with suppress(Exception):  # what ended the run is told, not what then fails
                watch.broke_off(_broken(course, state, failure_of(error, planned)))
            raise
    if tried is not None:
        state = tried.compare(state, lent(tried.name))
    gates = decide(
        plan.recipe.gates,
        state.findings,
        plan.recipe.stats,
        ran={planned.spec.id for planned in plan.steps},
        census=census_of(state.subject),
        sides=sides_in(plan, subject.outcome),
    )
    marks = marked(gates, plan.recipe.name)
    decided, waivers = accept(marks, plan.waivers, recipe=plan.recipe.name, today=started.date())
    course.ledger.notes.extend(said_of(waivers))
    return replace(_report(course, state, decided), waivers=waivers)


def _broken(course: _Course, state: State, failure: Failure) -> Report:
    """Return the report of a run that ended early: what its finished steps found, and no verdict."""
    return _report(course, state, undecided(course.plan, course.subject.outcome), failure)


def _report(
    course: _Course, state: State, gates: tuple[GateResult, ...], failure: Failure | None = None
) -> Report:
    """Return what a run leaves behind."""
    plan, ledger, subject = course.plan, course.ledger, course.subject
    verdict, exit_code = verdict_of(gates, failure)
    report = Report(
        name=plan.recipe.name,
        verdict=verdict,
        exit_code=exit_code,
        failure=failure,
        recipe=recipe_document(plan.recipe),
        subject=subject_facts(subject, plan, ledger),
        steps=(
            *((ENTRY,) if plan.recipe.alternatives else ()),
            *(step_entry(planned, plan.host) for planned in plan.steps),
        ),
        findings=state.findings,
        groups=state.groups,
        gates=gates,
        skipped=unassessed(plan, state.findings, ledger, subject),
        notes=tuple(ledger.notes),
        answers=tuple(ledger.answers),
        tables=tuple(ledger.tables),
        charts=tuple(ledger.charts),
        results=state.results,
        models=state.models,
        provenance=_provenance(plan, course.started, seconds=perf_counter() - course.clock),
    )
    return with_digest(without_whereabouts(report))


def _provenance(plan: Plan, started: datetime, *, seconds: float) -> Mapping[str, Any]:
    """Return what somebody needs to repeat the run."""
    described = describe(
        inputs=inputs(plan),
        host=plan.host,
        seed=plan.recipe.stats.seed,
        folder=plan.folder,
        started=started.isoformat(timespec="seconds"),
        seconds=seconds,
    )
    matrix = {"matrix": os.environ["AUDITKIT_MATRIX"]} if os.environ.get("AUDITKIT_MATRIX") else {}
    return {**described, "consent": consented(plan), "gates": gate_lines(plan.document), **matrix}

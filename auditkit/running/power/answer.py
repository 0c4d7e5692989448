"""What `auditkit power` says about a plan: one walk with a run's own plan, checks, context and quick audits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from auditkit.errors import UsageError
from auditkit.plugins.fault import at_fault
from auditkit.running.advance import State, advance
from auditkit.running.context import RunContext
from auditkit.running.handed.contract import fault, shown
from auditkit.running.handed.exhibits import finite_table
from auditkit.running.ledger import Ledger, Observer
from auditkit.running.plan import load_subject
from auditkit.running.power.gates import BEYOND, gate_answers
from auditkit.running.power.general import power_table
from auditkit.running.reach.gate_checks import foreseen
from auditkit.step.step import Step
from auditkit.values.shown.exhibit import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit.running.plan import Plan, Planned
    from auditkit.spec.gate import GateSpec
    from auditkit.values.finding import Finding
    from auditkit.values.subject import Subject


@dataclass(frozen=True)
class Answer:
    """Tables of rows, and sentences about what no table tells."""

    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()


def answers(step: type[Step[Any]]) -> bool:
    """Return whether a step says itself how many rows it needs."""
    return step.power is not Step.power


def answer(plan: Plan, *, gap: float | None = None, observer: Observer | None = None) -> Answer:
    """Return the rows that a plan's gates need; without gates, those that its steps need; without steps, of all rates.

    `gap` is the true gap that should be found; without one it is 0.1, and 0.1 beyond the limit of a gate.
    """
    if plan.recipe.data.counted:
        message = "power draws rows, and an engine gives counts only: read a sample that fits memory, without --engine"
        raise UsageError(message)
    with TemporaryDirectory(prefix="auditkit-") as folder:
        asking = _Asking(plan, load_subject(plan), Ledger(), observer or Observer(), Path(folder), gap)
        said = tuple(asking.gates() if plan.recipe.gates else asking.steps())
    return Answer(
        tuple(one for one in said if isinstance(one, Table)),
        tuple(one for one in said if isinstance(one, str)),
    )


@dataclass(frozen=True)
class _Asking:
    """A plan with its loaded subject and all that steps are lent."""

    plan: Plan
    subject: Subject
    ledger: Ledger
    observer: Observer
    work: Path
    gap: float | None

    def steps(self) -> Iterator[Table]:
        """Yield what each step says; without one that says anything, the general table."""
        told = [planned for planned in self.plan.steps if answers(type(planned.step))]
        yield from (self._of_step(planned, self.gap or BEYOND) for planned in told)
        if not told:
            yield power_table(self.subject, self.plan.recipe.stats, gap=self.gap or BEYOND)

    def gates(self) -> Iterator[Table | str]:
        """Yield what each gate needs."""
        plan = self.plan
        yield from foreseen(plan.recipe.gates, plan.ran, self.subject)
        by_id = {planned.spec.id: planned for planned in plan.steps}
        ran = [gate for gate in plan.recipe.gates if gate.on in by_id]
        quick = [gate for gate in ran if by_id[gate.on].step.quick]
        yield from gate_answers(quick, self._findings(quick), plan.recipe.stats, gap=self.gap)
        yield from (self._other(gate, by_id[gate.on]) for gate in ran if gate not in quick)
        yield from _unforeseen(plan.steps)

    def _findings(self, gates: Sequence[GateSpec]) -> tuple[Finding, ...]:
        """Return what the quick audits find that gates read, as in a run, on the rows as they are."""
        state = State(self.subject)
        for planned in self.plan.steps:
            if planned.spec.id in {gate.on for gate in gates}:
                self.observer.step(planned.spec.id)
                state = advance(state, planned, self._context(planned))
        return state.findings

    def _other(self, gate: GateSpec, planned: Planned) -> Table | str:
        """Return what a gate's step says itself."""
        if not answers(type(planned.step)):
            return f"gate '{gate.id}': {planned.spec.use} does not say how many rows {gate.metric} needs"
        table = self._of_step(planned, self.gap or gate.largest or BEYOND)
        return replace(table, title=f"Gate '{gate.id}': {table.title[:1].lower()}{table.title[1:]}")

    def _of_step(self, planned: Planned, gap: float) -> Table:
        with at_fault(planned.who):
            found = planned.step.power(self.subject, planned.params, self._context(planned), gap=gap)
        if found is None:
            raise UsageError(silent(planned.spec.use))
        if not isinstance(found, Table):
            fault(planned.who, f"power must return a Table or None, and returned {shown(found)}")
        return finite_table(found)

    def _context(self, planned: Planned) -> RunContext:
        return RunContext(self.plan.recipe.stats, planned.spec.id, self.ledger, self.observer, self.work)


def silent(step: str) -> str:
    """Return the sentence for a step that says nothing."""
    return f"{step} does not say how many rows it needs; without --with, power answers for rates"


def _unforeseen(steps: Sequence[Planned]) -> Iterator[str]:
    """Yield what a run would do before its gates that no plan can know."""
    kinds = {planned.step.kind for planned in steps}
    if "finder" in kinds:
        yield "groups that a finder will name are not among these, nor among the comparisons that are corrected"
    if "repair" in kinds:
        yield "these are the rates before any repair"

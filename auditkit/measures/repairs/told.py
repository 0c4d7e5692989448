"""Everything that is measured and said of one repair: before, after, and what changed on the same held-out rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.measures.repairs.change import change_findings, changes_of
from auditkit.measures.repairs.claims import answers, claims
from auditkit.measures.repairs.cost import accuracy_cost, balanced_accuracy_cost
from auditkit.measures.repairs.failures import failures_of
from auditkit.measures.repairs.measure import findings_of
from auditkit.values.shown.answer import Answer
from auditkit.values.shown.said import percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np

    from auditkit.measures.repairs.change import Changed
    from auditkit.measures.repairs.failures import Failure
    from auditkit.measures.repairs.measure import HeldOut, Stage
    from auditkit.spec.stats import Stats
    from auditkit.values.finding import Finding


@dataclass(frozen=True, eq=False, kw_only=True)
class MeasuredRepair:
    """What was found of a repair: findings of both stages, of the change and of the cost, and what is said of them.

    `answers` begin with how it failed, if it did.
    """

    before: tuple[Finding, ...]
    after: tuple[Finding, ...]
    moved: tuple[Finding, ...]
    costs: tuple[Finding, ...]
    changes: tuple[Changed, ...]
    failed: tuple[Failure, ...]
    answers: tuple[Answer, ...]
    sentences: tuple[str, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them, in the order of a report."""
        return (*self.before, *self.after, *self.moved, *self.costs)


def measured_repair(
    before: Stage, after: Stage, *, rows: HeldOut, stats: Stats, rng: np.random.Generator
) -> MeasuredRepair:
    """Return what a repair changed on held-out rows; `rng` draws the bootstrap of the largest gaps."""
    first, second = (tuple(findings_of(stage, rows, stats)) for stage in (before, after))
    changes = tuple(changes_of(before, after, rows=rows, stats=stats, rng=rng))
    costs = (
        accuracy_cost(before, after, rows=rows, stats=stats),
        balanced_accuracy_cost(before, after, rows=rows, stats=stats),
    )
    failed = tuple(failures_of(changes, (before, after), rows=rows, costs=costs, stats=stats))
    moved = tuple(finding for changed in changes for finding in change_findings(changed, stats))
    said = answers(changes, costs, confidence=stats.confidence)
    return MeasuredRepair(
        before=first,
        after=second,
        moved=moved,
        costs=costs,
        changes=changes,
        failed=failed,
        answers=(
            *_constant(after, rows, failed),
            *(_told(failure, rows, stats) for failure in failed),
            *said,
        ),
        sentences=tuple(claims(changes, confidence=stats.confidence)),
    )


def _constant(after: Stage, rows: HeldOut, failed: Sequence[Failure]) -> Iterator[Answer]:
    """Yield that every row is predicted one class, where that is not told as a failure: no gap means anything then."""
    first = int(after.predicted[0][0])
    if (after.predicted[0] == first).all() and all(failure.kind != "constant" for failure in failed):
        text = f"Every held-out row is predicted {rows.classes[first]}: gaps of 0 then say nothing."
        yield Answer(text, basis=f"{len(rows.truth):,} held-out rows", sure="shown", harm=True)


def _told(failure: Failure, rows: HeldOut, stats: Stats) -> Answer:
    basis = f"{len(rows.truth):,} held-out rows, paired, {percent(stats.confidence)} confidence"
    return Answer(failure.text, basis=basis, sure="shown", harm=True)

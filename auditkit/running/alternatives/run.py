"""The alternatives of one run: each taken from the start, then all of them compared."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import TYPE_CHECKING

from auditkit.predict.baseline import predictions
from auditkit.predict.to_take_away import predictions_table
from auditkit.running.alternatives.choose import choose
from auditkit.running.alternatives.outcomes import BEFORE, Whole, compared, compared_before
from auditkit.running.alternatives.said import answers
from auditkit.running.alternatives.shown import chart_of, table_of
from auditkit.running.alternatives.start import free_name, start_of
from auditkit.running.going_on import go_on
from auditkit.running.handed.exhibits import finite_chart
from auditkit.values.report import Skipped, StepEntry

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from auditkit.running.advance import State
    from auditkit.running.alternatives.start import Start
    from auditkit.running.context import RunContext
    from auditkit.running.ledger import Ledger
    from auditkit.running.plan import Plan, Planned
    from auditkit.spec.stats import Stats
    from auditkit.values.predictions import Predictions
    from auditkit.values.subject import Subject

ID = "alternatives"
ENTRY = StepEntry(
    id=ID,
    use=ID,
    kind="repair",
    title="Repairs beside each other",
    method=(
        "Every repair starts from the same data and the same division of its rows: it learns from the training rows, "
        "is chosen by the validation rows, and is measured on the test rows, which chose nothing. A change is of the "
        "same rows before and after, with its paired interval; the interval of a gap's change holds whichever groups "
        "are furthest apart. Recommended is, with a limit, the repair of highest balanced accuracy whose gap's upper "
        "bound lies within it on validation rows; without, the one whose gap in equalized odds (mean) and loss of "
        "balanced accuracy are least together. One whose predictions "
        "are shown to have become nearly constant on validation rows is not recommended."
    ),
    plugin="auditkit",
)
"""The comparison as a report remembers it."""


@dataclass(eq=False)
class Alternatives:
    """What the alternatives start from, and what each has predicted so far, int64 [n], in how many seconds."""

    state: State
    start: Start
    name: str = ID
    found: list[tuple[str, NDArray[np.int64], float]] = field(default_factory=list)

    def go_on(self, state: State, planned: Planned, context: RunContext) -> State:
        """Return the state with one more alternative, which started where all do."""
        begun, notes, told = perf_counter(), len(context.ledger.notes), len(context.ledger.answers)
        after = go_on(self.state, planned, context)
        seconds = perf_counter() - begun
        _name_it(context.ledger, context.step, notes=notes, answers=told)
        predicted = self._predicted(after, context)
        if predicted is not None:
            self.found.append((planned.spec.id, predicted, seconds))
        return replace(
            state,
            findings=(*state.findings, *after.findings[len(self.state.findings) :]),
            results={**state.results, **after.results},
            models={**state.models, **after.models},
        )

    def compare(self, state: State, context: RunContext) -> State:
        """Show and say how the alternatives do beside each other, before all else that was said.

        The state has the recommended one's table under the comparison's own name: that of before where none is.
        """
        ledger, stats = context.ledger, context.stats
        if not self.found:
            return state
        whole = self._whole(context)
        every = [
            compared_before(whole, stats),
            *(
                compared(whole, (name, predicted), seconds=seconds, stats=stats, rngs=_rngs(stats, name))
                for name, predicted, seconds in self.found
            ),
        ]
        choice = choose(every, self.start.limit)
        ledger.tables.insert(0, replace(table_of(every), step=ID))
        chart, _ = finite_chart(chart_of(every, choice))
        if chart is not None:
            ledger.charts.insert(0, replace(chart, step=ID))
        said = answers(
            every,
            choice,
            findings=state.findings,
            limit=self.start.limit,
            confidence=stats.confidence,
        )
        ledger.answers[:0] = [replace(answer, step=ID) for answer in said]
        name = BEFORE if choice.chosen is None else choice.chosen.name
        table = predictions_table(self._before(context)) if name == BEFORE else state.results.get(name)
        return replace(
            state,
            results=state.results if table is None else {**state.results, ID: table},
            models={**state.models, ID: state.models[name]} if name in state.models else state.models,
        )

    def _before(self, context: RunContext) -> Subject:
        """Return the subject with its predictions before as a column."""
        subject = self.start.subject
        if subject.pred is not None:
            return subject
        pred = free_name("before_pred", subject)
        found = _said(subject, context).pred
        return replace(subject, table=subject.table.assign(**{pred: found}), pred=pred)

    def _predicted(self, after: State, context: RunContext) -> NDArray[np.int64] | None:
        """Return what a repair predicts of every row, or None, and the reason skipped, where it hands back none."""
        subject = after.subject
        why = ""
        if len(subject) != len(self.start.target):
            why = "it hands back other rows than it was given"
        elif subject.predicts_as(self.state.subject):
            why = "it changes no predictions"
        if why:
            context.ledger.skipped.append(
                Skipped(step=context.step, what="comparison with other repairs", why=why)
            )
            return None
        return _said(subject, context).codes_in(subject.classes)

    def _whole(self, context: RunContext) -> Whole:
        subject = self.start.subject
        return Whole(
            target=self.start.target,
            classes=tuple(str(label) for label in subject.classes),
            attributes=self.start.attributes,
            weights=None if subject.weight is None else subject.column(subject.weight).to_numpy(dtype=float),
            division=self.start.division,
            before=_said(subject, context).codes_in(subject.classes),
        )


def alternatives_of(plan: Plan, state: State, ledger: Ledger) -> Alternatives | None:
    """Return the alternatives of a plan, None where its steps follow on each other."""
    spec = plan.recipe.alternatives
    if spec is None:
        return None
    start = start_of(state.subject, spec, plan.recipe.stats)
    ledger.notes.extend(start.notes)
    if start.predicted is not None:
        ledger.predicted.append((start.subject, start.predicted))
    return Alternatives(replace(state, subject=start.subject), start)


def _said(subject: Subject, context: RunContext) -> Predictions:
    """Return what a subject's columns or its model predict, without a note for each."""
    return context.ledger.predictions(subject, lambda one: predictions(one, seed=context.stats.seed))


def _rngs(stats: Stats, name: str) -> list[np.random.Generator]:
    import numpy as np

    return [
        np.random.default_rng([stats.seed, zlib.crc32(f"{ID}/{name}/{part}".encode())])
        for part in ("validation", "test")
    ]


def _name_it(ledger: Ledger, step: str, *, notes: int, answers: int) -> None:
    """Put the step's name before what it said: beside others nobody could tell of whom it is.

    What one of several repairs would do is no harm yet: that some fail is said of all of them together.
    """
    for place in range(notes, len(ledger.notes)):
        if step not in ledger.notes[place]:
            ledger.notes[place] = f"{step}: {ledger.notes[place]}"
    for place in range(answers, len(ledger.answers)):
        answer = ledger.answers[place]
        ledger.answers[place] = replace(answer, text=f"{step}: {answer.text}", harm=False)

"""Runs `diff`: the same rows where they are known, different rows where they are not, or a stored run's numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit import DataError, Finding, UsageError, class_codes
from auditkit_rates.change.answers import answers, coming_and_going, decisions_answer
from auditkit_rates.change.decisions import decided, table_of
from auditkit_rates.change.levels import levels
from auditkit_rates.change.metrics import BY_DEFAULT, CHANGES, OF_NUMBERS, ON_REQUEST, UNLABELLED
from auditkit_rates.change.paired import PairedRows, paired_changes, paired_means
from auditkit_rates.change.unpaired import independent_changes
from auditkit_rates.metrics.reported import named
from auditkit_rates.rows.counts import clusters_of, weights_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from auditkit import Context, Predictions, Stored, Subject, Versus
    from auditkit_rates.change.params import DiffParams


@dataclass(frozen=True, eq=False)
class _Both:
    """The rows that both sides have, with what was said of each before and what is said now."""

    subject: Subject
    before: Predictions
    now: Predictions


def diff(subject: Subject, params: DiffParams, context: Context) -> tuple[Finding, ...]:
    """Return each group's numbers by the new predictions, and their changes."""
    versus = subject.versus
    if versus is None:  # `check` has said so
        return ()
    names, both = _chosen(subject, params), _both(subject, versus, context)
    if both is None:
        old, new = tuple(_old(subject, versus, names, context)), tuple(_now(subject, versus, names, context))
        found = (*new, *independent_changes(old, new, context.stats, name=versus.name))
    else:
        new = tuple(levels(both.subject, both.now, names, context))
        found = (*new, *_changes(both, names, context), *_gone(subject, versus, names))
    for answer in answers(found, subject, context.stats):
        context.answer(answer)
    if both is not None and subject.task != "regression":
        rows = _rows(both)
        groups = decided(both.subject, rows, context.stats)
        context.show(table_of(groups, classes=rows.classes))
        context.answer(decisions_answer(groups, subject))
    for answer in coming_and_going(found, subject):
        context.answer(answer)
    return found


def _both(subject: Subject, versus: Versus, context: Context) -> _Both | None:
    """Return the rows that both sides have, None where no rows are known to be the same."""
    if versus.subject is None or versus.rows is None:
        return None
    now, before = context.predictions(subject), context.predictions(versus.subject)
    here = np.flatnonzero(versus.rows >= 0)
    return _Both(subject.take(here), _taken(before, versus.rows[here]), _taken(now, here))


def _taken(predictions: Predictions, rows: NDArray[np.int64]) -> Predictions:
    """Return what is said of some rows, int64 [m] places."""
    score = None if predictions.score is None else predictions.score[rows]
    return replace(
        predictions,
        pred=np.asarray(predictions.pred)[rows],
        codes=None,  # the classes of another subject
        score=score,
        loss=predictions.loss[rows],
    )


def _changes(both: _Both, names: Sequence[str], context: Context) -> Iterator[Finding]:
    if both.subject.task == "regression":
        return paired_means(both.subject, both.before, both.now, names, context.stats)
    return paired_changes(both.subject, _rows(both), names, context.stats)


def _rows(both: _Both) -> PairedRows:
    """Return the rows' codes; raise DataError for an accepted prediction that is no class of these data."""
    subject = both.subject
    before, after = (_codes(subject, one.pred) for one in (both.before, both.now))
    return PairedRows(
        truth=np.zeros(len(subject), dtype=np.int64) if subject.target is None else subject.truth,
        predicted=(before, after),
        classes=tuple(map(str, subject.classes)),
        weights=weights_of(subject),
        clusters=clusters_of(subject),
    )


def _codes(subject: Subject, predicted: NDArray[np.generic]) -> NDArray[np.int64]:
    import pandas as pd

    codes, strangers = class_codes(pd.Series(predicted), subject.classes)
    if strangers:
        shown, known = ", ".join(map(repr, strangers[:3])), ", ".join(map(repr, subject.classes[:8]))
        message = f"the two predictions do not have the same classes: {shown} is not among {known}"
        raise DataError(message)
    return codes


def _gone(subject: Subject, versus: Versus, names: Sequence[str]) -> Iterator[Finding]:
    """Yield a finding without a number for each group that the other table has and this one lacks."""
    here = {cut.name: set(cut.labels) for cut in subject.groupings}
    for cut in () if versus.subject is None else versus.subject.groupings:
        for code, label in enumerate(cut.labels):
            n = int((cut.codes == code).sum())
            if n and label not in here.get(cut.name, {label}):
                for name in names:
                    yield Finding(
                        metric=name, value=None, n=0, group=f"{cut.name}={label}", compare="change",
                        reason=f"gone: {n:,} rows in {versus.name}, none now",
                        details={"attribute": cut.name, "n_before": n},
                    )  # fmt: skip


def _old(subject: Subject, versus: Versus, names: Sequence[str], context: Context) -> Iterator[Finding]:
    """Yield the old side's numbers: of its rows, or those that a stored run has."""
    old = versus.subject
    if old is None:
        if versus.before is not None:
            yield from _kept(versus.before, names, name=versus.name)
        return
    if old.classes != subject.classes and subject.task != "regression":
        message = f"{old.source} has the classes {old.classes}, and these data {subject.classes}"
        raise DataError(message)
    yield from levels(old, context.predictions(old), names, context)


def _now(subject: Subject, versus: Versus, names: Sequence[str], context: Context) -> Iterator[Finding]:
    """Yield the new side's numbers: of its rows, or those that a stored run has."""
    if versus.now is not None:
        yield from _kept(versus.now, names, name=f"run {subject.source}")
    else:
        yield from levels(subject, context.predictions(subject), names, context)


def _kept(run: Stored, names: Sequence[str], *, name: str) -> Iterator[Finding]:
    """Yield a stored run's numbers of these metrics, the last of each group; DataError where it has none."""
    last = {
        (one.metric, one.group): one
        for one in run.findings
        if one.compare == "absolute" and one.metric in names
    }
    lacking = [name for name in names if name not in {metric for metric, _ in last}]
    if lacking:
        message = f"{name} has no {', '.join(lacking)}: take a run of rates, or of diff, with these metrics"
        raise DataError(message)
    yield from (replace(one, step="", stage=0) for one in last.values())


def _chosen(subject: Subject, params: DiffParams) -> tuple[str, ...]:
    """Return the metrics to compare, or raise UsageError for one that this target does not have."""
    asked = tuple(dict.fromkeys(map(named, params.metrics)))
    allowed, unasked = _possible(subject)
    wrong = [name for name in asked if name not in allowed]
    if wrong:
        message = f"metric '{wrong[0]}' does not fit a {subject.task} target; it has {', '.join(allowed)}"
        raise UsageError(message)
    return asked or tuple(name for name in CHANGES if name in unasked)


def _possible(subject: Subject) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the metrics that the target has, and those of them that are compared unasked: what stored runs have."""
    versus = subject.versus
    every: tuple[str, ...]
    unasked: tuple[str, ...]
    runs = [] if versus is None else [run for run in (versus.before, versus.now) if run is not None]
    if versus is not None and versus.now is not None:
        every, unasked = tuple(CHANGES), (*BY_DEFAULT, *OF_NUMBERS[:1])
    elif subject.task == "regression":
        every, unasked = OF_NUMBERS, OF_NUMBERS[:1]
    elif subject.target is None:
        every = unasked = UNLABELLED
    else:
        every, unasked = (*BY_DEFAULT, *ON_REQUEST), BY_DEFAULT
    there = [{one.metric for one in run.findings if one.compare == "absolute"} for run in runs]
    return every, tuple(name for name in unasked if all(name in metrics for metrics in there)) or unasked

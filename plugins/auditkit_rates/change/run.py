"""Runs `diff`: the same rows where they are known, different rows where they are not, or a stored run's numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit import DataError, UsageError, class_codes
from auditkit_rates.change.answers import answers, coming_and_going, decisions_answer
from auditkit_rates.change.decisions import decided, table_of
from auditkit_rates.change.levels import levels
from auditkit_rates.change.metrics import BY_DEFAULT, CHANGES, NAMES, OF_NUMBERS, ON_REQUEST, UNLABELLED
from auditkit_rates.change.paired import PairedRows, paired_changes, paired_means
from auditkit_rates.change.unpaired import independent_changes
from auditkit_rates.counts import clusters_of, weights_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from auditkit import Context, Finding, Predictions, Subject
    from auditkit_rates.change.params import DiffParams


def diff(subject: Subject, params: DiffParams, context: Context) -> tuple[Finding, ...]:
    """Return each group's numbers by the new predictions, and their changes."""
    versus = subject.versus
    if versus is None:  # `check` has said so
        return ()
    names = _chosen(subject, params)
    if versus.subject is not None and versus.rows is not None:
        found = _on_same_rows(subject, names, context)
    else:
        new = tuple(levels(subject, context.predictions(subject), names, context))
        found = (
            *new,
            *independent_changes(tuple(_old(subject, names, context)), new, context.stats, name=versus.name),
        )
    for answer in (*answers(found, subject, context.stats), *coming_and_going(found, subject)):
        context.answer(answer)
    return found


def _on_same_rows(subject: Subject, names: Sequence[str], context: Context) -> tuple[Finding, ...]:
    """Return the findings of the rows that both sides have, and show whose decision changed."""
    versus = subject.versus
    if versus is None or versus.subject is None or versus.rows is None:
        message = "rows are compared that are not known to be the same"
        raise TypeError(message)
    predictions, old = context.predictions(subject), context.predictions(versus.subject)
    here = np.flatnonzero(versus.rows >= 0)
    both = subject.take(here)
    new = replace(
        predictions,
        pred=np.asarray(predictions.pred)[here],
        score=None if predictions.score is None else predictions.score[here],
        loss=predictions.loss[here],
    )
    before = replace(old, pred=np.asarray(old.pred)[versus.rows[here]])
    found = [*levels(both, new, names, context)]
    if subject.task == "regression":
        return (*found, *paired_means(both, before, new, names, context.stats))
    rows = _rows(both, before, new)
    found += paired_changes(both, rows, names, context.stats)
    groups = decided(both, rows, context.stats)
    context.show(table_of(groups, classes=rows.classes))
    context.answer(decisions_answer(groups, subject))
    return (*found, *_gone(subject, names))


def _rows(subject: Subject, old: Predictions, new: Predictions) -> PairedRows:
    """Return the rows' codes; raise DataError for an accepted prediction that is no class of these data."""
    before, after = (_codes(subject, one.pred) for one in (old, new))
    truth = np.zeros(len(subject), dtype=np.int64)
    if subject.target is not None:
        truth, _ = class_codes(subject.column(subject.target), subject.classes)
    return PairedRows(
        truth=truth,
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


def _gone(subject: Subject, names: Sequence[str]) -> Iterator[Finding]:
    """Yield a finding without a number for each group that the other table has and this one lacks."""
    from auditkit import Finding

    old = None if subject.versus is None else subject.versus.subject
    here = {f"{cut.name}={label}" for cut in subject.groupings for label in cut.labels}
    known = {cut.name for cut in subject.groupings}
    for cut in () if old is None else old.groupings:
        for code, label in enumerate(cut.labels):
            group, n = f"{cut.name}={label}", int((cut.codes == code).sum())
            if cut.name in known and group not in here and n:
                for name in names:
                    reason = f"gone: {n:,} rows in {old.source if old else ''}, none now"
                    details = {"attribute": cut.name, "n_before": n}
                    yield Finding(
                        metric=name,
                        value=None,
                        n=0,
                        group=group,
                        compare="change",
                        reason=reason,
                        details=details,
                    )


def _old(subject: Subject, names: Sequence[str], context: Context) -> Iterator[Finding]:
    """Yield the old side's numbers: of its rows, or those that a stored run has."""
    versus = subject.versus
    if versus is None:
        return
    if versus.subject is not None:
        old = versus.subject
        if old.classes != subject.classes and subject.task != "regression":
            message = f"{old.source} has the classes {old.classes}, and these data {subject.classes}"
            raise DataError(message)
        yield from levels(old, context.predictions(old), names, context)
        return
    kept = [one for one in versus.findings if one.compare == "absolute" and one.metric in names]
    if not any(one.value is not None for one in kept):
        message = (
            f"{versus.name} has none of {', '.join(names)}: name one of rates, or of diff, with these metrics"
        )
        raise DataError(message)
    yield from kept


def _chosen(subject: Subject, params: DiffParams) -> tuple[str, ...]:
    """Return the metrics to compare, or raise UsageError for one that this target does not have."""
    asked = tuple(dict.fromkeys(NAMES[name] for name in params.metrics))
    allowed, unasked = _possible(subject)
    wrong = [name for name in asked if name not in allowed]
    if wrong:
        message = f"metric '{wrong[0]}' does not fit a {subject.task} target; it has {', '.join(allowed)}"
        raise UsageError(message)
    return asked or tuple(name for name in CHANGES if name in unasked)


def _possible(subject: Subject) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the metrics that the target has, and those of them that are compared unasked."""
    if subject.task == "regression":
        return OF_NUMBERS, OF_NUMBERS[:1]
    return (UNLABELLED, UNLABELLED) if subject.target is None else ((*BY_DEFAULT, *ON_REQUEST), BY_DEFAULT)

"""Runs the audit `rates`: one loop over cuts, one over classes, and only counts in between."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit import UsageError, note_of_repeats, note_of_shared_rows
from auditkit.measures import available, expect_bounds
from auditkit_rates.answers import answers
from auditkit_rates.costs import groups_at_most
from auditkit_rates.findings.between import between_groups, sources_of
from auditkit_rates.findings.by_group import columns_of, group_findings
from auditkit_rates.findings.counted_scores import counted_scores
from auditkit_rates.findings.errors import error_findings
from auditkit_rates.findings.scored import scores_of
from auditkit_rates.findings.scores import score_findings
from auditkit_rates.findings.to_best import to_best
from auditkit_rates.metrics.reported import (
    BETWEEN_METRICS,
    GROUP_METRICS,
    OF_SELECTION,
    ON_REQUEST,
    REGRESSION_METRICS,
    UNLABELLED,
    named,
)
from auditkit_rates.metrics.scores import BY_DEFAULT, COUNTED, SCORE_METRICS
from auditkit_rates.parity.impact import impact_findings
from auditkit_rates.parity.standardised import smd_findings
from auditkit_rates.parity.strata import conditional_findings
from auditkit_rates.rows.counts import counted, labels_of
from auditkit_rates.rows.cuts import Groups, class_by_class

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from auditkit import Context, Finding, Outcome, Predictions, Stats, Subject
    from auditkit_rates.findings.scored import Calibrated
    from auditkit_rates.params import RatesParams
    from auditkit_rates.rows.counts import Counted, Labels


def audit(subject: Subject, params: RatesParams, context: Context) -> tuple[Finding, ...]:
    """Return the findings of every cut: per group, to the rest, and between the groups of an attribute."""
    asked = tuple(dict.fromkeys(map(named, params.metrics)))
    predictions = context.predictions(subject)
    if subject.cells is None:  # else no row is here that could repeat another
        for note in filter(None, (note_of_repeats(subject), note_of_shared_rows(subject))):
            context.say(note)
    if subject.task == "regression":
        every = tuple(metric.name for metric in REGRESSION_METRICS)
        names = _chosen(asked, (*every, "smd"), subject)
        found = [
            *error_findings(subject, predictions, tuple(name for name in names if name in every), context)
        ]
        numbers = np.asarray(predictions.pred, dtype=np.float64)
        found += smd_findings(subject, numbers, context, names=asked)
    else:
        labels = labels_of(subject, predictions)
        values = _scores(subject, predictions) if len(labels.classes) == 2 else None
        score: Calibrated | None = None
        unasked: tuple[str, ...] = () if predictions.baseline else BY_DEFAULT
        if subject.cells is not None:
            score = counted_scores(subject, labels, params, context, asked=asked)
            unasked = tuple(name for name in BY_DEFAULT if name in COUNTED)
        elif subject.target is not None and values is not None:
            score = scores_of(subject, labels, values, context.stats, made_of=params.calibration_bins)
        found = [*_classification(subject, labels, score, context, asked=asked, unasked=unasked)]
        if subject.given and (not asked or "conditional_parity" in asked):
            found += conditional_findings(subject, labels, subject.given, context)
        if values is not None:
            found += smd_findings(subject, values, context, names=asked)
    for answer in answers(found, subject, context.stats):
        context.answer(answer)
    return tuple(found)


def _scores(subject: Subject, predictions: Predictions) -> NDArray[np.float64] | None:
    """Return the score of the counted class float64 [n]: its probability, or one of another scale; None without."""
    if predictions.score is not None:
        return predictions.score[:, -1]
    return None if subject.score is None else subject.column(subject.score).to_numpy(dtype=float)


def _classification(
    subject: Subject,
    labels: Labels,
    scores: Calibrated | None,
    context: Context,
    *,
    asked: tuple[str, ...],
    unasked: tuple[str, ...],
) -> Iterator[Finding]:
    """Yield the findings of each cut over all classes, then, of more than two, over each against the rest.

    Last come those of scores, if there are any: what was asked for, else the `unasked` ones.
    """
    many = len(labels.classes) > 2
    metrics = [metric.name for metric in GROUP_METRICS]
    whole = tuple(name for name in metrics if name in available(len(labels.classes)))
    single = tuple(name for name in metrics if many and name not in whole and name in available(2))
    between = tuple(metric.name for metric in BETWEEN_METRICS)
    of_scores = () if scores is None else (*(metric.name for metric in SCORE_METRICS), "smd")
    labelled = (*whole, *single, *between, *(() if many else OF_SELECTION), *of_scores)
    allowed = tuple(name for name in labelled if subject.target or name in UNLABELLED)
    wanted = _chosen(asked, allowed, subject)
    chosen = tuple(name for name in wanted if name not in (*OF_SELECTION, *of_scores))
    of_class = tuple(name for name in chosen if name not in whole)
    classes = len(labels.classes) if many else 0
    expect_bounds(2 * groups_at_most(subject, context.stats) * (len(chosen) + classes * len(of_class)))
    for part in counted(subject, labels, context.stats):
        groups = Groups(cut=part.cut, rows=part.rows)
        yield from _of_cut(part, groups, chosen, context.stats, outcome=subject.outcome)
        yield from impact_findings(part, asked, context.stats)
        if many:
            groups = replace(groups, classes=labels.classes)
            yield from _of_cut(part.stacked(), groups, of_class, context.stats, outcome=None)
    if scores is not None:
        yield from score_findings(subject, scores, [n for n in of_scores if n in (asked or unasked)], context)


def _there(part: Counted, chosen: tuple[str, ...]) -> tuple[str, ...]:
    """Return the chosen metrics that single groups have over as many classes."""
    return tuple(name for name in chosen if name in available(part.own.counts.shape[-1]))


def _of_cut(
    part: Counted, groups: Groups, chosen: tuple[str, ...], stats: Stats, *, outcome: Outcome | None
) -> Iterator[Finding]:
    """Yield the findings of one cut's groups, and of the differences between them, class by class."""
    names = _there(part, chosen)
    columns = columns_of(part, names, stats)
    kinds = [group_findings(groups, columns)]
    if part.cut.kind == "attribute":
        conditions = {one.name: one.condition for one in columns}
        sources = sources_of(part, chosen, stats, conditions, classes=len(groups.classes))
        kinds += [
            to_best(groups, names, sources, stats, outcome=outcome),
            between_groups(groups, chosen, sources, stats),
        ]
    yield from class_by_class(*kinds)


def _chosen(asked: tuple[str, ...], allowed: tuple[str, ...], subject: Subject) -> tuple[str, ...]:
    """Return the metrics to report, or raise UsageError for one that this target does not have."""
    wrong = [name for name in asked if name not in allowed]
    if wrong and subject.target is None:
        message = (
            f"metric '{wrong[0]}' asks for true labels, which --target names; without: {', '.join(allowed)}"
        )
        raise UsageError(message)
    if wrong:
        message = f"metric '{wrong[0]}' does not fit a {subject.task} target; it has {', '.join(allowed)}"
        raise UsageError(message)
    return asked or tuple(name for name in allowed if name not in ON_REQUEST)

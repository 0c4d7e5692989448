"""Each group's numbers by one set of predictions: what `rates` calls absolute."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures import measure
from auditkit_rates.findings.by_group import Column, group_findings
from auditkit_rates.findings.errors import TERMS, Errors
from auditkit_rates.rows.condition import condition_of
from auditkit_rates.rows.counts import clusters_of, counted, labels_of, weights_of
from auditkit_rates.rows.cuts import Groups, class_by_class, row_cuts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from auditkit import Context, Finding, Predictions, Stats, Subject
    from auditkit_rates.rows.counts import Counted


def levels(
    subject: Subject, predictions: Predictions, names: Sequence[str], context: Context
) -> Iterator[Finding]:
    """Yield the named metrics of all rows and of each group; of more than two classes, each against the rest."""
    stats = context.stats
    if subject.task == "regression":
        yield from means_of(subject, terms_of(subject, predictions, names), stats)
        return
    labels = labels_of(subject, predictions)
    many = len(labels.classes) > 2
    whole = [name for name in names if not many or name == "accuracy"]
    single = [name for name in names if name not in whole]
    for part in counted(subject, labels, stats):
        groups = Groups(cut=part.cut, rows=part.rows)
        yield from class_by_class(group_findings(groups, [_column(part, name, stats) for name in whole]))
        if single:
            groups, stacked = replace(groups, classes=labels.classes), part.stacked()
            columns = [_column(stacked, name, stats) for name in single]
            yield from class_by_class(group_findings(groups, columns))


def terms_of(
    subject: Subject, predictions: Predictions, names: Sequence[str]
) -> dict[str, NDArray[np.float64]]:
    """Return each metric's terms float64 [n], the mean of which it is, of a numeric target."""
    truth = subject.column(subject.need_target()).to_numpy(dtype=np.float64)
    error = np.asarray(predictions.pred, dtype=np.float64) - truth
    return {name: TERMS[name](error) for name in names}


def means_of(subject: Subject, terms: Mapping[str, NDArray[np.float64]], stats: Stats) -> Iterator[Finding]:
    """Yield the mean of each metric's terms [n] in all rows and in each group."""
    errors = Errors(
        names=tuple(terms),
        terms=np.stack(list(terms.values())),
        weights=weights_of(subject),
        clusters=clusters_of(subject),
        stats=stats,
    )
    for cut in row_cuts(subject, stats):
        condition, _ = errors.condition(cut)
        columns = [
            Column(name=name, condition=condition, own=mean, gaps=())
            for name, mean in zip(errors.names, errors.means(cut), strict=True)
        ]
        yield from class_by_class(group_findings(Groups(cut=cut, rows=condition.rows), columns))


def _column(part: Counted, name: str, stats: Stats) -> Column:
    own = measure(part.own, name, confidence=stats.confidence)
    return Column(name=name, condition=condition_of(part.own, name, stats.min_n), own=own, gaps=())

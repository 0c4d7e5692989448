"""Runs the audit `rates`: one loop over cuts, one over metrics, and only counts in between."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit import UsageError
from auditkit.measures import available, count
from auditkit_rates.between import between_groups
from auditkit_rates.cuts import REST, Cut, cuts, everybody
from auditkit_rates.declare import BETWEEN_METRICS, GROUP_METRICS, REGRESSION_METRICS
from auditkit_rates.errors_of import error_findings
from auditkit_rates.groups import group_findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from auditkit import Context, Finding, Predictions, Subject
    from auditkit.measures import Confusions


@dataclass(frozen=True, eq=False)
class Labels:
    """True and predicted class of each row as an index into the classes, int [n], -1 where missing."""

    truth: NDArray[np.int64]
    predicted: NDArray[np.int64]
    classes: tuple[str, ...]
    weights: NDArray[np.float64] | None

    def against_rest(self, positive: int) -> Labels:
        """Return the labels with one class as positive and all others as negative."""

        def recoded(codes: NDArray[np.int64]) -> NDArray[np.int64]:
            return np.where(codes < 0, -1, (codes == positive).astype(np.int64))

        return replace(
            self,
            truth=recoded(self.truth),
            predicted=recoded(self.predicted),
            classes=("rest", self.classes[positive]),
        )

    def counts(self, cut: Cut) -> Confusions:
        """Return the confusion counts of each group of a cut."""
        return count(
            cut.codes, self.truth, predicted=self.predicted, n_groups=len(cut.groups), n_classes=len(self.classes),
            weights=self.weights,
        )  # fmt: skip


def audit(subject: Subject, asked: tuple[str, ...], context: Context) -> tuple[Finding, ...]:
    """Return the findings of every cut: per group, to the rest, and between the groups of an attribute."""
    predictions = context.predictions(subject)
    if subject.task == "regression":
        names = _chosen(asked, tuple(metric.name for metric in REGRESSION_METRICS), subject)
        return tuple(_regression(subject, predictions, names, context))
    labels = _labels(subject, predictions)
    return tuple(_classification(subject, labels, asked, context))


def _classification(
    subject: Subject, labels: Labels, asked: tuple[str, ...], context: Context
) -> Iterator[Finding]:
    many = len(labels.classes) > 2
    metrics = [metric.name for metric in GROUP_METRICS]
    whole = tuple(name for name in metrics if name in available(len(labels.classes)))
    single = tuple(name for name in metrics if many and name not in whole and name in available(2))
    between = tuple(metric.name for metric in BETWEEN_METRICS)
    chosen = _chosen(asked, (*whole, *single, *between), subject)
    for cut in (everybody(len(subject)), *cuts(subject, context.stats)):
        yield from _of_cut(cut, labels, chosen, context, label="")
        for positive, name in enumerate(labels.classes) if many else ():
            yield from _of_cut(
                cut,
                labels.against_rest(positive),
                tuple(n for n in chosen if n not in whole),
                context,
                label=name,
            )


def _of_cut(
    cut: Cut, labels: Labels, chosen: tuple[str, ...], context: Context, *, label: str
) -> Iterator[Finding]:
    """Yield one cut's findings; with a label, those of that class against the rest."""
    confusions = labels.counts(cut)
    allowed = available(len(labels.classes))
    found = list(group_findings(cut, confusions, [n for n in chosen if n in allowed], context.stats))
    if cut.whole and len(labels.classes) == 2:
        found += between_groups(cut, confusions, chosen, context)
    for finding in found:
        of_nobody = finding.group.startswith(REST) or (not finding.group and finding.compare != "absolute")
        if not of_nobody:
            yield _labelled(finding, label)


def _labelled(finding: Finding, label: str) -> Finding:
    if not label:
        return finding
    return replace(
        finding, group=f"{finding.group} [{label}]".lstrip(), details={**finding.details, "class": label}
    )


def _regression(
    subject: Subject, predictions: Predictions, names: tuple[str, ...], context: Context
) -> Iterator[Finding]:
    truth = subject.column(subject.need_target()).to_numpy(dtype=np.float64)
    error = np.asarray(predictions.pred, dtype=np.float64) - truth
    for cut in (everybody(len(subject)), *cuts(subject, context.stats)):
        for finding in error_findings(cut, error, names, context.stats, weights=_weights(subject)):
            if finding.group != REST and (finding.group or finding.compare == "absolute"):
                yield finding


def _labels(subject: Subject, predictions: Predictions) -> Labels:
    import pandas as pd

    from auditkit import class_codes

    truth, _ = class_codes(subject.column(subject.need_target()), subject.classes)
    predicted, _ = class_codes(pd.Series(predictions.pred), subject.classes)
    return Labels(truth, predicted, tuple(str(item) for item in subject.classes), _weights(subject))


def _weights(subject: Subject) -> NDArray[np.float64] | None:
    return None if subject.weight is None else subject.column(subject.weight).to_numpy(dtype=np.float64)


def _chosen(asked: tuple[str, ...], allowed: tuple[str, ...], subject: Subject) -> tuple[str, ...]:
    """Return the metrics to report, or raise UsageError for one that this target does not have."""
    wrong = [name for name in asked if name not in allowed]
    if wrong:
        message = f"metric '{wrong[0]}' does not fit a {subject.task} target; it has {', '.join(allowed)}"
        raise UsageError(message)
    return asked or tuple(name for name in allowed if name != "base_rate")

"""What `rates` measures and how: light, so that every start of the program can read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from annotated_doc import Doc

from auditkit import Audit, Context, Finding, Metric, Subject, UsageError

HARDT = "Hardt, Price & Srebro, Equality of Opportunity in Supervised Learning, 2016"
DWORK = "Dwork et al., Fairness Through Awareness, 2012; Feldman et al., 2015, for the ratio"
AGARWAL = "Agarwal et al., A Reductions Approach to Fair Classification, 2018"

GROUP_METRICS = (
    Metric(name="selection_rate", title="Selection rate", formula="(TP + FP) / n"),
    Metric(
        name="tpr", title="True positive rate (recall)", formula="TP / (TP + FN)",
        direction="lower_is_worse", source=HARDT,
    ),
    Metric(
        name="fpr", title="False positive rate", formula="FP / (FP + TN)", direction="higher_is_worse", source=HARDT
    ),
    Metric(
        name="precision", title="Precision (positive predictive value)", formula="TP / (TP + FP)",
        direction="lower_is_worse",
    ),
    Metric(
        name="accuracy", title="Accuracy", formula="(TP + TN) / n; with several classes, rows on the diagonal / n",
        direction="lower_is_worse",
    ),
    Metric(
        name="balanced_accuracy", title="Balanced accuracy", formula="mean over classes of that class's recall",
        direction="lower_is_worse",
    ),
    Metric(
        name="f1", title="F1", formula="2 TP / (2 TP + FP + FN)", direction="lower_is_worse",
    ),
    Metric(
        name="macro_f1", title="Macro F1", formula="mean over classes of that class's F1, each against the rest",
        direction="lower_is_worse",
    ),
    Metric(name="base_rate", title="Base rate of the true label", formula="(TP + FN) / n"),
)  # fmt: skip

BETWEEN_METRICS = (
    Metric(
        name="demographic_parity", title="Demographic parity over an attribute's groups",
        formula="difference: max - min of the groups' selection rates; ratio: min / max", source=DWORK,
    ),
    Metric(
        name="equal_opportunity", title="Equal opportunity over an attribute's groups",
        formula="difference: max - min of the groups' TPR; ratio: min / max", source=HARDT,
    ),
    Metric(
        name="equalized_odds", title="Equalized odds over an attribute's groups, worst case",
        formula="difference: the larger of the TPR and FPR differences; ratio: the smaller of their ratios",
        source=f"{HARDT}; {AGARWAL}",
    ),
    Metric(
        name="equalized_odds_mean", title="Equalized odds over an attribute's groups, mean",
        formula="the mean of the TPR and FPR differences, or of their ratios", source=HARDT,
    ),
)  # fmt: skip

REGRESSION_METRICS = (
    Metric(name="mean_error", title="Mean error", formula="mean of prediction - truth", unit="target units"),
    Metric(
        name="mae", title="Mean absolute error", formula="mean of |prediction - truth|", unit="target units",
        direction="higher_is_worse",
    ),
    Metric(
        name="mse", title="Mean squared error", formula="mean of (prediction - truth)²", unit="target units squared",
        direction="higher_is_worse",
    ),
)  # fmt: skip

METHOD = (
    "Every metric is computed from the counts of true and predicted labels in each group, for every named attribute "
    "and every intersection up to the given order. Rates have Wilson score intervals, gaps to all other rows Newcombe "
    "intervals, F1 and means over classes intervals from a multinomial bootstrap of the counts. The largest "
    "difference and the smallest ratio between an attribute's groups are selected from many, so their intervals hold "
    "for all pairs at once (studentised maximum over pairs). Errors of a numeric target have Welch intervals. A group "
    "with fewer rows under a metric's condition than the minimum is insufficient evidence. With weights, intervals "
    "use Kish's effective number of rows."
)


@dataclass(frozen=True, kw_only=True)
class RatesParams:
    """Which metrics to report."""

    metrics: Annotated[tuple[str, ...], Doc("metrics to report; default: all that the target allows")] = ()


class Rates(Audit[RatesParams]):
    """Rates by group, gaps to the rest, and differences and ratios between groups."""

    name = "rates"
    title = "Rates by group and intersection"
    method = METHOD
    Params = RatesParams
    metrics = (*GROUP_METRICS, *BETWEEN_METRICS, *REGRESSION_METRICS)

    def check(self, subject: Subject, params: RatesParams) -> None:
        """Raise unless there is a target, a group, and a metric of every name that was asked for."""
        from auditkit import nearest

        subject.need_target()
        if not (subject.groupings or subject.groups):
            columns = ", ".join(subject.sensitive[:3] or tuple(map(str, subject.table.columns[:3])))
            message = f"rates needs groups: name columns with --groups or under groups:, such as {columns}"
            raise UsageError(message)
        known = [metric.name for metric in self.metrics]
        for name in params.metrics:
            if name not in known:
                message = f"rates has no metric '{name}'{nearest(name, known)}"
                raise UsageError(message)

    def run(self, subject: Subject, params: RatesParams, context: Context) -> tuple[Finding, ...]:
        """Return a finding for every metric of every group that was asked for, measurable or not."""
        from auditkit_rates.audit import audit

        return audit(subject, params.metrics, context)

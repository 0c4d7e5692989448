"""The metrics that `rates` reports, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from auditkit import Metric
from auditkit_rates.metrics.parity import PARITY_METRICS
from auditkit_rates.metrics.scores import SCORE_METRICS

if TYPE_CHECKING:
    from auditkit import Compare, Direction, Outcome

Between: TypeAlias = Literal["difference", "ratio"]
"""How the groups of an attribute are compared as a whole."""

HARDT = "Hardt, Price & Srebro, Equality of Opportunity in Supervised Learning, 2016"
DWORK = "Dwork et al., Fairness Through Awareness, 2012; Feldman et al., 2015, for the ratio"
AGARWAL = "Agarwal et al., A Reductions Approach to Fair Classification, 2018"

BY_GROUP: tuple[Compare, ...] = ("absolute", "to_rest", "to_reference")
TO_BEST: tuple[Compare, ...] = (*BY_GROUP, "to_best")
"""Of a metric whose better side is known."""
BETWEEN: tuple[Between, ...] = ("difference", "ratio")
EVERY = (*TO_BEST, *BETWEEN)

GROUP_METRICS = (
    Metric(
        name="selection_rate", title="Selection rate", formula="(TP + FP) / n",
        also=("acceptance_rate", "approval_rate", "hiring_rate", "positive_rate", "predicted_positive_rate"),
        favourable="lower_is_worse", unfavourable="higher_is_worse", compares=TO_BEST,
    ),
    Metric(
        name="tpr", title="True positive rate (recall)", said="recall", formula="TP / (TP + FN)",
        also=("recall", "sensitivity", "hit_rate", "true_positive_rate", "true_acceptance_rate"),
        direction="lower_is_worse", favourable="lower_is_worse", unfavourable="neither", source=HARDT,
        compares=TO_BEST,
    ),
    Metric(
        name="fpr", title="False positive rate", formula="FP / (FP + TN)", direction="higher_is_worse",
        favourable="neither", unfavourable="higher_is_worse", source=HARDT, compares=EVERY,
        also=("fall_out", "false_alarm_rate", "false_positive_rate", "type_i_error", "predictive_equality"),
    ),
    Metric(
        name="precision", title="Precision (positive predictive value)", said="precision",
        formula="TP / (TP + FP)",
        direction="lower_is_worse", compares=EVERY,
        also=("ppv", "positive_predictive_value", "predictive_parity", "outcome_test"),
    ),
    Metric(
        name="accuracy", title="Accuracy", formula="(TP + TN) / n; with several classes, rows on the diagonal / n",
        direction="lower_is_worse", compares=EVERY,
        also=("overall_accuracy", "overall_accuracy_equality", "accuracy_parity", "percent_correct"),
    ),
    Metric(
        name="balanced_accuracy", title="Balanced accuracy", formula="mean over classes of that class's recall",
        direction="lower_is_worse", compares=EVERY, also=("bacc", "macro_recall", "unweighted_average_recall"),
    ),
    Metric(
        name="f1", title="F1", said="F1", formula="2 TP / (2 TP + FP + FN)", direction="lower_is_worse",
        compares=EVERY, also=("f1_score", "f_score", "f_measure", "dice"),
    ),
    Metric(
        name="macro_f1", title="Macro F1", said="macro F1",
        formula="mean over classes of that class's F1, each against the rest",
        direction="lower_is_worse", compares=EVERY,
    ),
    Metric(
        name="base_rate", title="Base rate of the true label", formula="(TP + FN) / n",
        compares=(*BY_GROUP, *BETWEEN), also=("prevalence", "positive_base_rate"),
    ),
    Metric(
        name="fnr", title="False negative rate (miss rate)", formula="FN / (FN + TP) = 1 - TPR",
        direction="higher_is_worse", favourable="higher_is_worse", unfavourable="neither", source=HARDT,
        compares=EVERY, also=("miss_rate", "false_negative_rate", "type_ii_error", "false_rejection_rate"),
    ),
    Metric(
        name="tnr", title="True negative rate (specificity)", formula="TN / (TN + FP) = 1 - FPR",
        direction="lower_is_worse", favourable="neither", unfavourable="lower_is_worse", source=HARDT,
        compares=EVERY, also=("specificity", "selectivity", "true_negative_rate"),
    ),
    Metric(
        name="npv", title="Negative predictive value", formula="TN / (TN + FN)", direction="lower_is_worse",
        compares=EVERY, also=("negative_predictive_value", "conditional_use_accuracy"),
    ),
    Metric(
        name="fdr", title="False discovery rate", formula="FP / (FP + TP) = 1 - precision",
        direction="higher_is_worse", compares=EVERY, also=("false_discovery_rate",),
    ),
    Metric(
        name="for", title="False omission rate", formula="FN / (FN + TN) = 1 - NPV", direction="higher_is_worse",
        compares=EVERY, also=("false_omission_rate",),
    ),
)  # fmt: skip

ON_REQUEST = frozenset({"base_rate", "fnr", "tnr", "npv", "fdr", "for", "rmse"})
"""Metrics that `--metrics` has to name: most are 1 minus one that is reported unasked, or its root."""

OF_SELECTION = ("impact_ratio", "impact_ratio_to_reference", "conditional_parity")
"""Further comparisons of selection: the ratios by name, the gaps within strata where some are given."""

UNREPORTED = ("error_rate",)
"""Count metrics that are 1 minus one that is reported, and that nobody asks for."""

UNLABELLED = ("selection_rate", "demographic_parity", *OF_SELECTION)
"""What decisions have without true labels."""

BETWEEN_METRICS = (
    Metric(
        name="demographic_parity", title="Demographic parity over an attribute's groups",
        formula="difference: max - min of the groups' selection rates; ratio: min / max", source=DWORK,
        compares=BETWEEN,
        also=(
            "statistical_parity", "disparate_impact", "demographic_parity_difference", "demographic_parity_ratio",
            "statistical_parity_difference", "spd", "group_fairness", "independence", "acceptance_rate_parity",
        ),
    ),
    Metric(
        name="equal_opportunity", title="Equal opportunity over an attribute's groups",
        formula="difference: max - min of the groups' TPR; ratio: min / max", source=HARDT,
        compares=BETWEEN, also=("equality_of_opportunity", "equal_opportunity_difference", "true_positive_parity"),
    ),
    Metric(
        name="equalized_odds", title="Equalized odds over an attribute's groups, worst case",
        formula="difference: the larger of the TPR and FPR differences; ratio: the smaller of their ratios",
        source=f"{HARDT}; {AGARWAL}", compares=BETWEEN,
        also=(
            "equalised_odds", "equal_odds", "equalized_odds_difference", "separation", "disparate_mistreatment",
            "error_rate_balance", "conditional_procedure_accuracy_equality",
        ),
    ),
    Metric(
        name="equalized_odds_mean", title="Equalized odds over an attribute's groups, mean",
        formula="the mean of the TPR and FPR differences, or of their ratios", source=HARDT,
        compares=BETWEEN, also=("average_odds", "average_odds_difference", "aod"),
    ),
)  # fmt: skip

REGRESSION_METRICS = (
    Metric(
        name="mean_error", title="Mean error", formula="mean of prediction - truth", unit="target units",
        signed=True, compares=(*BY_GROUP, "difference"), also=("mean_signed_error", "mean_residual"),
    ),
    Metric(
        name="mae", title="Mean absolute error", formula="mean of |prediction - truth|", unit="target units",
        direction="higher_is_worse", compares=(*BY_GROUP, *BETWEEN), also=("mean_absolute_error",),
    ),
    Metric(
        name="mse", title="Mean squared error", formula="mean of (prediction - truth)²", unit="target units squared",
        direction="higher_is_worse", compares=BY_GROUP, also=("mean_squared_error",),
    ),
    Metric(
        name="rmse", title="Root mean squared error", formula="√(mean of (prediction - truth)²)", unit="target units",
        direction="higher_is_worse", compares=(*BY_GROUP, *BETWEEN), also=("root_mean_squared_error", "rmsd"),
        source="Bonett, Computational Statistics and Data Analysis 50, 2006; Zou & Donner 2008 for the gap",
    ),
)  # fmt: skip

EVERY_METRIC = (*GROUP_METRICS, *BETWEEN_METRICS, *PARITY_METRICS, *SCORE_METRICS, *REGRESSION_METRICS)
METRICS = {metric.name: metric for metric in EVERY_METRIC}
"""Every metric by name."""

NAMES = {other: metric.name for metric in reversed(EVERY_METRIC) for other in (metric.name, *metric.also)}
"""Every metric's name by all that it is called; the first one's where several are called so."""


def named(name: str) -> str:
    """Return the name of the metric that is called so, whatever its capitals and marks; else the name as it is."""
    return NAMES.get(name) or next((one.name for one in METRICS.values() if one.is_called(name)), name)


def best_side(name: str, outcome: Outcome | None) -> Literal["highest", "lowest"] | None:
    """Return which rate of a metric is the best one under an outcome, None where no side is better."""
    sides: dict[Direction, Literal["highest", "lowest"]] = {
        "lower_is_worse": "highest", "higher_is_worse": "lowest",
    }  # fmt: skip
    return sides.get(METRICS[name].direction_under(outcome))

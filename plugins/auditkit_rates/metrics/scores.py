"""The metrics of scores that `rates` reports, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import Metric

if TYPE_CHECKING:
    from auditkit import Compare

BY_GROUP: tuple[Compare, ...] = ("absolute", "to_rest", "to_reference")

RANKING = (
    Metric(
        name="auc", title="Area under the ROC curve",
        formula="P(score of a positive > score of a negative) + P(equal) / 2",
        direction="lower_is_worse", compares=(*BY_GROUP, "to_best", "difference"),
        also=(
            "roc_auc", "auroc", "roc", "c_statistic", "c_index", "concordance", "area_under_curve",
            "area_under_the_curve",
        ),
        source="DeLong, DeLong & Clarke-Pearson, Biometrics 44, 1988; weighted, and on the logit scale",
    ),
    Metric(
        name="average_precision", title="Average precision",
        formula="Σ over distinct scores of precision × the step in recall; it grows with the base rate",
        direction="lower_is_worse",
        also=("auprc", "pr_auc", "ap"), source="Boyd, Eng & Page, ECML PKDD 2013, for the interval",
    ),
)  # fmt: skip

CALIBRATION = (
    Metric(
        name="calibration_gap", title="Calibration in the large", said="mean score less what was observed",
        formula="mean score - share of rows in which the class occurred; above 0: over-predicted",
        signed=True, compares=BY_GROUP,
        also=("calibration", "calibration_in_the_large", "mean_calibration", "over_prediction", "bias", "citl"),
        source="Cox, Biometrika 45, 1958; Hoeffding 1956 for the exact bound",
    ),
    Metric(
        name="calibration_error", title="Calibration error, corrected for chance",
        formula="√max(0, Σ_b share_b ((mean score - share of cases)²_b - its variance_b)), b bins of equal weight",
        direction="higher_is_worse", also=(
            "ece", "expected_calibration_error", "rms_calibration_error", "calibration_within_groups",
            "test_fairness", "sufficiency", "calibration",
        ),
        source="Bröcker, Climate Dynamics 39, 2012; Kumar, Liang & Ma, Verified Uncertainty Calibration, 2019",
    ),
)  # fmt: skip

LOSSES = (
    Metric(
        name="brier", title="Brier score", formula="mean of (score - class)²",
        direction="higher_is_worse", compares=BY_GROUP, also=("brier_score", "brier_loss", "brier_score_loss"),
        source="Brier, Monthly Weather Review 78, 1950",
    ),
    Metric(
        name="log_loss", title="Log loss", formula="mean of -log(score of the class that occurred)", unit="nats",
        direction="higher_is_worse", compares=BY_GROUP,
        also=("cross_entropy", "logloss", "negative_log_likelihood", "nll"),
        source="Good, JRSS B 14, 1952; scores are kept 2e-16 away from 0",
    ),
)  # fmt: skip

SCORE_METRICS = (*RANKING, *CALIBRATION, *LOSSES)
"""What a score is worth, of a target with two classes."""

COUNTED = tuple(metric.name for metric in CALIBRATION)
"""Those that sums over rows give, which an engine counts: the others rank rows, or compare their losses one by one."""

BY_DEFAULT = ("auc", "calibration_gap")
"""Those that are reported unasked, where a score was given."""

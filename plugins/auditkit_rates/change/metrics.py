"""The metrics whose change `diff` reports: shares of rows that both predictions have, and mean errors of them."""

from __future__ import annotations

from dataclasses import replace

from auditkit_rates.metrics.reported import METRICS

BY_DEFAULT = ("selection_rate", "tpr", "fpr", "accuracy")
RATIOS = ("precision", "npv", "fdr", "for", "f1")
"""What is taken over other rows before and after, so that no row alone is lost or gained."""
ON_REQUEST = ("fnr", "tnr", *RATIOS)
NOT_COMPARED = {
    **dict.fromkeys(
        ("auc", "average_precision", "brier", "log_loss", "calibration_gap", "calibration_error", "smd"),
        "it is read off scores, whose change on the same rows has no interval here; audit both tables, or give a cut",
    ),
    "balanced_accuracy": "ask for tpr and tnr, whose mean it is",
    "macro_f1": "ask for f1, which is given for each class",
    "base_rate": "it is of the truth, which no prediction changes",
    "rmse": "ask for mse, whose root it is",
    **dict.fromkeys(
        ("impact_ratio", "impact_ratio_to_reference"), "ask for selection_rate, whose ratio it is"
    ),
}
"""Metrics of `rates` that somebody may ask for, and why `diff` has none of them."""
OF_NUMBERS = ("mae", "mse", "mean_error")
UNLABELLED = ("selection_rate",)
"""What decisions have without true labels."""

CHANGE_METRICS = tuple(
    replace(METRICS[name], compares=("absolute", "change"))
    for name in (*BY_DEFAULT, *ON_REQUEST, *OF_NUMBERS)
)
CHANGES = {metric.name: metric for metric in CHANGE_METRICS}
"""Every one by name."""
NAMES = {other: metric.name for metric in CHANGE_METRICS for other in (metric.name, *metric.also)}
"""Every one's name by all that it is called."""

"""The metrics whose change `diff` reports: shares of rows that both predictions have, and mean errors of them."""

from __future__ import annotations

from dataclasses import replace

from auditkit_rates.metrics.reported import METRICS

BY_DEFAULT = ("selection_rate", "tpr", "fpr", "accuracy")
ON_REQUEST = ("fnr", "tnr")
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

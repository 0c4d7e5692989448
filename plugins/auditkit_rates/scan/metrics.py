"""The numbers of a scan, as data: how far apart an attribute's groups are at a cut."""

from __future__ import annotations

from dataclasses import replace

from auditkit_rates.metrics.reported import METRICS

SCANNED = (
    "selection_rate", "tpr", "fpr", "precision", "accuracy",
    "balanced_accuracy", "f1", "fnr", "tnr", "npv", "fdr", "for",
)  # fmt: skip
BY_DEFAULT = SCANNED[:5]
WITHOUT_LABELS = ("selection_rate",)

SCAN_METRICS = tuple(
    replace(
        METRICS[name],
        formula=f"{METRICS[name].formula}, decided by score >= cut; max - min, or min / max, of an attribute's groups",
        compares=("difference", "ratio"),
    )
    for name in SCANNED
)

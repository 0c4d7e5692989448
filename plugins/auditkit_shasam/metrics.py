"""What `shasam` measures before and after, each number with its formula and its source."""

from __future__ import annotations

from auditkit import Metric

PAPER = "SHaSaM: Submodular Hard Sample Mining for Fair Facial Attribute Recognition"
HARDT = "Hardt, Price & Srebro, Equality of Opportunity in Supervised Learning, 2016"

METRICS = (
    Metric(name="accuracy", title="Accuracy", formula="rows predicted right / n", direction="lower_is_worse"),
    Metric(
        name="balanced_accuracy",
        title="Balanced accuracy",
        formula="mean over classes of that class's recall",
        direction="lower_is_worse",
    ),
    Metric(
        name="equalized_odds_mean",
        compares=("difference",),
        title="Equalized odds difference, mean",
        formula="mean of the largest TPR difference and the largest FPR difference between groups",
        direction="higher_is_worse",
        source=HARDT,
    ),
    Metric(
        name="equalized_odds_max",
        compares=("difference",),
        title="Equalized odds difference, worst case",
        formula="the larger of the largest TPR difference and the largest FPR difference between groups",
        direction="higher_is_worse",
        source=f"{HARDT}; Fairlearn's equalized_odds_difference",
    ),
    Metric(
        name="demographic_parity",
        compares=("difference",),
        title="Demographic parity difference",
        formula="largest - smallest selection rate of the groups",
        direction="higher_is_worse",
    ),
    Metric(
        name="equal_opportunity",
        compares=("difference",),
        title="Equal opportunity difference",
        formula="largest - smallest TPR of the groups",
        direction="higher_is_worse",
        source=HARDT,
    ),
    Metric(name="selection_rate", title="Selection rate", formula="(TP + FP) / n"),
    Metric(name="tpr", title="True positive rate", formula="TP / (TP + FN)", direction="lower_is_worse"),
    Metric(name="fpr", title="False positive rate", formula="FP / (FP + TN)", direction="higher_is_worse"),
    Metric(
        name="accuracy_cost",
        title="Accuracy paid",
        formula="accuracy before - accuracy after, on the same rows",
        direction="higher_is_worse",
    ),
)

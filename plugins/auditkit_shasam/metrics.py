"""What `shasam` measures before and after, each number with its formula and its source."""

from __future__ import annotations

from auditkit import Metric

PAPER = "SHaSaM: Submodular Hard Sample Mining for Fair Facial Attribute Recognition"
PAIRED = "Bonett & Price, Adjusted Wald confidence interval for a difference of binomial proportions, 2012"
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
        name="accuracy_change",
        signed=True,
        compares=("absolute", "to_rest"),
        title="Change of accuracy",
        formula="(wrong before and right after - right before and wrong after) / n",
        direction="lower_is_worse",
        source=PAIRED,
    ),
    Metric(
        name="selection_rate_change",
        signed=True,
        compares=("absolute", "to_rest"),
        title="Change of the selection rate",
        formula="(rows selected after only - rows selected before only) / n",
        source=PAIRED,
    ),
    Metric(
        name="tpr_change",
        signed=True,
        compares=("absolute", "to_rest"),
        title="Change of the true positive rate",
        formula="(positives selected after only - positives selected before only) / positives",
        direction="lower_is_worse",
        source=PAIRED,
    ),
    Metric(
        name="fpr_change",
        signed=True,
        compares=("absolute", "to_rest"),
        title="Change of the false positive rate",
        formula="(negatives selected after only - negatives selected before only) / negatives",
        direction="higher_is_worse",
        source=PAIRED,
    ),
    Metric(
        name="equalized_odds_mean_change",
        signed=True,
        compares=("difference",),
        title="Change of the equalized odds difference, mean",
        formula="equalized_odds_mean after - before, on the same rows",
        direction="higher_is_worse",
    ),
    Metric(
        name="equalized_odds_max_change",
        signed=True,
        compares=("difference",),
        title="Change of the equalized odds difference, worst case",
        formula="equalized_odds_max after - before, on the same rows",
        direction="higher_is_worse",
    ),
    Metric(
        name="demographic_parity_change",
        signed=True,
        compares=("difference",),
        title="Change of the demographic parity difference",
        formula="demographic_parity after - before, on the same rows",
        direction="higher_is_worse",
    ),
    Metric(
        name="equal_opportunity_change",
        signed=True,
        compares=("difference",),
        title="Change of the equal opportunity difference",
        formula="equal_opportunity after - before, on the same rows",
        direction="higher_is_worse",
    ),
    Metric(
        name="fpr_difference_change",
        signed=True,
        compares=("difference",),
        title="Change of the largest FPR difference",
        formula="(largest - smallest FPR of the groups) after - the same before",
        direction="higher_is_worse",
    ),
    Metric(
        name="accuracy_difference_change",
        signed=True,
        compares=("difference",),
        title="Change of the largest accuracy difference",
        formula="(largest - smallest accuracy of the groups) after - the same before",
        direction="higher_is_worse",
    ),
    Metric(
        name="accuracy_cost",
        title="Accuracy paid",
        formula="accuracy before - accuracy after, on the same rows",
        direction="higher_is_worse",
    ),
)

"""What a repair of predictions measures before and after, each number with its formula and its source."""

from __future__ import annotations

from dataclasses import replace

from auditkit.values.metric import Metric

PAIRED = "Bonett & Price, Adjusted Wald confidence interval for a difference of binomial proportions, 2012"
HARDT = "Hardt, Price & Srebro, Equality of Opportunity in Supervised Learning, 2016"

ACCURACY = Metric(
    name="accuracy", title="Accuracy", formula="rows predicted right / n", direction="lower_is_worse"
)
BALANCED = Metric(
    name="balanced_accuracy",
    title="Balanced accuracy",
    formula="mean over classes of that class's recall",
    direction="lower_is_worse",
)
SELECTION = Metric(
    name="selection_rate",
    title="Selection rate",
    formula="(TP + FP) / n",
    favourable="lower_is_worse",
    unfavourable="higher_is_worse",
)
TPR = Metric(
    name="tpr",
    title="True positive rate",
    said="recall",
    formula="TP / (TP + FN)",
    direction="lower_is_worse",
    favourable="lower_is_worse",
    unfavourable="neither",
)
FPR = Metric(
    name="fpr",
    title="False positive rate",
    formula="FP / (FP + TN)",
    direction="higher_is_worse",
    favourable="neither",
    unfavourable="higher_is_worse",
)


def _gap(name: str, title: str, formula: str, *, source: str = "") -> Metric:
    """Return a gap between groups, a difference."""
    return Metric(
        name=name,
        compares=("difference",),
        title=title,
        formula=formula,
        direction="higher_is_worse",
        source=source,
    )


def _change(rate: Metric, of: str, formula: str) -> Metric:
    """Return the change of a rate of a group, which is worse where less, or more, of the rate is worse."""
    return replace(
        rate,
        name=f"{rate.name}_change",
        signed=True,
        compares=("absolute", "to_rest"),
        title=f"Change of {of}",
        said="",
        formula=formula,
        source=PAIRED,
    )


def _gap_change(name: str, of: str, formula: str = "") -> Metric:
    """Return the change of a gap between groups."""
    what = formula or f"{name} after - before, on the same rows"
    return replace(_gap(f"{name}_change", f"Change of {of}", what), signed=True)


def _paid(rate: Metric) -> Metric:
    """Return what a repair paid of a rate of all rows."""
    said = rate.title.lower()
    return Metric(
        name=f"{rate.name}_cost",
        title=f"{rate.title} paid",
        formula=f"{said} before - {said} after, on the same rows",
        direction="higher_is_worse",
    )


REPAIR_METRICS = (
    ACCURACY,
    BALANCED,
    _gap(
        "equalized_odds_mean",
        "Equalized odds difference, mean",
        "mean of the largest TPR difference and the largest FPR difference between groups",
        source=HARDT,
    ),
    _gap(
        "equalized_odds_max",
        "Equalized odds difference, worst case",
        "the larger of the largest TPR difference and the largest FPR difference between groups",
        source=f"{HARDT}; Fairlearn's equalized_odds_difference",
    ),
    _gap(
        "demographic_parity",
        "Demographic parity difference",
        "largest - smallest selection rate of the groups",
    ),
    _gap(
        "equal_opportunity",
        "Equal opportunity difference",
        "largest - smallest TPR of the groups",
        source=HARDT,
    ),
    SELECTION,
    TPR,
    FPR,
    _change(ACCURACY, "accuracy", "(wrong before and right after - right before and wrong after) / n"),
    _change(
        SELECTION,
        "the selection rate",
        "(rows selected after only - rows selected before only) / n",
    ),
    _change(
        TPR,
        "the true positive rate",
        "(positives selected after only - positives selected before only) / positives",
    ),
    _change(
        FPR,
        "the false positive rate",
        "(negatives selected after only - negatives selected before only) / negatives",
    ),
    _gap_change("equalized_odds_mean", "the equalized odds difference, mean"),
    _gap_change("equalized_odds_max", "the equalized odds difference, worst case"),
    _gap_change("demographic_parity", "the demographic parity difference"),
    _gap_change("equal_opportunity", "the equal opportunity difference"),
    _gap_change(
        "fpr_difference",
        "the largest FPR difference",
        "(largest - smallest FPR of the groups) after - the same before",
    ),
    _gap_change(
        "accuracy_difference",
        "the largest accuracy difference",
        "(largest - smallest accuracy of the groups) after - the same before",
    ),
    _paid(ACCURACY),
    _paid(BALANCED),
)

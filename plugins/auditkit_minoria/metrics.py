"""Every number that mining reports, with its formula and where it comes from."""

from __future__ import annotations

from auditkit import Metric

PAPER = "Mining the Minoria: Unknown, Under-represented, and Under-performing Minority Groups"

METRICS = (
    Metric(
        name="skew",
        title="Pearson's median skewness of the projection",
        unit="standard deviations",
        formula="3 (mean - median) / sd of the rows projected on the direction; below 0: long lower tail",
        source=f"{PAPER}, equation 1",
    ),
    Metric(
        name="loss_gap",
        title="Loss gap of the group",
        said="loss gap",
        unit="loss",
        direction="higher_is_worse",
        signed=True,
        formula="mean loss in the tail - mean loss of all rows, on rows that the search did not see",
        source=f"{PAPER}, problem 1",
    ),
    Metric(
        name="tail_loss",
        title="Loss in the group",
        unit="loss",
        direction="higher_is_worse",
        formula="mean loss in the tail, on rows that the search did not see",
    ),
    Metric(
        name="tail_share",
        title="Share of rows in the group",
        formula="rows in the tail / all rows, each by its weight",
    ),
    Metric(
        name="tail_accuracy",
        title="Accuracy in the group",
        direction="lower_is_worse",
        formula="right predictions / rows of the tail, on rows that the search did not see",
        source=f"{PAPER}, table 1",
    ),
    Metric(
        name="excess_loss",
        title="Excess loss of the group",
        unit="loss",
        direction="higher_is_worse",
        signed=True,
        formula="mean loss - mean loss of the same score recalibrated for the group on mined rows, on other rows",
    ),
    Metric(
        name="certified_rate",
        title="Rate that no group exceeds",
        direction="higher_is_worse",
        formula="largest exact upper bound (Clopper-Pearson) of the groups' rates, on rows that the search did not see",
        source="Cherian and Candes, Statistical inference for fairness auditing, 2023, on what a bound for all needs",
    ),
    Metric(
        name="certified_gap",
        title="Gap to the rest that no group exceeds",
        direction="higher_is_worse",
        signed=True,
        formula="largest of the groups' exact upper bounds less the exact lower bound of the other rows' rate",
    ),
    Metric(
        name="tail_fnr",
        title="False negative rate in the group",
        direction="higher_is_worse",
        formula="fn / (fn + tp) in the group, on rows that the search did not see",
    ),
    Metric(
        name="tail_fpr",
        title="False positive rate in the group",
        direction="higher_is_worse",
        formula="fp / (fp + tn) in the group, on rows that the search did not see",
    ),
    Metric(
        name="calibration",
        title="Mean score minus share observed",
        unit="share",
        direction="neither",
        formula="mean score of the positive class - share of it in the group, on rows that the search did not see",
    ),
    Metric(
        name="tail_f1",
        title="F1 in the group",
        direction="lower_is_worse",
        formula="2 tp / (2 tp + fp + fn) in the tail; with more than two classes, the classes' mean",
        source=f"{PAPER}, table 1",
    ),
)

"""What `mime` and `mime.theory` measure, each number with its formula and its source."""

from __future__ import annotations

from auditkit import Metric

PAPER = "MIME: Minority Inclusion for Majority Group Enhancement of AI Performance"

THEOREMS = (
    Metric(
        name="theorem_1",
        title="Theorem 1: minority's update less the majority's, no domain gap",
        formula="class 2's mass below threshold + D less class 1's above it, minority - majority; > 0: gain foretold",
        unit="learning rates",
        source=f"{PAPER}, Theorem 1",
    ),
    Metric(
        name="theorem_2",
        title="Theorem 2: minority's update less the majority's, with the domain gap",
        formula="as Theorem 1, for both groups at the majority's threshold + D; above 0: gain foretold",
        unit="learning rates",
        source=f"{PAPER}, Theorem 2",
    ),
    Metric(
        name="theorem_3",
        title="Theorem 3: smallest update of the minority less the largest of the majority, priors",
        formula="min{T, -T} of the minority - max{T, -T} of the majority at d_major +- D; above 0: gain foretold",
        unit="learning rates",
        source=f"{PAPER}, Theorem 3, equation 41",
    ),
)

METRICS = (
    Metric(
        name="accuracy",
        title="Accuracy by share of minority rows in the train set",
        formula="mean over trials of rows predicted right / test rows",
        direction="lower_is_worse",
        source=f"{PAPER}, equation 46",
    ),
    Metric(
        name="gain",
        title="Gain of the majority at the best share",
        formula="max over beta of the majority's accuracy - its accuracy at beta = 0",
        source=f"{PAPER}, section F",
    ),
    Metric(
        name="beta_star",
        title="Share of minority rows best for the group",
        formula="argmax over beta of accuracy",
    ),
    Metric(
        name="gain_p",
        title="p-value of the gain",
        unit="probability",
        formula="P(largest t over the shares >= the one seen), trials turned around under no effect",
    ),
    Metric(
        name="loss",
        title="Loss of the majority at the worst share",
        formula="the majority's accuracy at beta = 0 - min over beta of its accuracy",
        direction="higher_is_worse",
    ),
    Metric(
        name="minority_cost",
        title="What the majority's best share costs the minority",
        formula="largest accuracy of the minority over beta - its accuracy at the majority's beta_star",
        direction="higher_is_worse",
    ),
    Metric(
        name="equal_representation_cost",
        title="What equal representation costs overall",
        formula="largest overall accuracy over beta - overall accuracy at beta = 0.5",
        source=f"{PAPER}, Fig. B",
    ),
    Metric(
        name="task_complexity",
        title="Error of a group on models trained on that group alone",
        formula="1 - accuracy of the majority at beta = 0, of the minority at beta = 1",
    ),
    Metric(
        name="overlap",
        title="Overlap of the two classes in the projected features",
        formula="sum over bins of the smaller of the two normalised histograms",
        source=f"{PAPER}, section E",
    ),
    Metric(
        name="domain_gap",
        title="Distance of the groups' ideal thresholds",
        formula="|d_major - d_minor|, d where both classes' smoothed histograms cross between the class means",
        unit="projected feature",
        source=f"{PAPER}, section E",
    ),
    Metric(
        name="chi_square",
        title="Distance of a class's projected features from a normal distribution",
        formula="sum of (observed - expected)² / expected over bins that are equally probable",
        unit="chi-square",
        source=f"{PAPER}, section E, table A",
    ),
    *THEOREMS,
)

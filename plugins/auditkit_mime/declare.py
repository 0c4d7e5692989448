"""What `mime` measures and how: light, so that every start of the program can read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_doc import Doc
from annotated_types import Ge, Gt, Le

from auditkit import Audit, Context, Finding, Metric, Subject

PAPER = "MIME: Minority Inclusion for Majority Group Enhancement of AI Performance"

THEOREMS = (
    Metric(
        name="theorem_1", title="Theorem 1: minority's update less the majority's, no domain gap",
        formula="integral of p2_minor - integral of p2_major, each over its own threshold -+ D; above 0: gain foretold",
        unit="learning rates", source=f"{PAPER}, Theorem 1",
    ),
    Metric(
        name="theorem_2", title="Theorem 2: minority's update less the majority's, with the domain gap",
        formula="as Theorem 1, the minority's integral over its threshold -+ (D - gap); above 0: gain foretold",
        unit="learning rates", source=f"{PAPER}, Theorem 2",
    ),
    Metric(
        name="theorem_3", title="Theorem 3: smallest update of the minority less the largest of the majority, priors",
        formula="min{T, -T} of the minority - max{T, -T} of the majority at d_major +- D; above 0: gain foretold",
        unit="learning rates", source=f"{PAPER}, Theorem 3, equation 41",
    ),
)  # fmt: skip

METRICS = (
    Metric(
        name="accuracy", title="Accuracy by share of minority rows in the train set",
        formula="mean over trials of rows predicted right / test rows", direction="lower_is_worse",
        source=f"{PAPER}, equation 46",
    ),
    Metric(
        name="gain", title="Gain of the majority at the best share",
        formula="max over beta of the majority's accuracy - its accuracy at beta = 0", source=f"{PAPER}, section F",
    ),
    Metric(name="beta_star", title="Share of minority rows best for the group", formula="argmax over beta of accuracy"),
    Metric(
        name="gain_p", title="p-value of the gain", unit="probability",
        formula="P(largest t over the shares >= the one seen), trials turned around under no effect",
    ),
    Metric(
        name="minority_cost", title="What the majority's best share costs the minority",
        formula="largest accuracy of the minority over beta - its accuracy at the majority's beta_star",
        direction="higher_is_worse",
    ),
    Metric(
        name="equal_representation_cost", title="What equal representation costs overall",
        formula="largest overall accuracy over beta - overall accuracy at beta = 0.5", source=f"{PAPER}, Fig. B",
    ),
    Metric(
        name="task_complexity", title="Error of a group on models trained on that group alone",
        formula="1 - accuracy of the majority at beta = 0, of the minority at beta = 1",
    ),
    Metric(
        name="overlap", title="Overlap of the two classes in the projected features",
        formula="sum over bins of the smaller of the two normalised histograms", source=f"{PAPER}, section E",
    ),
    Metric(
        name="domain_gap", title="Distance of the groups' ideal thresholds",
        formula="|d_major - d_minor|, d where both classes' smoothed histograms cross between the class means",
        unit="projected feature", source=f"{PAPER}, section E",
    ),
    Metric(
        name="chi_square", title="Distance of a class's projected features from a normal distribution",
        formula="sum of (observed - expected)² / expected over bins that are equally probable", unit="chi-square",
        source=f"{PAPER}, section E, table A",
    ),
    *THEOREMS,
)  # fmt: skip

METHOD = (
    "Models are trained on train sets of one size in which a share beta of the majority's rows is replaced by rows of "
    "the minority, classes kept balanced; every trial has its own split and its own initial weights, the same for all "
    f"its shares ({PAPER}). Test rows per group are the same for all shares of a trial and no training or choice of "
    "epoch saw them. The gain is the largest over the shares, so its interval and p-value come from the largest "
    "studentised difference over all shares as it falls when trials are turned around at random; overlap of the "
    "trials' test rows widens them. Where the interval covers 0, no effect is shown. Features before the last layer, "
    "projected on one of its rows, give overlaps, ideal thresholds and their gap, and the three theorems about the "
    "one-dimensional perceptron are evaluated on Gaussians fitted to them."
)


@dataclass(frozen=True, kw_only=True)
class MimeParams:
    """Whose rows replace whose, and how models are trained; defaults are the paper's for the Adult census."""

    group: Annotated[
        str | None, Doc("attribute with the majority and the minority: a column or a --groups name")
    ] = None
    minority: Annotated[str | None, Doc("value of the minority; default: the smallest group")] = None
    against: Annotated[
        Literal["rest", "each"],
        Doc("with more than two groups: the minority against all others at once, or each"),
    ] = "rest"
    betas: Annotated[
        tuple[float, ...], Doc("shares of minority rows in the train set; 0 must be among them")
    ] = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)  # fmt: skip
    trials: Annotated[int, Ge(2), Le(1000), Doc("splits, each with initial weights of its own")] = 5
    seeds: Annotated[tuple[int, ...], Doc("a seed for each trial, in place of trials counted from 0")] = ()
    train_size: Annotated[
        int | None, Ge(4), Doc("rows to train on at every share; default: 2600, or what the groups allow")
    ] = None
    test_size: Annotated[
        int | None, Ge(4), Doc("rows of each group to test on; default: 300, or what the groups allow")
    ] = None
    validation_size: Annotated[
        int | None, Ge(4), Doc("rows of each group that choose the epoch; default: as many as to test on")
    ] = None
    model: Annotated[
        str,
        Doc(
            "mlp (50-50-50), logistic, resnet34, module:factory of a torch module, or a scikit-learn classifier"
        ),
    ] = "mlp"
    reads: Annotated[
        Literal["auto", "table", "embeddings", "images"],
        Doc("what models read; auto: images for resnet34, else embeddings where given, else the table"),
    ] = "auto"
    image_size: Annotated[int, Ge(8), Doc("pixels along a side that images are scaled to")] = 100
    epochs: Annotated[int, Ge(1), Doc("passes over the train rows")] = 250
    batch_size: Annotated[int, Ge(1), Doc("rows in a step")] = 30
    learning_rate: Annotated[float, Gt(0), Doc("learning rate of AdamW")] = 0.0005
    weight_decay: Annotated[float, Ge(0), Doc("weight decay of AdamW")] = 0.08
    hard_mining: Annotated[bool, Doc("train on the least confident rows of each class in a batch only")] = (
        False
    )
    hard_kept: Annotated[int, Ge(1), Doc("rows of each class that hard mining keeps of a batch")] = 6
    selection: Annotated[
        Literal["validation", "best-test"],
        Doc("who chooses the epoch; best-test repeats the paper and flatters every number"),
    ] = "validation"
    threshold: Annotated[
        Literal["central", "snippet"],
        Doc("ideal threshold between the class means, or as the paper's code has it: anywhere in [-5, 5]"),
    ] = "central"
    threshold_error: Annotated[
        float,
        Gt(0),
        Le(1),
        Doc("D of the theorems, as a share of half the distance of the majority's class means"),
    ] = 0.1


class Mime(Audit[MimeParams]):
    """Whether a larger share of a minority in the train set helps or costs the majority."""

    name = "mime"
    title = "Minority inclusion and the majority's accuracy"
    method = METHOD
    Params = MimeParams
    metrics = METRICS

    def check(self, subject: Subject, params: MimeParams) -> None:
        """Raise unless groups, classes, rows and the model allow every share that was asked for."""
        from auditkit_mime.plan import plan

        plan(subject, params)

    def run(self, subject: Subject, params: MimeParams, context: Context) -> tuple[Finding, ...]:
        """Return the curve, the gain, what it costs, the feature space and the theorems' predictions."""
        from auditkit_mime.audit import audit

        return audit(subject, params, context)


@dataclass(frozen=True, kw_only=True)
class TheoryParams:
    """Two groups of two Gaussian classes on a line, and how much to simulate. The majority's thresholds lie at 0."""

    majority_distance: Annotated[float, Gt(0), Doc("distance of the majority's class means")] = 2.0
    majority_sd: Annotated[float, Gt(0), Doc("standard deviation of the majority's classes")] = 0.5
    minority_distance: Annotated[float, Gt(0), Doc("distance of the minority's class means")] = 2.0
    minority_sd: Annotated[float, Gt(0), Doc("standard deviation of the minority's classes")] = 1.0
    gap: Annotated[float, Doc("minority's ideal threshold less the majority's")] = 0.02
    error: Annotated[
        float, Gt(0), Doc("D: how far the learnt threshold lies from the majority's ideal one")
    ] = 0.1
    majority_prior: Annotated[float, Gt(0), Le(1), Doc("share of class 2 in the majority")] = 0.5
    minority_prior: Annotated[float, Gt(0), Le(1), Doc("share of class 2 in the minority")] = 0.5
    rows: Annotated[int, Ge(100), Doc("rows drawn for each mean")] = 1_000_000


class MimeTheory(Audit[TheoryParams]):
    """The one-dimensional perceptron of Theorems 1 to 3, simulated beside the closed forms."""

    name = "mime.theory"
    title = "Theorems of minority inclusion, simulated"
    method = (
        "A threshold lies D above the ideal one. Rows are drawn from either group's two Gaussian classes; each moves "
        "the threshold as the perceptron does. The mean move by a minority row less that by a majority row is set "
        f"beside its closed form ({PAPER}, Theorems 1 to 3). No row of the data is read."
    )
    Params = TheoryParams
    metrics = THEOREMS

    def run(self, subject: Subject, params: TheoryParams, context: Context) -> tuple[Finding, ...]:  # noqa: ARG002
        """Return each theorem's margin as simulated, with its interval, and the closed form in the details."""
        from auditkit_mime.theory import theory

        return theory(params, context)

"""What `shasam` repairs and how: light, so that every start of the program can read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_doc import Doc
from annotated_types import Ge, Gt, Le, Lt

from auditkit import Context, Metric, Repair, Repaired, Subject

PAPER = "SHaSaM: Submodular Hard Sample Mining for Fair Facial Attribute Recognition"
HARDT = "Hardt, Price & Srebro, Equality of Opportunity in Supervised Learning, 2016"

METRICS = (
    Metric(name="accuracy", title="Accuracy", formula="rows predicted right / n", direction="lower_is_worse"),
    Metric(
        name="balanced_accuracy", title="Balanced accuracy", formula="mean over classes of that class's recall",
        direction="lower_is_worse",
    ),
    Metric(
        name="equalized_odds_mean", title="Equalized odds difference, mean",
        formula="mean of the largest TPR difference and the largest FPR difference between groups",
        direction="higher_is_worse", source=HARDT,
    ),
    Metric(
        name="equalized_odds_max", title="Equalized odds difference, worst case",
        formula="the larger of the largest TPR difference and the largest FPR difference between groups",
        direction="higher_is_worse", source=f"{HARDT}; Fairlearn's equalized_odds_difference",
    ),
    Metric(
        name="demographic_parity", title="Demographic parity difference",
        formula="largest - smallest selection rate of the groups", direction="higher_is_worse",
    ),
    Metric(
        name="equal_opportunity", title="Equal opportunity difference",
        formula="largest - smallest TPR of the groups", direction="higher_is_worse", source=HARDT,
    ),
    Metric(name="selection_rate", title="Selection rate", formula="(TP + FP) / n"),
    Metric(name="tpr", title="True positive rate", formula="TP / (TP + FN)", direction="lower_is_worse"),
    Metric(name="fpr", title="False positive rate", formula="FP / (FP + TN)", direction="higher_is_worse"),
    Metric(
        name="accuracy_cost", title="Accuracy paid", formula="accuracy before - accuracy after, on the same rows",
        direction="higher_is_worse",
    ),
)  # fmt: skip

METHOD = (
    "An encoder learns features that separate the target's classes and not the sensitive groups: every step "
    "learns from anchors of one class and group, positives of the same class in other groups, and negatives of "
    "the same group in other classes, and minimises the conditional mutual information of anchors and negatives "
    "given positives, beside a cross-entropy. With mining shasam the anchors are selected for diversity "
    "(log-determinant), the positives by their conditional gain, the negatives by their mutual information (facility "
    f"location, greedy); with mining random they are drawn from the same rows ({PAPER}). A classifier with one "
    "hidden layer is then trained on the frozen features. Both stages keep the epoch that validation rows liked "
    "best. Before and after are measured on held-out rows that no training saw: by Wilson and simultaneous "
    "intervals as in the audit of rates, with the spread between training runs (seeds) added to the standard "
    "errors. Before is the data's own predictions, or, if there are none, the same network trained by plain "
    "cross-entropy. Described and returned is the run with the lowest validation loss."
)


@dataclass(frozen=True, kw_only=True)
class ShasamParams:
    """How the model is retrained; defaults are the paper's where it has any."""

    encoder: Annotated[
        str,
        Doc("mlp; resnet18, vit or conv for images; or module:factory. auto: resnet18 for images, else mlp"),
    ] = "auto"
    image_size: Annotated[
        int, Ge(16), Le(512), Doc("pixels along a side that images are scaled to; the paper has 128")
    ] = 64
    loss: Annotated[
        Literal["flcmi", "logdetcmi", "supcon", "fscl", "grl", "ce"], Doc("loss that the encoder learns by")
    ] = "flcmi"
    form: Annotated[
        Literal["smooth", "literal"], Doc("flcmi with soft maxima and a margin, or as printed in the paper")
    ] = "smooth"
    joint: Annotated[float, Ge(0), Doc("weight of a cross-entropy beside a set loss; the paper has 0")] = 1.0
    mining: Annotated[
        Literal["shasam", "random"],
        Doc(
            "hard rows of the right cells, as in the paper, or random ones of the same cells: validation's choice"
        ),
    ] = "random"
    selection: Annotated[
        Literal["facility_location", "log_determinant"], Doc("function that mines positives and negatives")
    ] = "facility_location"
    k: Annotated[int, Ge(2), Doc("anchors, positives and negatives per step, each")] = 16
    ground_set: Annotated[float, Gt(0), Le(1), Doc("share of the rows that an epoch mines from")] = 0.2
    refresh: Annotated[
        int,
        Ge(1),
        Doc("steps after which mining sees new features; the paper has 1: slower, and no better here"),
    ] = 4
    epochs: Annotated[int, Ge(1), Doc("most epochs of the encoder")] = 20
    learning_rate: Annotated[
        float, Gt(0), Doc("learning rate of the encoder; the paper has 0.4 for images")
    ] = 0.1
    temperature: Annotated[float, Gt(0), Doc("temperature of supcon and fscl")] = 0.7
    balance: Annotated[
        Literal["auto", "rows", "groups", "cells"],
        Doc(
            "classifier learns from rows as they are (the paper), even groups or cells; auto: validation rows choose"
        ),
    ] = "auto"
    runs: Annotated[int, Ge(1), Le(50), Doc("models trained from different seeds")] = 3
    target_pair: Annotated[
        str | None, Doc("second target column: the classes are then the pairs of values of both")
    ] = None
    versus: Annotated[
        str | None, Doc("value of a sensitive column that makes one group, all its other values the other")
    ] = None
    quantiles: Annotated[int, Ge(2), Doc("groups that a sensitive column of numbers is cut into")] = 4
    held_out: Annotated[
        float, Gt(0), Lt(1), Doc("share of rows to measure on, where no split column says which")
    ] = 0.3
    imbalance: Annotated[
        float | None,
        Gt(1),
        Doc(
            "try it out: draw training rows so that each of two groups has one of two classes this many times as "
            "often, and all other rows balanced, as the paper does with UTKFace"
        ),
    ] = None
    compare: Annotated[
        tuple[str, ...],
        Doc("other settings to train and to show beside these, such as 'loss=ce','mining=random k=8'"),
    ] = ()
    save_model: Annotated[str | None, Doc("folder for the model: safetensors and a JSON card")] = None


class Shasam(Repair[ShasamParams]):
    """Retrain so that the target survives and the sensitive attribute does not."""

    name = "shasam"
    title = "Retraining that keeps the target and forgets the sensitive attribute"
    method = METHOD
    Params = ShasamParams
    metrics = METRICS

    def check(self, subject: Subject, params: ShasamParams) -> None:
        """Raise unless torch is there, the target has classes, sensitive columns are named, and k rows fit."""
        from auditkit_shasam.torch_needed import need_torch

        need_torch()
        from auditkit_shasam.repair.check import check

        check(subject, params)

    def apply(self, subject: Subject, params: ShasamParams, context: Context) -> Repaired:
        """Return the subject with the new predictions and model, and what changed on held-out rows."""
        from auditkit_shasam.repair.apply import apply

        return apply(subject, params, context)

"""The parameters of `shasam`: recipe keys, options of the command line, and their bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_doc import Doc
from annotated_types import Ge, Gt, Le, Lt

from auditkit import InputFile, NamesCode, OutputFolder
from auditkit_shasam.card import CARD, WEIGHTS


@dataclass(frozen=True, kw_only=True)
class ShasamParams:
    """How the model is retrained; defaults are the paper's where it has any."""

    encoder: Annotated[
        str,
        NamesCode(),
        Doc("mlp; resnet18, vit or conv for images; or module:factory. auto: resnet18 for images, else mlp"),
    ] = "auto"
    encoder_weights: Annotated[
        str | None,
        InputFile(),
        Doc("weights that a network of your own starts from: .safetensors, or a state_dict that torch saved"),
    ] = None
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
            "short for the next four: hard rows of the right cells as in the paper, or random ones of the same cells"
        ),
    ] = "random"
    selection: Annotated[
        Literal["facility_location", "log_determinant"],
        Doc("what mining shasam selects positives and negatives by"),
    ] = "facility_location"
    anchors: Annotated[
        Literal["random", "fl", "logdet"] | None,
        Doc("how anchors are chosen; otherwise random, with mining shasam logdet"),
    ] = None
    mine_positives: Annotated[
        Literal["random", "fl", "logdet"] | None,
        Doc("how positives are chosen; otherwise random, with mining shasam what selection says"),
    ] = None
    mine_negatives: Annotated[
        str | None,
        Doc("how negatives are chosen: random, fl, logdet, or semihard:8, the k nearest of 8 k drawn rows"),
    ] = None
    batches: Annotated[
        Literal["cells", "natural"],
        Doc("learn from sets of cells, or, supcon and fscl, from all rows shuffled as they are"),
    ] = "cells"
    k: Annotated[int, Ge(2), Doc("anchors, positives and negatives per step, each")] = 16
    ground_set: Annotated[float, Gt(0), Le(1), Doc("share of the rows that an epoch mines from")] = 0.2
    refresh: Annotated[
        int,
        Ge(1),
        Doc("steps after which mining sees new features; the paper has 1: slower, and no better here"),
    ] = 4
    epochs: Annotated[int, Ge(1), Doc("most epochs of the encoder")] = 20
    patience: Annotated[
        int, Ge(1), Doc("epochs without a better probe on validation rows after which the encoder stops")
    ] = 8
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
    device: Annotated[
        Literal["auto", "cpu", "cuda", "mps"],
        Doc("where networks are trained; auto: cuda, else mps, else cpu"),
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
    save_model: Annotated[
        str | None, OutputFolder((WEIGHTS, CARD)), Doc("folder for the model: safetensors and a JSON card")
    ] = None

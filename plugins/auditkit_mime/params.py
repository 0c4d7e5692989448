"""The parameters of `mime` and `mime.theory`: recipe keys, options of the command line, and their bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_doc import Doc
from annotated_types import Ge, Gt, Le

from auditkit import InputFile, NamesCode


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
    ] = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
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
        NamesCode(),
        Doc(
            "mlp (50-50-50), logistic, resnet34, module:factory of a torch module, or a scikit-learn classifier"
        ),
    ] = "mlp"
    model_weights: Annotated[
        str | None,
        InputFile(),
        Doc("weights that a network of your own starts from: .safetensors, or a state_dict that torch saved"),
    ] = None
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
    device: Annotated[
        Literal["auto", "cpu", "cuda", "mps"],
        Doc("where networks are trained; auto: cuda, else mps, else cpu; others than networks: cpu"),
    ] = "auto"
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


@dataclass(frozen=True, kw_only=True)
class TheoryParams:
    """Two groups of two Gaussian classes on a line, and how much to simulate. The majority's threshold lies at 0."""

    majority_distance: Annotated[float, Gt(0), Doc("distance of the majority's class means")] = 2.0
    majority_sd: Annotated[float, Gt(0), Doc("standard deviation of the majority's classes")] = 0.5
    majority_sd_2: Annotated[float | None, Gt(0), Doc("that of its class 2, where it is another")] = None
    minority_distance: Annotated[float, Gt(0), Doc("distance of the minority's class means")] = 2.0
    minority_sd: Annotated[float, Gt(0), Doc("standard deviation of the minority's classes")] = 1.0
    minority_sd_2: Annotated[float | None, Gt(0), Doc("that of its class 2, where it is another")] = None
    gap: Annotated[float, Doc("minority's ideal threshold less the majority's")] = 0.02
    error: Annotated[
        float, Gt(0), Doc("D: how far the learnt threshold lies from the majority's ideal one")
    ] = 0.1
    majority_prior: Annotated[float, Gt(0), Le(1), Doc("share of class 2 in the majority")] = 0.5
    minority_prior: Annotated[float, Gt(0), Le(1), Doc("share of class 2 in the minority")] = 0.5
    rows: Annotated[int, Ge(100), Doc("rows drawn for each mean")] = 1_000_000

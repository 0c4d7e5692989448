"""The parameters of the repairs: recipe keys, options of the command line, and their bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_doc import Doc
from annotated_types import Ge, Gt, Le, Lt, MinLen

from auditkit import OutputFolder
from auditkit_repairs.card import CARD, CUTS

HeldOut = Annotated[float, Gt(0), Lt(1), Doc("share of rows to measure on, where no split column says which")]
SaveModel = Annotated[str | None, OutputFolder((CARD,)), Doc("folder for the model, one JSON file")]


@dataclass(frozen=True, kw_only=True)
class ThresholdParams:
    """Which gap the cuts are held to, and what is kept as high as that lets."""

    aim: Annotated[
        Literal["equalized_odds", "equal_opportunity", "demographic_parity"],
        Doc("rates that the cuts bring together: TPR and FPR, TPR, or selection"),
    ] = "equalized_odds"
    gap: Annotated[
        float, Ge(0), Le(1), Doc("largest gap left between groups, on the rows it learns from")
    ] = 0.02
    keep: Annotated[Literal["accuracy", "balanced_accuracy"], Doc("what is kept as high as the gap lets")] = (
        "accuracy"
    )
    randomise: Annotated[
        bool, Doc("cuts by chance, the same for the same id: more accurate, and less easy to explain")
    ] = False
    key: Annotated[str, MinLen(1), Doc("secret of the chance, so that nobody can foretell it")] = "auditkit"
    held_out: HeldOut = 0.3
    save_model: Annotated[
        str | None,
        OutputFolder((CUTS,)),
        Doc("folder for the cuts, one JSON file; of cuts by chance with the key"),
    ] = None


@dataclass(frozen=True, kw_only=True)
class WeightParams:
    """What is held out, and where the model goes."""

    held_out: HeldOut = 0.3
    save_model: SaveModel = None


@dataclass(frozen=True, kw_only=True)
class DfrParams:
    """On which rows the last layer is fitted, and how often."""

    draws: Annotated[
        int, Ge(1), Le(1000), Doc("balanced draws whose fits are averaged; the paper has 10")
    ] = 10
    held_out: HeldOut = 0.3
    save_model: SaveModel = None

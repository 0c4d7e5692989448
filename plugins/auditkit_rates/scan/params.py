"""The parameters of `threshold-scan`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from annotated_doc import Doc
from annotated_types import Ge, Gt, Le, Lt


@dataclass(frozen=True, kw_only=True)
class ScanParams:
    """What is measured at which cuts, and how far apart groups may be there."""

    metrics: Annotated[
        tuple[str, ...], Doc("metrics to scan; default: selection rate, TPR, FPR, precision, accuracy")
    ] = ()
    at: Annotated[
        tuple[float, ...], Doc("scores to cut at, such as .2,.4,.6; default: up to 19 quantiles of the score")
    ] = ()
    limit: Annotated[
        float, Gt(0), Lt(1), Doc("largest difference between an attribute's groups that a cut may leave")
    ] = 0.1  # fmt: skip
    least_ratio: Annotated[
        float, Ge(0), Le(1), Doc("smallest ratio of their rates that it may leave too; 0: any")
    ] = 0.0  # fmt: skip

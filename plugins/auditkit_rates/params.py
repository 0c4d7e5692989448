"""The parameters of `rates`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from annotated_doc import Doc

CalibrationBins: TypeAlias = Literal["equal_weight", "hundredths"]


@dataclass(frozen=True, kw_only=True)
class RatesParams:
    """Which metrics to report."""

    metrics: Annotated[tuple[str, ...], Doc("metrics to report; default: all that the target allows")] = ()
    calibration_bins: Annotated[
        CalibrationBins,
        Doc(
            "bins of equal weight by rank, or made of whole hundredths of the score, which an engine can count"
        ),
    ] = "equal_weight"

"""The parameters of `rates`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from annotated_doc import Doc


@dataclass(frozen=True, kw_only=True)
class RatesParams:
    """Which metrics to report, and within what."""

    metrics: Annotated[tuple[str, ...], Doc("metrics to report; default: all that the target allows")] = ()
    given: Annotated[
        tuple[str, ...], Doc("columns within whose values selection is compared too, such as the department")
    ] = ()
